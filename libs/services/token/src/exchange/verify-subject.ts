import { decodeJwt } from '@corsac/jwt';
import { chooseExchangeCase, isIssuerOfTrack, labelOfJwt, refuse, type OAuthError } from '@corsac/oauth';
import { fail, type Outcome } from '@corsac/outcome';
import type { AccessTokens } from '../access-tokens/access-tokens.js';
import { verifyByTrust } from './jwt-trust.js';
import type { ProviderReader } from './provider-facts.js';
import { sameTrack } from './same-track.js';
import type { VerifiedSubject, VerifySubject } from './subject.js';
import { jwtTrusts, withAway } from './trusts.js';

const refused = (detail: string): Outcome<VerifiedSubject, OAuthError> =>
  refuse('invalid_request', 'the token is not accepted', detail);

/**
 * A subject or actor token that is a JWT. What it says of itself only chooses the rule: the track's own tokens before any trust,
 * then exactly one trust by issuer and audience.
 */
export const verifyJwtSubject = (tokens: AccessTokens, reader: ProviderReader): VerifySubject => {
  const own = sameTrack(tokens);
  return async (token, context) => {
    const decoded = decodeJwt(token);
    const label = decoded.ok ? labelOfJwt(decoded.value.claims) : undefined;
    if (!label) return refused('it is no JWT with issuer and audience');
    const { track } = context.party.issuers;
    if (isIssuerOfTrack(label.issuer, track)) return own(token, context);
    const { trusts, away } = await jwtTrusts(context.party, reader);
    const chosen = chooseExchangeCase(label, 'jwt', trusts, track);
    if (!chosen.ok) return fail(withAway(chosen.error, away));
    if (chosen.value.kind === 'same_track') return own(token, context);
    return verifyByTrust(token, chosen.value.trust, { now: context.now, reader });
  };
};

import { audiencesOf } from '@corsac/jwt';
import { tokenClaims } from '@corsac/model';
import { checkMeantFor, refuse } from '@corsac/oauth';
import { ok } from '@corsac/outcome';
import type { AccessTokens } from '../access-tokens/access-tokens.js';
import type { VerifySubject } from './subject.js';

/** Claims that say how the subject token came to be; the new one comes to be otherwise. Reference 5.3. */
const leftBehind: ReadonlySet<string> = new Set([
  ...tokenClaims,
  'act',
  'may_act',
  'auth_method',
  'auth_method_type',
  'auth_method_issuer',
  'up_party',
  'up_party_type',
]);

/** An access token of this track: by its keys, not ended, and meant for the exchanging client. Spec 5, first row. */
export const sameTrack =
  (tokens: AccessTokens): VerifySubject =>
  async (token, { party, now }) => {
    const verified = await tokens.verify(token, { name: party.name, issuer: party.issuers.track, now });
    if (!verified.ok) return refuse('invalid_request', 'the token is not accepted', verified.error);
    const { claims, grant_id } = verified.value;
    const meant = checkMeantFor(audiencesOf(claims) ?? [], party.client.name);
    if (!meant.ok) return meant;
    const { act, may_act } = claims;
    return ok({
      claims: Object.fromEntries(Object.entries(claims).filter(([claim]) => !leftBehind.has(claim))),
      sub: String(claims['sub']),
      ...(act !== undefined && { act }),
      ...(may_act !== undefined && { may_act }),
      ...(grant_id !== undefined && { grant_id }),
    });
  };

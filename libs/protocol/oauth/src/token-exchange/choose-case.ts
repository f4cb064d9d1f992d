import { audiencesOf, type JsonObject } from '@corsac/jwt';
import { ok, type Outcome } from '@corsac/outcome';
import { refuse, type OAuthError } from '../errors.js';
import { shown, shownAll } from '../shown.js';

/** An up-party as token exchange sees it. */
export interface ExchangeTrust {
  readonly name: string;
  /** Which tokens it can vouch for. */
  readonly kind: 'oidc' | 'oauth2' | 'saml2';
  /** Issuers it stands for, compared exactly. */
  readonly issuers: readonly string[];
  /** The audience that its tokens must name. */
  readonly sp_issuer: string;
}

/** Which rule a subject token falls under. */
export type ExchangeCase<Trust extends ExchangeTrust> =
  { readonly kind: 'same_track' } | { readonly kind: 'trust'; readonly trust: Trust };

/** What the unverified token says about itself: only used to choose with whose keys it must verify. */
export interface TokenLabel {
  readonly issuer: string;
  readonly audiences: readonly string[];
}

/** The label of a JWT from its unverified claims. @returns nothing when it names no issuer or its audience is malformed */
export const labelOfJwt = (claims: JsonObject): TokenLabel | undefined => {
  const issuer = claims['iss'];
  const audiences = audiencesOf(claims);
  return typeof issuer === 'string' && audiences ? { issuer, audiences } : undefined;
};

/** Tells whether an issuer is the track or the address of one of its parties: one segment under it, bindings included. */
export const isIssuerOfTrack = (issuer: string, track: string): boolean => {
  if (issuer === track) return true;
  return issuer.startsWith(`${track}/`) && /^[a-z0-9_.,()~*-]+$/.test(issuer.slice(track.length + 1));
};

/**
 * Chooses the rule for a subject or actor token. The track's own tokens come before any trust; otherwise exactly one trust that the
 * client allows must match by issuer and expected audience. Two are never guessed between. RFC 8693 2.2.2.
 * @param form `saml2` only matches SAML up-parties, `jwt` the others
 * @param trusts up-parties that the client allows for token exchange
 */
export const chooseExchangeCase = <Trust extends ExchangeTrust>(
  label: TokenLabel,
  form: 'jwt' | 'saml2',
  trusts: readonly Trust[],
  track: string,
): Outcome<ExchangeCase<Trust>, OAuthError> => {
  if (form === 'jwt' && isIssuerOfTrack(label.issuer, track)) return ok({ kind: 'same_track' });
  const matching = trusts.filter(
    (trust) =>
      (trust.kind === 'saml2') === (form === 'saml2') &&
      trust.issuers.includes(label.issuer) &&
      label.audiences.includes(trust.sp_issuer),
  );
  const [trust] = matching;
  if (!trust) return refuse('invalid_request', 'the token is not accepted', mismatch(label, trusts));
  return matching.length === 1
    ? ok({ kind: 'trust', trust })
    : refuse('invalid_request', 'the token is not accepted', tie(matching));
};

const mismatch = ({ issuer, audiences }: TokenLabel, trusts: readonly ExchangeTrust[]): string => {
  const taken = trusts.map(
    (trust) => `${trust.name} takes ${trust.kind} tokens of ${shownAll(trust.issuers)} for ${shown(trust.sp_issuer)}`,
  );
  const choice = taken.length > 0 ? taken.join('; ') : 'it allows none for token exchange';
  return `no up-party of the client trusts a token of ${shown(issuer)} for ${shownAll(audiences)}: ${choice}`;
};

const tie = (trusts: readonly ExchangeTrust[]): string =>
  `several up-parties match, ${trusts.map(({ name }) => name).join(' and ')}: let the client allow one of them, or give them different sp_issuer`;

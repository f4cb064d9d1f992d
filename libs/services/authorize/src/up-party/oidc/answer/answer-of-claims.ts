import type { UpstreamSession } from '@corsac/contracts';
import type { JsonObject } from '@corsac/jwt';
import { limitFault, type Claims, type OidcUpParty } from '@corsac/model';
import { fail, ok, type Outcome } from '@corsac/outcome';
import type { LoginFailed } from '../../../sequence/sequence.js';
import type { UpPartyAnswer } from '../../accept-answer.js';
import { failedAt } from './provider-failures.js';

/** What a provider said about a user, every part of it checked. */
export interface CheckedIdentity {
  readonly id_token: string;
  /** Claims of the ID token. */
  readonly token_claims: JsonObject;
  readonly access_token?: string | undefined;
  /** Claims of UserInfo, where they count. */
  readonly user_info?: JsonObject | undefined;
}

/** Longest ID token that a session keeps as a hint for the logout, and longest session name, in characters. */
const longestHint = 10_000;
const longestSid = 500;

/** Claims that are the middle's to make: what a provider says under these names is not passed on as ours. */
const ownTypes: ReadonlySet<string> = new Set([
  'sid',
  'sub_format',
  'access_token',
  'auth_method',
  'auth_method_type',
  'auth_method_issuer',
  'up_party',
  'up_party_type',
  '__proto__',
]);

/**
 * Turns a provider's words into the middle's: the subject with the up-party's name before it, so that no two providers can
 * mean the same user, and claims of this up-party's own. Too many or too large claims are an error here, not cut.
 */
export const answerOf = (
  party: OidcUpParty,
  identity: CheckedIdentity,
  now: number,
): Outcome<UpPartyAnswer, LoginFailed> => {
  const { token_claims, user_info, access_token } = identity;
  const issuer = token_claims['iss'] as string;
  const claims: Claims = {
    ...passedOn(user_info ?? token_claims),
    auth_method_issuer: `${party.name}|${issuer}`,
    // A provider's token is a secret: it goes on only where the up-party's list names it, `*` alone does not.
    ...(access_token !== undefined &&
      party.claims.includes('access_token') && { access_token: `${party.name}|${access_token}` }),
  };
  const fault = limitFault(claims);
  if (fault !== undefined)
    return fail(failedAt(party, 'server_error', 'the claims of the identity provider are too large', fault));
  const acr = token_claims['acr'];
  return ok({
    sub: `${party.name}|${token_claims['sub'] as string}`,
    claims,
    auth_time: authTimeOf(token_claims['auth_time'], now),
    amr: amrOf(token_claims['amr']),
    ...(typeof acr === 'string' && acr !== '' && { acr }),
    upstream: upstreamOf(identity, issuer),
  });
};

const passedOn = (claims: JsonObject): Claims =>
  Object.fromEntries(Object.entries(claims).filter(([type, value]) => value !== null && !ownTypes.has(type)));

/** A provider whose clock runs ahead cannot make a sign-in of tomorrow. */
const authTimeOf = (auth_time: unknown, now: number): number =>
  typeof auth_time === 'number' && auth_time > 0 ? Math.min(Math.floor(auth_time), now) : now;

const amrOf = (amr: unknown): readonly string[] =>
  (Array.isArray(amr) ? amr : [amr]).filter((method): method is string => typeof method === 'string' && method !== '');

/** What the provider calls this session, by which its logout finds ours. */
const upstreamOf = ({ token_claims, id_token }: CheckedIdentity, issuer: string): UpstreamSession => {
  const sid = token_claims['sid'];
  return {
    issuer,
    sub: token_claims['sub'] as string,
    ...(typeof sid === 'string' && sid !== '' && sid.length <= longestSid && { sid }),
    ...(id_token.length <= longestHint && { id_token }),
  };
};

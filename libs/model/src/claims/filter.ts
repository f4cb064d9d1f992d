import { everyClaim, type Claims, type Json } from './claims.js';
import { valuesOf, withValues } from './values.js';

/** Claims that every up-party passes on without being asked, reference 7.4. */
export const forwardDefaults: readonly string[] = [
  'sub',
  'sid',
  'auth_time',
  'acr',
  'amr',
  'auth_method',
  'auth_method_type',
  'auth_method_issuer',
  'up_party',
  'up_party_type',
  'sub_format',
];

/** Claims of a token that say something about that token and never pass on, not even with `*`, reference 7.4. */
export const tokenClaims: readonly string[] = [
  'iss',
  'client_id',
  'aud',
  'scope',
  'exp',
  'nbf',
  'iat',
  'jti',
  'nonce',
  'azp',
  'at_hash',
  'c_hash',
  's_hash',
  'typ',
  'cnf',
  'events',
];

/** Claims that every access token may carry, reference 2.9. `jti`, `exp` and their like are the issuer's own. */
export const accessTokenDefaults: readonly string[] = [
  'sub',
  'sid',
  'auth_time',
  'acr',
  'amr',
  'act',
  'auth_method',
  'auth_method_type',
  'auth_method_issuer',
  'up_party',
  'up_party_type',
  'sub_format',
];

/** Claims that every ID token may carry, reference 2.9. */
export const idTokenDefaults: readonly string[] = accessTokenDefaults.filter((type) => type !== 'act');

const pick = (claims: Claims, types: ReadonlySet<string>): Claims =>
  Object.fromEntries(Object.entries(claims).filter(([type]) => types.has(type)));

const all = (claims: Claims): Claims =>
  Object.fromEntries(Object.entries(claims).filter(([type]) => !tokenClaims.includes(type)));

/**
 * What of an up-party's claims passes on to the down-parties: the standard ones and those of its forward list; with `*`
 * everything that does not belong to the token it came in.
 */
export const forwardClaims = (claims: Claims, list: readonly string[]): Claims =>
  list.includes(everyClaim)
    ? all(claims)
    : pick(claims, new Set([...forwardDefaults, ...list.filter((type) => !tokenClaims.includes(type))]));

/** One entry of an issue list: a claim type or `*`, and values that are always there. */
export interface IssueEntry {
  readonly claim: string;
  readonly values?: readonly Json[];
}

const addConstants = (claims: Claims, entries: readonly IssueEntry[]): Claims =>
  entries.reduce((current, { claim, values = [] }) => {
    const present = valuesOf(current, claim).map((value) => JSON.stringify(value));
    const missing = values.filter((value) => !present.includes(JSON.stringify(value)));
    return missing.length > 0 ? withValues(current, claim, [...valuesOf(current, claim), ...missing]) : current;
  }, claims);

/**
 * What of the claims in the middle reaches a token, assertion or linked track, reference 2.9: the defaults, the listed ones, with `*`
 * everything but what belongs to the token they came in; then constant values are added to what is there.
 * @param defaults claims that need no entry, for example `accessTokenDefaults`
 */
export const issueClaims = (claims: Claims, entries: readonly IssueEntry[], defaults: readonly string[]): Claims => {
  const listed = entries.map(({ claim }) => claim);
  const passed = listed.includes(everyClaim) ? all(claims) : pick(claims, new Set([...defaults, ...listed]));
  return addConstants(passed, entries);
};

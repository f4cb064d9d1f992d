import type { Json, JsonObject } from '@corsac/jwt';
import type { ClaimRequest } from '../authorization-request/request-types.js';
import type { Client, IssueClaim } from '../client/client.js';
import { isEmptyClaim, typedClaim } from './claim-types.js';

/**
 * Claims that a token is built with. They are set by the builders alone: whatever a user record, an upstream token or a transform
 * brings under these names stays outside. RFC 7519 4.1, RFC 9068 2.2, RFC 8693 4.
 */
export const protocolClaims: ReadonlySet<string> = new Set(
  'iss aud exp nbf iat jti nonce azp at_hash c_hash s_hash client_id scope cnf events act may_act typ'.split(' '),
);

/** Claims about the sign-in rather than the user; every token of a user carries those that are there. Reference 2.9. */
export const sessionClaims = [
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
] as const;

const notUserClaims: ReadonlySet<string> = new Set([...protocolClaims, ...sessionClaims]);

/** Which token is filled. `everything` is an ID token without an access token beside it, OIDC Core 5.4. */
export type IssueTarget = 'access_token' | 'id_token' | 'everything';

/** What decides about the user's claims of one token. */
export interface IssueRules {
  readonly client: Client;
  /** Granted scopes. */
  readonly scope: readonly string[];
  readonly target: IssueTarget;
  /** Members of the `claims` parameter that speak of this token. OIDC Core 5.5. */
  readonly requested?: Readonly<Record<string, ClaimRequest>>;
}

/**
 * The user's claims for a token: those of the issue list, those that the granted scopes bring, those asked for by name if the
 * client may have them at all, and the constant values. Session and protocol claims are not among them. Reference 2.9.
 */
export const issueClaims = (claims: JsonObject, rules: IssueRules): Record<string, Json> => {
  const { names, all, constants } = issueListOf(rules);
  const issued: Record<string, Json> = {};
  for (const claim of all ? Object.keys(claims) : names) add(issued, claim, claims[claim]);
  for (const claim of Object.keys(rules.requested ?? {})) {
    if (mayEverHave(rules.client, claim)) add(issued, claim, claims[claim]);
  }
  for (const { claim, values } of constants) issued[claim] = merged(issued[claim], values);
  return issued;
};

/** Adds to what is issued the claims about the sign-in that are there, with their JSON types. */
export const addSessionClaims = (issued: Record<string, Json>, claims: JsonObject): void => {
  for (const claim of sessionClaims) {
    const value = claims[claim];
    if (!isEmptyClaim(value)) issued[claim] = typedClaim(claim, value as Json);
  }
};

/** Only the user's claims of a token: what UserInfo may answer. */
export const userClaimsOf = (claims: JsonObject): Record<string, Json> => {
  const user: Record<string, Json> = {};
  for (const [claim, value] of Object.entries(claims)) add(user, claim, value);
  return user;
};

const add = (issued: Record<string, Json>, claim: string, value: Json | undefined): void => {
  if (notUserClaims.has(claim) || claim === '__proto__' || isEmptyClaim(value)) return;
  issued[claim] = typedClaim(claim, value as Json);
};

interface IssueList {
  readonly names: readonly string[];
  readonly all: boolean;
  readonly constants: readonly IssueClaim[];
}

const lists = new WeakMap<Client, Map<string, IssueList>>();

/** Bound of the lists kept per client: the order of scopes is the client's, so there can be many. */
const mostLists = 64;

const issueListOf = ({ client, scope, target }: IssueRules): IssueList => {
  let perClient = lists.get(client);
  if (!perClient) lists.set(client, (perClient = new Map()));
  const key = `${target} ${scope.join(' ')}`;
  let list = perClient.get(key);
  if (!list) {
    if (perClient.size >= mostLists) perClient.clear();
    perClient.set(key, (list = makeIssueList(client, scope, target)));
  }
  return list;
};

const makeIssueList = (client: Client, scope: readonly string[], target: IssueTarget): IssueList => {
  const counts = (entry: { in_id_token: boolean }) => target !== 'id_token' || entry.in_id_token;
  const entries = client.claims.filter(counts);
  const voluntary = client.scopes
    .filter((one) => scope.includes(one.scope))
    .flatMap((one) => one.voluntary_claims.filter(counts).map(({ claim }) => claim));
  return {
    names: [...new Set([...entries.map(({ claim }) => claim).filter((claim) => claim !== '*'), ...voluntary])],
    all: entries.some(({ claim }) => claim === '*'),
    constants: entries.filter(({ claim, values }) => values.length > 0 && !notUserClaims.has(claim)),
  };
};

const mayEverHave = (client: Client, claim: string): boolean =>
  client.claims.some((entry) => entry.claim === claim || entry.claim === '*') ||
  client.scopes.some((scope) => scope.voluntary_claims.some((entry) => entry.claim === claim));

/** Constant values join what the user has; one value stands alone, several are a list. */
const merged = (present: Json | undefined, values: readonly Json[]): Json => {
  const all = [...(present === undefined ? [] : [present].flat()), ...values] as Json[];
  const distinct = all.filter((value, index) => all.findIndex((other) => isSame(other, value)) === index);
  return distinct.length === 1 ? (distinct[0] as Json) : distinct;
};

const isSame = (a: Json, b: Json): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

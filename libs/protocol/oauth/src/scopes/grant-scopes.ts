import { ok, type Outcome } from '@corsac/outcome';
import type { Client } from '../client/client.js';
import { refuse, type OAuthError } from '../errors.js';
import { shown } from '../shown.js';
import { identityOf, scopeIndexOf, type ScopeMeaning } from './scope-index.js';

/** What was granted. Plain data: it is kept with codes and refresh grants. */
export interface ScopeGrant {
  /** Every granted scope in the spelling in which it was asked. */
  readonly scope: readonly string[];
  /** Resources that were selected, in the order of the client's whitelist. */
  readonly resources: readonly string[];
  /** True when a scope of a resource, not only its name, was granted. */
  readonly resource_scope: boolean;
  /** True when the client named its targets itself (RFC 8707 or RFC 8693): then they alone are the audience. */
  readonly targeted: boolean;
}

/** What is asked. */
export interface ScopeRequest {
  /** Words of `scope`. */
  readonly scope: readonly string[];
  /** Names of resources that the request is limited to, from `resource` or `audience`. */
  readonly targets?: readonly string[];
  /** No user is there: `openid` and `offline_access` mean nothing and are left out. */
  readonly withoutUser?: boolean;
  /** No code is issued, so there can be no refresh token: `offline_access` is left out. OIDC Core 11. */
  readonly withoutCode?: boolean;
}

/**
 * Turns requested scopes into granted ones. A scope that the client does not have refuses the whole request; a resource scope
 * outside the targets is left out, and the answer's `scope` tells so (RFC 6749 3.3, RFC 8707 2.1).
 * @returns the grant, or `invalid_scope`
 */
export const grantScopes = (client: Client, request: ScopeRequest): Outcome<ScopeGrant, OAuthError> => {
  const { targets } = request;
  const index = scopeIndexOf(client);
  const scope: string[] = [];
  const named: string[] = [];
  let resource_scope = false;
  for (const word of request.scope) {
    if (isIgnored(word, client, request)) continue;
    const meaning = index.get(word);
    if (!meaning) return refuseScope(word, client);
    if (!isInTargets(meaning, targets)) continue;
    scope.push(word);
    if (meaning.kind !== 'client') named.push(meaning.resource);
    if (meaning.kind === 'resource_scope') resource_scope = true;
  }
  const selected = new Set(targets ?? named);
  const resources = client.resource_scopes.map(({ resource }) => resource).filter((one) => selected.has(one));
  return ok({ scope, resources, resource_scope, targeted: targets !== undefined });
};

const refuseScope = (word: string, { name }: Client) =>
  refuse(
    'invalid_scope',
    'a requested scope is not allowed for the client',
    `neither scopes nor resource_scopes of ${name} have ${shown(word)}`,
  );

/**
 * The scopes that count when `scope` was left out in a request without a user, a pre-defined default as RFC 6749 3.3 allows:
 * all whitelisted scopes of the named targets; without targets nothing for a client that is its own audience, else the whitelist.
 */
export const defaultScope = (client: Client, targets?: readonly string[]): string[] => {
  const isOwnAudience = client.resource_scopes.some(({ resource }) => resource === client.name);
  if (!targets && isOwnAudience) return [];
  return client.resource_scopes
    .filter(({ resource }) => !targets || targets.includes(resource))
    .flatMap(({ resource, scopes }) => scopes.map((scope) => `${resource}.${scope}`));
};

/**
 * Grants again from an earlier grant, for a refresh or a code: never more than before, never more than the client has now.
 * @param earlier the scopes granted first
 * @param request what is asked now; an empty `scope` asks for everything, `targets` must lie inside the earlier resources
 * @returns the narrower grant, `invalid_scope` or `invalid_target`. RFC 6749 6, RFC 8707 2.2
 */
export const regrantScopes = (
  client: Client,
  earlier: ScopeGrant,
  request: ScopeRequest,
): Outcome<ScopeGrant, OAuthError> => {
  const index = scopeIndexOf(client);
  if (request.scope.length > 0 && isBeyond(request.scope, earlier.scope, index))
    return refuse('invalid_scope', 'scope goes beyond what was granted');
  const before = request.targets && resourcesIn(client, earlier);
  if (request.targets?.some((target) => !before?.includes(target)))
    return refuse('invalid_target', 'resource goes beyond what was granted');
  const targets = request.targets ?? (earlier.targeted ? earlier.resources : undefined);
  const asked = request.scope.length > 0 ? request.scope : earlier.scope;
  const still = asked.filter((word) => index.has(word));
  return grantScopes(client, { ...request, scope: still, targets });
};

/** Resources of an earlier grant; a client that is its own audience may always name itself. */
const resourcesIn = (client: Client, grant: ScopeGrant): readonly string[] =>
  grant.targeted || grant.resource_scope ? grant.resources : [...grant.resources, client.name];

/** Whether something is asked that was not granted, in either spelling of a resource scope. */
const isBeyond = (
  asked: readonly string[],
  granted: readonly string[],
  index: ReadonlyMap<string, ScopeMeaning>,
): boolean => {
  const had = new Set(granted);
  const identities = new Set(granted.flatMap((word) => identityIn(index, word) ?? []));
  return asked.some((word) => !had.has(word) && !identities.has(identityIn(index, word) ?? ''));
};

const identityIn = (index: ReadonlyMap<string, ScopeMeaning>, word: string): string | undefined => {
  const meaning = index.get(word);
  return meaning && identityOf(meaning);
};

const isIgnored = (word: string, client: Client, request: ScopeRequest): boolean => {
  if (word === 'openid') return request.withoutUser === true;
  if (word !== 'offline_access') return false;
  return request.withoutUser === true || request.withoutCode === true || !client.grant_types.includes('refresh_token');
};

const isInTargets = (meaning: ScopeMeaning, targets: readonly string[] | undefined): boolean =>
  targets === undefined || meaning.kind === 'client' || targets.includes(meaning.resource);

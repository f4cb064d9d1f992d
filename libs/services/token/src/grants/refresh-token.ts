import { ok, type Outcome } from '@corsac/outcome';
import {
  invalidRefreshToken,
  parseScope,
  readRefreshRequest,
  refuse,
  regrantScopes,
  resolveTargets,
  type OAuthError,
  type Parameters,
  type RefreshTokenParts,
  type ScopeGrant,
} from '@corsac/oauth';
import type { EndedFeed } from '../ended/feed.js';
import type { EndedMemory } from '../ended/ended-memory.js';
import type { RefreshGrants } from '../refresh-grants/refresh-grants.js';
import type { SignInGrant } from '../refresh-grants/grant-store.js';
import type { Grant, GrantRequest } from './grant.js';
import { orderOf } from './sign-in-order.js';

export interface RefreshTokenGrantParts {
  readonly memory: Pick<EndedMemory, 'has'>;
  readonly feed: Pick<EndedFeed, 'fresh'>;
  readonly refreshGrants: RefreshGrants;
}

/**
 * RFC 6749 6. What can be refused without the store is refused first: a rotation that leads nowhere would cost the client its
 * grant. A narrower scope or target is therefore judged before the rotation, which costs one more read only for who asks so.
 */
export const refreshToken = ({ memory, feed, refreshGrants }: RefreshTokenGrantParts): Grant => {
  const isEnded = ({ party }: GrantRequest, grant_id: string, sid?: string): boolean =>
    memory.has(party.name.tenant, party.name.track, { grant_id, sid });

  const narrowed = async (
    request: GrantRequest,
    { grant_id }: RefreshTokenParts,
  ): Promise<Outcome<unknown, OAuthError>> => {
    const grant = await refreshGrants.find(request.party, grant_id);
    // What is wrong with the grant itself is said by the rotation.
    if (!grant || grant.ended || grant.client_id !== request.party.client.name) return ok();
    return scopesOf(grant.granted, request);
  };

  return async (request) => {
    const { parameters } = request;
    const asked = readRefreshRequest(parameters);
    if (!asked.ok) return asked;
    const parts = refreshGrants.read(asked.value.refresh_token);
    if (!parts) return invalidRefreshToken('not one of ours');
    if (!feed.fresh)
      return refuse('temporarily_unavailable', 'try again in a moment', 'the feed of ended sessions is lost');
    if (isEnded(request, parts.grant_id)) return invalidRefreshToken('its grant has ended');
    const allowed = isNarrower(parameters) ? await narrowed(request, parts) : ok();
    if (!allowed.ok) return allowed;
    const used = await refreshGrants.use(parts, request);
    if (!used.ok) return used;
    const { grant, refresh_token } = used.value;
    if (isEnded(request, grant.grant_id, grant.sid)) return invalidRefreshToken('its session has ended');
    const scopes = scopesOf(grant.granted, request);
    if (!scopes.ok) return scopes;
    return ok(orderOf(grant.granted, request, scopes.value, { refresh_token }));
  };
};

const isNarrower = ({ values, lists }: Parameters): boolean => values.has('scope') || lists.resource.length > 0;

const scopesOf = (granted: SignInGrant, { party, parameters }: GrantRequest): Outcome<ScopeGrant, OAuthError> => {
  const targets = resolveTargets(parameters.lists.resource, party.client, party.issuers.track);
  if (!targets.ok) return targets;
  const scope = parseScope(parameters.values.get('scope'));
  return scope.ok ? regrantScopes(party.client, granted.scopes, { scope: scope.value, targets: targets.value }) : scope;
};

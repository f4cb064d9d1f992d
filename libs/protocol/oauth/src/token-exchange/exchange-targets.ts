import { ok, type Outcome } from '@corsac/outcome';
import type { Client } from '../client/client.js';
import type { OAuthError } from '../errors.js';
import { resolveTargets } from '../scopes/audience.js';
import { defaultScope, grantScopes, type ScopeGrant } from '../scopes/grant-scopes.js';
import type { ExchangeRequest } from './exchange-request.js';

/**
 * What an exchange gives: targets of `resource` and `audience` inside the client's whitelist, scopes inside the targets. Without
 * `scope` all whitelisted scopes of the named targets. RFC 8693 2.1, RFC 8707 2.2.
 * @returns the grant; `invalid_target` or `invalid_scope` for anything outside the whitelist
 */
export const grantToExchange = (
  request: ExchangeRequest,
  client: Client,
  track: string,
): Outcome<ScopeGrant, OAuthError> => {
  const targets = resolveTargets([...request.resource, ...request.audience], client, track);
  if (!targets.ok) return targets;
  const scope = request.scope ?? defaultScope(client, targets.value);
  const grant = grantScopes(client, { scope, targets: targets.value, withoutCode: true });
  return grant.ok ? ok(grant.value) : grant;
};

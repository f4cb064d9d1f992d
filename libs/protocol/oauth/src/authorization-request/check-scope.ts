import { ok } from '@corsac/outcome';
import type { ResponseType } from '../client/client.js';
import { refuse } from '../errors.js';
import { resolveTargets } from '../scopes/audience.js';
import { grantScopes } from '../scopes/grant-scopes.js';
import { parseScope } from '../scopes/scope-text.js';
import { respondsWith } from './check-response.js';
import type { Check } from './request-types.js';

/** `openid` is required, as a whole word; every other scope must be the client's. OIDC Core 3.1.2.1, RFC 8707 2.1. */
export const checkScope: Check = (parameters, { client, issuers, found }) => {
  const scope = parseScope(parameters.values.get('scope'));
  if (!scope.ok) return scope;
  if (!scope.value.includes('openid')) return refuse('invalid_scope', 'scope must contain openid');
  const targets = resolveTargets(parameters.lists.resource, client, issuers.track);
  if (!targets.ok) return targets;
  const withoutCode = !respondsWith(found.response_type as ResponseType, 'code');
  const grant = grantScopes(client, { scope: scope.value, targets: targets.value, withoutCode });
  return grant.ok ? ok({ grant: grant.value }) : grant;
};

/** An ID token that passes through the browser needs a nonce to be bound to it. OIDC Core 3.2.2.1, 3.3.2.11. */
export const checkNonce: Check = (parameters, { found }) => {
  const nonce = parameters.values.get('nonce');
  if (nonce === undefined && respondsWith(found.response_type as ResponseType, 'id_token')) {
    return refuse('invalid_request', 'nonce is required with this response_type');
  }
  return ok(nonce === undefined ? {} : { nonce });
};

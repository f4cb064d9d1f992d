import type { Outcome } from '@corsac/outcome';
import type { Client } from '../client/client.js';
import type { OAuthError } from '../errors.js';
import type { Parameters } from '../parameters/parse-parameters.js';
import { resolveTargets } from '../scopes/audience.js';
import { defaultScope, grantScopes, type ScopeGrant } from '../scopes/grant-scopes.js';
import { parseScope } from '../scopes/scope-text.js';

/** Subject of a client that acts for itself; no user can have it. Reference 2.8, RFC 9068 2.2 and 5. */
export const clientSubject = (client_id: string): string => `c_${client_id}`;

/** What a client gets for itself: the scopes asked, or its default ones. RFC 6749 4.4.2, RFC 8707 2.2. */
export const grantToClient = (
  parameters: Parameters,
  client: Client,
  track: string,
): Outcome<ScopeGrant, OAuthError> => {
  const targets = resolveTargets(parameters.lists.resource, client, track);
  if (!targets.ok) return targets;
  const asked = parseScope(parameters.values.get('scope'));
  if (!asked.ok) return asked;
  const scope = parameters.values.has('scope') ? asked.value : defaultScope(client, targets.value);
  return grantScopes(client, { scope, targets: targets.value, withoutUser: true });
};

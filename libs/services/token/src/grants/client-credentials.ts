import { ok, type Outcome } from '@corsac/outcome';
import { transformClaims } from '@corsac/model';
import { clientSubject, grantToClient, refuse, type OAuthError, type Parameters, type ScopeGrant } from '@corsac/oauth';
import { randomName } from '@corsac/random';
import type { AddressedParty } from '../party/addressed-party.js';
import type { Grant } from './grant.js';

/** A client acts for itself. RFC 6749 4.4: no user, so neither ID nor refresh token; no store and no other service is asked. */
export const clientCredentials: Grant = ({ party, parameters, now }) => {
  const { client, issuers } = party;
  const scopes = scopesFor(party, parameters);
  if (!scopes.ok) return scopes;
  const claims = { sub: clientSubject(client.name), auth_time: now };
  const grant_id = randomName(16);
  if (client.claim_transforms.length === 0) return ok({ issuers, scopes: scopes.value, claims, grant_id });
  const transformed = transformClaims(claims, client.claim_transforms);
  if (!transformed.ok) {
    return refuse('invalid_request', `the claim transform ${transformed.error.rule} failed`, transformed.error.message);
  }
  return ok({ issuers, scopes: scopes.value, claims: transformed.value.claims, grant_id });
};

const granted = new WeakMap<AddressedParty['client'], Map<string, ScopeGrant>>();
/** A client asks for the same scopes again and again, but an odd one could ask for every combination. */
const mostGrants = 32;

/** What was granted for a `scope` once is granted again, as long as the client is the same version. */
const scopesFor = ({ client, issuers }: AddressedParty, parameters: Parameters): Outcome<ScopeGrant, OAuthError> => {
  if (parameters.lists.resource.length > 0) return grantToClient(parameters, client, issuers.track);
  let known = granted.get(client);
  if (!known) granted.set(client, (known = new Map()));
  const scope = parameters.values.get('scope') ?? '';
  const before = known.get(scope);
  if (before) return ok(before);
  const made = grantToClient(parameters, client, issuers.track);
  if (made.ok && known.size < mostGrants) known.set(scope, made.value);
  return made;
};

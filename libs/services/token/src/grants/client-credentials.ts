import { ok } from '@corsac/outcome';
import { transformClaims } from '@corsac/model';
import { clientSubject, grantIdOf, grantToClient, refuse } from '@corsac/oauth';
import { fewRandomBytes } from '../issue/random-bytes.js';
import type { Grant } from './grant.js';

/** A client acts for itself. RFC 6749 4.4: no user, so neither ID nor refresh token; no store and no other service is asked. */
export const clientCredentials: Grant = ({ party, parameters, now }) => {
  const { client, issuers } = party;
  const scopes = grantToClient(parameters, client, issuers.track);
  if (!scopes.ok) return scopes;
  const claims = { sub: clientSubject(client.name), auth_time: now };
  const grant_id = grantIdOf(fewRandomBytes(16));
  if (client.claim_transforms.length === 0) return ok({ issuers, scopes: scopes.value, claims, grant_id });
  const transformed = transformClaims(claims, client.claim_transforms);
  if (!transformed.ok) {
    return refuse('invalid_request', `the claim transform ${transformed.error.rule} failed`, transformed.error.message);
  }
  return ok({ issuers, scopes: scopes.value, claims: transformed.value.claims, grant_id });
};

import type { Client } from './client.js';

/** A confidential OIDC client for specs: itself and two APIs in its whitelist, the usual scopes. */
export const clientOf = (changes: Partial<Client> = {}): Client => ({
  type: 'oidc',
  name: 'app',
  redirect_uris: ['https://app.example/cb'],
  response_types: ['code'],
  grant_types: ['authorization_code', 'refresh_token'],
  secrets: [{}],
  require_pkce: true,
  resource_scopes: [
    { resource: 'app', scopes: ['own'] },
    { resource: 'api1', scopes: ['read1', 'read2', 'some.access'] },
    { resource: 'api2', scopes: ['write'] },
  ],
  scopes: [
    { scope: 'offline_access', voluntary_claims: [] },
    {
      scope: 'profile',
      voluntary_claims: [
        { claim: 'name', in_id_token: true },
        { claim: 'birthdate', in_id_token: false },
        { claim: 'updated_at', in_id_token: false },
      ],
    },
    {
      scope: 'email',
      voluntary_claims: [
        { claim: 'email', in_id_token: true },
        { claim: 'email_verified', in_id_token: false },
      ],
    },
    { scope: 'address', voluntary_claims: [{ claim: 'address', in_id_token: true }] },
  ],
  claims: [],
  issuer: 'party',
  access_token_lifetime: 3600,
  dpop_bound_access_tokens: false,
  ...changes,
});

/** Addresses of the client above. */
export const issuers = { party: 'https://id.example/acme/-/app(login)', track: 'https://id.example/acme/-' };

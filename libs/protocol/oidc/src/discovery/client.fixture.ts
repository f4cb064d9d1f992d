import type { Client } from '@corsac/oauth';

/** A confidential OIDC client for specs. */
export const clientOf = (changes: Partial<Client> = {}): Client => ({
  type: 'oidc',
  name: 'app',
  redirect_uris: ['https://app.example/cb'],
  post_logout_redirect_uris: ['https://app.example/bye'],
  response_types: ['code'],
  grant_types: ['authorization_code', 'refresh_token'],
  secrets: [{}],
  require_pkce: true,
  resource_scopes: [
    { resource: 'app', scopes: [] },
    { resource: 'orders', scopes: ['read', 'write'] },
  ],
  scopes: [
    { scope: 'offline_access', voluntary_claims: [] },
    {
      scope: 'profile',
      voluntary_claims: [
        { claim: 'name', in_id_token: true },
        { claim: 'birthdate', in_id_token: false },
      ],
    },
  ],
  claims: [{ claim: 'role', values: [], in_id_token: false }],
  issuer: 'party',
  access_token_lifetime: 3600,
  dpop_bound_access_tokens: false,
  ...changes,
});

/** Addresses of the client above. */
export const issuers = { party: 'https://id.example/acme/-/app(login)', track: 'https://id.example/acme/-' };

import type { ResourceServer } from 'oidc-provider';

export type Alg = 'RS256' | 'ES256';

/** APIs that access tokens are for; other tokens are opaque, as UserInfo and introspection of the library take no JWT. */
export const api = 'https://api.test';
export const next = 'https://next.test';

/** A JWT for one of the APIs, an hour long. */
export const resourceServerOf = (resource: string, alg: Alg): ResourceServer => ({
  scope: resource === next ? 'read' : 'read write',
  audience: resource === next ? 'next' : 'api',
  accessTokenTTL: 3600,
  accessTokenFormat: 'jwt',
  jwt: { sign: { alg } },
});

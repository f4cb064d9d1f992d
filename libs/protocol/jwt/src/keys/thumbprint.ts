import { hash } from 'node:crypto';
import type { UntrustedJwk } from './key-types.js';

const requiredMembers: Readonly<Record<string, readonly string[]>> = {
  EC: ['crv', 'kty', 'x', 'y'],
  OKP: ['crv', 'kty', 'x'],
  RSA: ['e', 'kty', 'n'],
};

/**
 * SHA-256 thumbprint of a public key, base64url: the required members only, in lexical order, without white space.
 * RFC 7638 3, RFC 8037 2. The same key has the same thumbprint whatever else its JWK holds.
 * @throws for a key type without a thumbprint here: callers have checked `kty`
 */
export const thumbprint = (jwk: UntrustedJwk): string => {
  const members = requiredMembers[String(jwk['kty'])];
  if (!members) throw new Error('a thumbprint needs an EC, OKP or RSA key');
  const canonical = JSON.stringify(Object.fromEntries(members.map((member) => [member, jwk[member]])));
  return hash('sha256', canonical, 'base64url');
};

import { hash } from 'node:crypto';
import type { SigningAlg } from './algorithms.js';

/**
 * `at_hash` and `c_hash`: the left half of the hash of the ASCII text, base64url. The hash is that of the ID token's algorithm:
 * SHA-256 for RS256, PS256 and ES256, SHA-512 for EdDSA with Ed25519. OIDC Core 3.1.3.6, 3.3.2.11.
 * @param text the access token or the code as it is sent
 */
export const tokenHash = (text: string, alg: SigningAlg): string => {
  const digest = hash(alg === 'EdDSA' ? 'sha512' : 'sha256', text, 'hex');
  return Buffer.from(digest.slice(0, digest.length / 2), 'hex').toString('base64url');
};

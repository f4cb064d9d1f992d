import { createPublicKey, type KeyObject } from 'node:crypto';
import { fail, ok, type Outcome } from '@corsac/outcome';
import { isSigningAlg, keyShapes, signingAlgs, type SigningAlg } from '../algorithms.js';
import type { JwtError } from '../errors.js';
import { isJsonObject } from '../json.js';
import type { UntrustedJwk, VerificationKey } from './key-types.js';

/** Bounds of a key set from outside: a provider with more keys than this is not believed. */
export const jwksLimits = {
  keys: 50,
  kid: 512,
  memberCharacters: 2_048,
  rsaBitsLeast: 2_048,
  rsaBitsMost: 8_192,
} as const;

const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/**
 * Reads a JWK Set. Keys that are of no use here (other type, curve or algorithm, for encryption, RSA under 2048 bits) are left
 * out, as RFC 7517 5 asks; a set that is no set, or too large, is refused. Members like `x5u` are never followed.
 * @param document the parsed JSON, from anywhere
 * @returns the usable keys, perhaps none; refused with `key_set_invalid`
 */
export const parseJwks = (document: unknown): Outcome<VerificationKey[], JwtError> => {
  const keys = isJsonObject(document) ? document['keys'] : undefined;
  if (!Array.isArray(keys))
    return fail({ code: 'key_set_invalid', message: 'a JWK Set is an object with an array "keys"' });
  if (keys.length > jwksLimits.keys) {
    return fail({ code: 'key_set_invalid', message: `a JWK Set may hold at most ${jwksLimits.keys} keys` });
  }
  return ok(keys.flatMap((jwk: unknown) => (isJsonObject(jwk) ? (usableKey(jwk) ?? []) : [])));
};

/**
 * Reads one public JWK that must be usable.
 * @returns the key; refused with `key_invalid` for private or symmetric material and for what no algorithm here can use
 */
export const importPublicJwk = (jwk: unknown): Outcome<VerificationKey, JwtError> => {
  if (!isJsonObject(jwk)) return fail({ code: 'key_invalid', message: 'a JWK is an object' });
  if (privateMembers.some((member) => member in jwk)) {
    return fail({ code: 'key_invalid', message: 'a public JWK must not hold private or secret members' });
  }
  const key = usableKey(jwk);
  return key
    ? ok(key)
    : fail({ code: 'key_invalid', message: 'the JWK is not a usable RSA, P-256 or Ed25519 signature key' });
};

const usableKey = (jwk: UntrustedJwk): VerificationKey | undefined => {
  const algs = algsOf(jwk);
  if (algs.length === 0 || !isForSignatures(jwk)) return undefined;
  const publicKey = loadPublicKey(jwk);
  if (!publicKey) return undefined;
  const kid = typeof jwk['kid'] === 'string' && jwk['kid'].length <= jwksLimits.kid ? jwk['kid'] : undefined;
  return kid === undefined ? { algs, publicKey } : { kid, algs, publicKey };
};

/** `use` and `key_ops` are both optional; when present they must allow checking a signature. RFC 7517 4.2, 4.3. */
const isForSignatures = (jwk: UntrustedJwk): boolean =>
  (jwk['use'] === undefined || jwk['use'] === 'sig') &&
  (jwk['key_ops'] === undefined || (Array.isArray(jwk['key_ops']) && jwk['key_ops'].includes('verify')));

const algsOf = (jwk: UntrustedJwk): SigningAlg[] => {
  const fitting = signingAlgs.filter((alg) => {
    const shape = keyShapes[alg];
    return jwk['kty'] === shape.kty && (shape.crv === undefined || jwk['crv'] === shape.crv);
  });
  const declared = jwk['alg'];
  if (declared === undefined) return fitting;
  const named = declared === 'Ed25519' ? 'EdDSA' : declared;
  return isSigningAlg(named) && fitting.includes(named) ? [named] : [];
};

const loadPublicKey = (jwk: UntrustedJwk): KeyObject | undefined => {
  const members = ['kty', 'n', 'e', 'crv', 'x', 'y'].filter((member) => jwk[member] !== undefined);
  const bounded = members.every((member) => {
    const value = jwk[member];
    return typeof value === 'string' && value.length <= jwksLimits.memberCharacters;
  });
  if (!bounded) return undefined;
  try {
    const key = createPublicKey({
      key: Object.fromEntries(members.map((member) => [member, jwk[member]])),
      format: 'jwk',
    });
    return isStrongEnough(key) ? key : undefined;
  } catch {
    return undefined;
  }
};

/** RSA keys under 2048 bits are refused, RFC 7518 3.3; huge ones would make each check a denial of service. */
const isStrongEnough = (key: KeyObject): boolean => {
  const bits = key.asymmetricKeyDetails?.modulusLength;
  return bits === undefined || (bits >= jwksLimits.rsaBitsLeast && bits <= jwksLimits.rsaBitsMost);
};

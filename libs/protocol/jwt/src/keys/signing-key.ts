import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { keyShapes, type SigningAlg } from '../algorithms.js';
import type { PublicJwk, SigningKey, VerificationKey } from './key-types.js';
import { thumbprint } from './thumbprint.js';

const generate = promisify(generateKeyPair);

const makePrivateKey = async (alg: SigningAlg): Promise<KeyObject> => {
  if (alg === 'ES256') return (await generate('ec', { namedCurve: 'P-256' })).privateKey;
  if (alg === 'EdDSA') return (await generate('ed25519')).privateKey;
  return (await generate('rsa', { modulusLength: 2048, publicExponent: 0x10001 })).privateKey;
};

/**
 * Makes a new signing key off the event loop; `kid` is its RFC 7638 thumbprint. RSA takes 50 to 200 ms, so keys are made
 * ahead and never on a request.
 */
export const generateSigningKey = async (alg: SigningAlg): Promise<SigningKey> => {
  const privateKey = await makePrivateKey(alg);
  return { kid: kidOf(privateKey), alg, privateKey };
};

/** The private key as PKCS#8 DER, the form that is sealed and stored. */
export const exportPrivateKey = (key: SigningKey): Buffer => key.privateKey.export({ type: 'pkcs8', format: 'der' });

/**
 * Loads a private key from PKCS#8 DER.
 * @throws when the bytes are no private key: they come from our own store, so that is a bug or a broken store
 */
export const importSigningKey = (stored: { kid: string; alg: SigningAlg; pkcs8: Uint8Array }): SigningKey => ({
  kid: stored.kid,
  alg: stored.alg,
  privateKey: createPrivateKey({ key: Buffer.from(stored.pkcs8), type: 'pkcs8', format: 'der' }),
});

/**
 * The public half as it stands in the JWKS: no private member can get in, because it is read from the public key. RFC 7517 4.
 * @throws when the key is of another kind than its `alg` says, which only a bug can bring about
 */
export const exportPublicJwk = (key: SigningKey): PublicJwk => {
  const { kty, n, e, crv, x, y } = createPublicKey(key.privateKey).export({ format: 'jwk' });
  const shape = keyShapes[key.alg];
  if (kty !== shape.kty || crv !== shape.crv) throw new Error(`a key of type ${kty} cannot serve ${key.alg}`);
  const common = { kty, kid: key.kid, use: 'sig', alg: key.alg } as const;
  if (kty === 'RSA') return { ...common, n, e };
  return kty === 'EC' ? { ...common, crv, x, y } : { ...common, crv, x };
};

/** The public half as a key that tokens are checked with. */
export const verificationKeyOf = (key: SigningKey): VerificationKey => ({
  kid: key.kid,
  algs: [key.alg],
  publicKey: createPublicKey(key.privateKey),
});

const kidOf = (privateKey: KeyObject): string =>
  thumbprint(createPublicKey(privateKey).export({ format: 'jwk' }) as Record<string, unknown>);

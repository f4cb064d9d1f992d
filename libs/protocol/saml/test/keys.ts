import type { KeyObject } from 'node:crypto';
import { generateKeyPairSync } from 'node:crypto';
import type { Signer } from '../src/trust/sign-xml.js';
import type { SignatureAlgorithm } from '../src/trust/algorithms.js';
import { signBytes } from '../src/trust/algorithms.js';
import type { DecryptKey } from '../src/encryption/encryption-algorithms.js';
import { unwrapKey } from '../src/encryption/encryption-algorithms.js';

/** A key pair made for one run of the tests. */
export interface TestKey {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
  readonly publicPem: string;
  readonly privatePem: string;
}

const pems = (pair: { publicKey: KeyObject; privateKey: KeyObject }): TestKey => ({
  ...pair,
  publicPem: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  privatePem: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
});

/** An RSA key pair. */
export const rsaKey = (modulusLength = 2048): TestKey => pems(generateKeyPairSync('rsa', { modulusLength }));

/** An elliptic curve key pair. */
export const ecKey = (namedCurve = 'P-256'): TestKey => pems(generateKeyPairSync('ec', { namedCurve }));

/** A signer as the owner of the private key would give it. */
export const signerOf = (key: TestKey, algorithm: SignatureAlgorithm = 'rsa-sha256'): Signer => ({
  algorithm,
  sign: async (identifier, bytes) => {
    const value = signBytes(identifier, bytes, key.privateKey);
    if (!value) throw new Error(`the key cannot do ${identifier}`);
    return value;
  },
});

/** What the owner of the private key answers when asked to unwrap. */
export const decrypterOf =
  (key: TestKey): DecryptKey =>
  async (encryptedKey, algorithm) =>
    unwrapKey(encryptedKey, algorithm, key.privateKey);

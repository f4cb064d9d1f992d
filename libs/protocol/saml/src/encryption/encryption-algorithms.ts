import type { KeyObject } from 'node:crypto';
import { constants, privateDecrypt, publicEncrypt } from 'node:crypto';
import { namespaces } from '../names.js';
import type { XmlElement } from '../xml/xml-element.js';
import { attributeOf, childNamed } from '../xml/xml-element.js';

/** A cipher for content. XML Encryption 5.2. */
export interface ContentCipher {
  readonly cipher: 'aes-128-gcm' | 'aes-256-gcm' | 'aes-128-cbc' | 'aes-256-cbc';
  readonly keyLength: 16 | 32;
  /** Says whether the content is protected against changes. CBC is not. */
  readonly gcm: boolean;
}

/** How the content key is wrapped: RSA-OAEP with SHA-1, or with SHA-256, for the hash and for MGF1 alike. RFC 7518 4.3. */
export type KeyTransport = 'RSA-OAEP' | 'RSA-OAEP-256';

/**
 * Unwraps a content key with the private key that lives elsewhere. What it throws goes through to the caller.
 * @returns the content key, or undefined when none of the owner's keys opens it
 */
export type DecryptKey = (encryptedKey: Uint8Array, algorithm: KeyTransport) => Promise<Uint8Array | undefined>;

const { ds, xenc, xenc11 } = namespaces;
const MGF1P = `${xenc}rsa-oaep-mgf1p`;
const OAEP11 = `${xenc11}rsa-oaep`;
const SHA1 = `${ds}sha1`;
const SHA256 = `${xenc}sha256`;
const MGF_SHA1 = `${xenc11}mgf1sha1`;
const MGF_SHA256 = `${xenc11}mgf1sha256`;

/** Content encryption identifiers. */
export const contentAlgorithms = {
  A128GCM: `${xenc11}aes128-gcm`,
  A256GCM: `${xenc11}aes256-gcm`,
  A128CBC: `${xenc}aes128-cbc`,
  A256CBC: `${xenc}aes256-cbc`,
} as const;

/** The short name of a content cipher, as settings spell it. */
export type ContentAlgorithm = keyof typeof contentAlgorithms;

const ciphers: ReadonlyMap<string, ContentCipher> = new Map<string, ContentCipher>([
  [contentAlgorithms.A128GCM, { cipher: 'aes-128-gcm', keyLength: 16, gcm: true }],
  [contentAlgorithms.A256GCM, { cipher: 'aes-256-gcm', keyLength: 32, gcm: true }],
  [contentAlgorithms.A128CBC, { cipher: 'aes-128-cbc', keyLength: 16, gcm: false }],
  [contentAlgorithms.A256CBC, { cipher: 'aes-256-cbc', keyLength: 32, gcm: false }],
]);

/** The cipher behind an identifier, if it is one that we know. */
export function contentCipher(identifier: string | undefined): ContentCipher | undefined {
  return identifier === undefined ? undefined : ciphers.get(identifier);
}

/** What EncryptionMethod must say for a key transport. XML Encryption 1.1 5.5.2. */
export const keyTransportMethods: Readonly<Record<KeyTransport, { algorithm: string; digest: string; mgf?: string }>> =
  {
    'RSA-OAEP': { algorithm: MGF1P, digest: SHA1 },
    'RSA-OAEP-256': { algorithm: OAEP11, digest: SHA256, mgf: MGF_SHA256 },
  };

/**
 * Reads EncryptionMethod of an EncryptedKey. RSA 1.5 is never accepted (its padding is an oracle); a digest that differs
 * from that of MGF1 is not either, because peers disagree on what it means.
 */
export function keyTransportOf(method: XmlElement | undefined): KeyTransport | undefined {
  const algorithm = attributeOf(method, 'Algorithm');
  if (!method || childNamed(method, xenc, 'OAEPparams')) return undefined;
  if (algorithm !== MGF1P && algorithm !== OAEP11) return undefined;
  const digest = attributeOf(childNamed(method, ds, 'DigestMethod'), 'Algorithm') ?? SHA1;
  const mgf = attributeOf(childNamed(method, xenc11, 'MGF'), 'Algorithm') ?? MGF_SHA1;
  if (digest === SHA1 && mgf === MGF_SHA1) return 'RSA-OAEP';
  return algorithm === OAEP11 && digest === SHA256 && mgf === MGF_SHA256 ? 'RSA-OAEP-256' : undefined;
}

const oaep = (key: KeyObject, algorithm: KeyTransport) => ({
  key,
  padding: constants.RSA_PKCS1_OAEP_PADDING,
  oaepHash: algorithm === 'RSA-OAEP' ? 'sha1' : 'sha256',
});

/** Unwraps with a private key: what its owner calls. Undefined when it does not open, without saying why. */
export function unwrapKey(
  encryptedKey: Uint8Array,
  algorithm: KeyTransport,
  privateKey: KeyObject,
): Buffer | undefined {
  try {
    return privateDecrypt(oaep(privateKey, algorithm), encryptedKey);
  } catch {
    return undefined;
  }
}

/** Wraps a content key for the owner of a public key. */
export function wrapKey(contentKey: Uint8Array, algorithm: KeyTransport, publicKey: KeyObject): Buffer {
  return publicEncrypt(oaep(publicKey, algorithm), contentKey);
}

import type { KeyObject } from 'node:crypto';
import { createCipheriv } from 'node:crypto';
import { namespaces } from '../names.js';
import type { Xml } from '../xml/write-xml.js';
import { noXml, tag, text } from '../xml/write-xml.js';
import type { ContentAlgorithm, KeyTransport } from './encryption-algorithms.js';
import { contentAlgorithms, contentCipher, keyTransportMethods, wrapKey } from './encryption-algorithms.js';

/** For whom an assertion is encrypted, and how. */
export interface EncryptionFor {
  /** The party's RSA public key. */
  readonly key: KeyObject;
  /** Default A256GCM. */
  readonly content?: ContentAlgorithm;
  /** Default RSA-OAEP, which every SAML peer knows. */
  readonly key_transport?: KeyTransport;
  /** A source of random bytes: the content key and the nonce come from it. */
  readonly random: (size: number) => Uint8Array;
}

/** XML Encryption 5.2.2: padding of CBC is random but for the last byte. */
function padded(content: Buffer, random: EncryptionFor['random']): Buffer {
  const size = 16 - (content.length % 16);
  return Buffer.concat([content, random(size - 1), Buffer.of(size)]);
}

function encryptContent(
  content: Buffer,
  algorithm: ContentAlgorithm,
  key: Uint8Array,
  random: EncryptionFor['random'],
): Buffer {
  const cipher = contentCipher(contentAlgorithms[algorithm])?.cipher ?? 'aes-256-gcm';
  if (cipher === 'aes-128-gcm' || cipher === 'aes-256-gcm') {
    const iv = random(12);
    const encipher = createCipheriv(cipher, key, iv, { authTagLength: 16 });
    return Buffer.concat([iv, encipher.update(content), encipher.final(), encipher.getAuthTag()]);
  }
  const iv = random(16);
  const encipher = createCipheriv(cipher, key, iv).setAutoPadding(false);
  return Buffer.concat([iv, encipher.update(padded(content, random)), encipher.final()]);
}

function encryptedKey(contentKey: Uint8Array, { key, key_transport = 'RSA-OAEP' }: EncryptionFor): Xml {
  const { algorithm, digest, mgf } = keyTransportMethods[key_transport];
  return tag(
    'xenc:EncryptedKey',
    {},
    tag(
      'xenc:EncryptionMethod',
      { Algorithm: algorithm },
      tag('ds:DigestMethod', { Algorithm: digest }),
      mgf === undefined ? noXml : tag('xenc11:MGF', { 'xmlns:xenc11': namespaces.xenc11, Algorithm: mgf }),
    ),
    tag(
      'xenc:CipherData',
      {},
      tag('xenc:CipherValue', {}, text(wrapKey(contentKey, key_transport, key).toString('base64'))),
    ),
  );
}

/** Wraps an assertion into saml:EncryptedAssertion, the key inside. XML Encryption 4.3. */
export function encryptAssertion(assertion: Xml, target: EncryptionFor): Xml {
  const algorithm = target.content ?? 'A256GCM';
  const contentKey = target.random(contentCipher(contentAlgorithms[algorithm])?.keyLength ?? 32);
  const content = encryptContent(Buffer.from(assertion, 'utf8'), algorithm, contentKey, target.random);
  return tag(
    'saml:EncryptedAssertion',
    { 'xmlns:saml': namespaces.saml },
    tag(
      'xenc:EncryptedData',
      { 'xmlns:xenc': namespaces.xenc, Type: `${namespaces.xenc}Element` },
      tag('xenc:EncryptionMethod', { Algorithm: contentAlgorithms[algorithm] }),
      tag('ds:KeyInfo', { 'xmlns:ds': namespaces.ds }, encryptedKey(contentKey, target)),
      tag('xenc:CipherData', {}, tag('xenc:CipherValue', {}, text(content.toString('base64')))),
    ),
  );
}

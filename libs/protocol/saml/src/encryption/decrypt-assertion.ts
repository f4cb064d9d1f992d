import { createDecipheriv } from 'node:crypto';
import type { Outcome } from '@corsac/outcome';
import { ok } from '@corsac/outcome';
import { namespaces } from '../names.js';
import type { SamlError } from '../saml-error.js';
import { refuse, shown } from '../saml-error.js';
import type { AlgorithmPolicy } from '../trust/algorithms.js';
import { openDocument } from '../trust/open-document.js';
import { messageLimits } from '../xml/limits.js';
import type { XmlElement } from '../xml/xml-element.js';
import { attributeOf, childNamed, childrenNamed, textOf } from '../xml/xml-element.js';
import type { ContentCipher, DecryptKey } from './encryption-algorithms.js';
import { contentCipher, keyTransportOf } from './encryption-algorithms.js';

const { ds, xenc } = namespaces;

/** A peer may wrap the key for several recipients or for an old and a new key; each try costs a private-key operation. */
const mostEncryptedKeys = 3;

/** One text for everything that goes wrong with the bytes, so that the answer is no oracle. */
const failed = () =>
  refuse('decryption', 'decryption_failed', 'The assertion does not decrypt with the keys of this party and track.');

const cipherValue = (element: XmlElement): Buffer => {
  const value = childNamed(childNamed(element, xenc, 'CipherData'), xenc, 'CipherValue');
  return Buffer.from(value ? textOf(value) : '', 'base64');
};

/** XML Encryption 5.2.2 (CBC: the last byte says how many bytes of padding) and 5.2.4 (GCM: nonce, text, tag). */
function decryptContent({ cipher, gcm }: ContentCipher, key: Uint8Array, bytes: Buffer): Buffer | undefined {
  const head = gcm ? 12 : 16;
  const tail = gcm ? 16 : 0;
  if (bytes.length < head + tail + 1) return undefined;
  const body = bytes.subarray(head, bytes.length - tail);
  try {
    const iv = bytes.subarray(0, head);
    if (cipher === 'aes-128-gcm' || cipher === 'aes-256-gcm') {
      const decipher = createDecipheriv(cipher, key, iv, { authTagLength: 16 });
      decipher.setAuthTag(bytes.subarray(bytes.length - tail));
      return Buffer.concat([decipher.update(body), decipher.final()]);
    }
    const decipher = createDecipheriv(cipher, key, iv).setAutoPadding(false);
    const padded = Buffer.concat([decipher.update(body), decipher.final()]);
    const padding = padded[padded.length - 1] ?? 0;
    return padding >= 1 && padding <= 16 ? padded.subarray(0, padded.length - padding) : undefined;
  } catch {
    return undefined;
  }
}

/** SAML Core 2.2.4 lets the wrapped key stand in KeyInfo or beside the data. */
function encryptedKeys(holder: XmlElement, data: XmlElement): XmlElement[] {
  const inside = childNamed(data, ds, 'KeyInfo');
  return [
    ...(inside ? childrenNamed(inside, xenc, 'EncryptedKey') : []),
    ...childrenNamed(holder, xenc, 'EncryptedKey'),
  ];
}

async function contentKey(
  wrapped: readonly XmlElement[],
  decryptKey: DecryptKey,
): Promise<Outcome<Uint8Array, SamlError>> {
  if (wrapped.length === 0 || wrapped.length > mostEncryptedKeys) {
    return refuse(
      'decryption',
      'encryption_refused',
      `Expected 1 to ${mostEncryptedKeys} wrapped keys, got ${wrapped.length}.`,
    );
  }
  for (const element of wrapped) {
    const method = childNamed(element, xenc, 'EncryptionMethod');
    const transport = keyTransportOf(method);
    if (!transport) {
      const name = shown(attributeOf(method, 'Algorithm'));
      return refuse(
        'key_transport',
        'encryption_refused',
        `The key transport ${name} with these parameters is not accepted.`,
      );
    }
    const key = await decryptKey(cipherValue(element), transport);
    if (key) return ok(key);
  }
  return failed();
}

/**
 * Opens an EncryptedAssertion. What comes out went through no signature yet: it is a new document and passes the same
 * gate, and its signature or that of the response around it must still verify.
 * @param holder the saml:EncryptedAssertion of an opened response
 * @param policy CBC only where the party opted in
 * @param decryptKey asks the owner of the private key to unwrap a content key
 * @returns the saml:Assertion, not trusted; `encryption_refused` for what is not accepted, `decryption_failed` in the same words whatever failed
 */
export async function decryptAssertion(
  holder: XmlElement,
  policy: AlgorithmPolicy,
  decryptKey: DecryptKey | undefined,
): Promise<Outcome<XmlElement, SamlError>> {
  const data = childNamed(holder, xenc, 'EncryptedData');
  if (!data || !decryptKey)
    return refuse('decryption', 'encryption_refused', 'No key to decrypt assertions with is configured.');
  const identifier = attributeOf(childNamed(data, xenc, 'EncryptionMethod'), 'Algorithm');
  const cipher = contentCipher(identifier);
  if (!cipher || (!cipher.gcm && !policy.allow_cbc)) {
    return refuse('content_cipher', 'encryption_refused', `The cipher ${shown(identifier)} is not accepted.`);
  }
  const key = await contentKey(encryptedKeys(holder, data), decryptKey);
  if (!key.ok) return key;
  const content =
    key.value.byteLength === cipher.keyLength ? decryptContent(cipher, key.value, cipherValue(data)) : undefined;
  if (!content) return failed();
  const opened = openDocument(content, { roots: ['saml:Assertion'], limits: messageLimits, scope: holder.scope });
  // Garbage of a changed CBC text is not told apart from wrong padding.
  return opened.ok || cipher.gcm ? opened : failed();
}

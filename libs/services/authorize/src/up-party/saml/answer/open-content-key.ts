import { decryptSamlKey, type Bus, type MessageContext } from '@corsac/contracts';
import type { DecryptKey, KeyTransport } from '@corsac/saml';

/** The token service does not answer: nothing is known about the assertion yet. */
export class KeysAway extends Error {
  override readonly name = 'KeysAway';
}

const transports: Readonly<Record<KeyTransport, { algorithm: string; digest: string }>> = {
  'RSA-OAEP': { algorithm: 'rsa-oaep-mgf1p', digest: 'sha1' },
  'RSA-OAEP-256': { algorithm: 'rsa-oaep', digest: 'sha256' },
};

/** Longest wrapped key that is passed on, in bytes: RSA of 16384 bits. */
const longestWrapped = 2048;

/** Has the content key of an encrypted assertion opened where the track's private keys are. @throws KeysAway */
export const openContentKey =
  (bus: Bus, { tenant, track }: { tenant: string; track: string }, context: MessageContext): DecryptKey =>
  async (encryptedKey, transport) => {
    if (encryptedKey.length > longestWrapped) return undefined;
    const encrypted_key = Buffer.from(encryptedKey).toString('base64');
    const opened = await bus.ask(decryptSamlKey, { tenant, track, ...transports[transport], encrypted_key }, context);
    if (opened.ok) return Buffer.from(opened.value.key, 'base64');
    if (opened.error.refusal === 'unavailable') throw new KeysAway('the token service does not answer');
    return undefined;
  };

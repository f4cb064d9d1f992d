import { createHmac, timingSafeEqual } from 'node:crypto';

/** RFC 6238 4: steps of 30 seconds; six digits of HMAC-SHA-1, which is what authenticator apps agree on. */
const stepSeconds = 30;
const digits = 6;
/** Steps that the phone's clock may be ahead or behind (RFC 6238 5.2). */
const drift = 1;

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648 6, without padding: the form in which apps take a seed. */
export const base32 = (bytes: Uint8Array): string => {
  let bits = 0;
  let value = 0;
  let text = '';
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      text += alphabet[(value >>> (bits - 5)) & 31];
      bits -= 5;
    }
    value &= (1 << bits) - 1;
  }
  return bits > 0 ? text + alphabet[(value << (5 - bits)) & 31] : text;
};

/** The code of a time step: RFC 4226 5.3. */
export const totpCode = (seed: Uint8Array, step: number): string => {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', seed).update(counter).digest();
  const offset = mac[mac.length - 1]! & 15;
  const number = (mac.readUInt32BE(offset) & 0x7fffffff) % 10 ** digits;
  return String(number).padStart(digits, '0');
};

/** The time step of a moment; unix seconds. */
export const totpStep = (now: number): number => Math.floor(now / stepSeconds);

/**
 * The time step that a code belongs to, or nothing. Whether the step was used already is the store's to say: only its
 * compare-and-set makes a code of single use.
 */
export const matchTotp = (seed: Uint8Array, typed: string, now: number): number | undefined => {
  const code = typed.replace(/\s/g, '');
  if (!/^[0-9]{6}$/.test(code)) return undefined;
  const around = Array.from({ length: 2 * drift + 1 }, (_, index) => totpStep(now) - drift + index);
  return around.filter((step) => timingSafeEqual(Buffer.from(totpCode(seed, step)), Buffer.from(code))).at(-1);
};

/** The address that authenticator apps read from a QR code. */
export const otpauthUri = (seed: string, names: { issuer: string; account: string }): string => {
  const [issuer, account] = [names.issuer, names.account].map((name) => encodeURIComponent(name.replace(/:/g, ' ')));
  return `otpauth://totp/${issuer}:${account}?secret=${seed}&issuer=${issuer}&algorithm=SHA1&digits=${digits}&period=${stepSeconds}`;
};

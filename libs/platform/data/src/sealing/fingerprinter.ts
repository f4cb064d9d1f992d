import { createHmac, timingSafeEqual } from 'node:crypto';
import type { MasterKeys } from './master-keys.js';

/**
 * Names secrets without keeping them: HMAC-SHA-256 under a key derived from the master key. Good for high-entropy tokens in a store and
 * for memos of checked secrets in memory; a password belongs to argon2id.
 */
export class Fingerprinter {
  /**
   * @param purpose a constant of the code (`refresh-token`); fingerprints of two purposes never meet
   */
  constructor(
    private readonly keys: MasterKeys,
    private readonly purpose: string,
  ) {}

  /** The fingerprint under the current key: 43 characters base64url. The key is a KeyObject, eight times cheaper than bytes on Node 24. */
  of(secret: string): string {
    return createHmac('sha256', this.keys.current.fingerprintKey(this.purpose)).update(secret).digest('base64url');
  }

  /** The fingerprints under all listed keys, the current one first: what to look for in a store that outlives a key rotation. */
  candidates(secret: string): string[] {
    return this.keys.all.map((key) =>
      createHmac('sha256', key.fingerprintKey(this.purpose)).update(secret).digest('base64url'),
    );
  }

  /** Whether a fingerprint is of this secret, under any listed key, in a time that does not tell how near it is. */
  matches(secret: string, fingerprint: string): boolean {
    const given = Buffer.from(fingerprint);
    const same = this.candidates(secret).map(
      (own) => own.length === given.length && timingSafeEqual(Buffer.from(own), given),
    );
    return same.some(Boolean);
  }
}

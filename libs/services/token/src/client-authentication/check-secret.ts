import { hash } from 'node:crypto';
import type { Fingerprinter, PasswordHasher } from '@corsac/data';
import type { StoredSecret } from '@corsac/model';
import { randomName } from '@corsac/random';
import { BoundedMemory } from '../party/bounded-memory.js';
import type { FingerprintRenewals, SecretOwner } from './fingerprint-renewals.js';

export type SecretVerdict = 'right' | 'wrong' | 'busy';

/** The purpose of the fingerprints that are kept beside the hashes of client secrets; whoever stores a secret uses the same. */
export const secretFingerprintPurpose = 'client-secret';

/**
 * Checks client secrets cheaply. The keyed fingerprint says which hash can be meant; the slow hash is computed for that one and
 * once, then the verdict is remembered, so that a right secret costs one fast hash from then on. What matches nothing costs that
 * and an HMAC, exactly as an unknown client. Only a hash that was imported without fingerprint must be computed to be refused, and
 * that is remembered as well.
 */
export class SecretChecker {
  private readonly verdicts = new BoundedMemory<boolean>(100_000);
  private readonly salt = randomName(32);

  constructor(
    private readonly fingerprinter: Pick<Fingerprinter, 'of' | 'candidates'>,
    private readonly hasher: Pick<PasswordHasher, 'verify'>,
    private readonly renewals?: Pick<FingerprintRenewals, 'note'>,
  ) {}

  /**
   * The answer at once when it is remembered, otherwise its promise. `busy`: too many hashes are waiting.
   * @param owner whose the secrets are, so that one that is not found by the current master key is from now on
   */
  check(secret: string, stored: readonly StoredSecret[], owner?: SecretOwner): SecretVerdict | Promise<SecretVerdict> {
    // The verdicts live in this memory only, so what names a secret here needs no key but a salt.
    const name = hash('sha256', `${this.salt}${secret}`, 'base64url');
    for (const one of stored) if (this.verdicts.get(`${one.hash} ${name}`)) return 'right';
    const fingerprint = this.fingerprinter.of(secret);
    const candidates = stored.filter((one) => one.fingerprint === undefined || one.fingerprint === fingerprint);
    if (candidates.length > 0) return this.compute(secret, { name, fingerprint, stored: candidates, owner });
    return this.checkOlder(secret, { name, stored, owner });
  }

  /** A secret stored while another master key was the current one has a fingerprint under that one. */
  private checkOlder(
    secret: string,
    { name, stored, owner }: Omit<Meant, 'fingerprint'>,
  ): SecretVerdict | Promise<SecretVerdict> {
    const [fingerprint = '', ...older] = this.fingerprinter.candidates(secret);
    const candidates = stored.filter((one) => one.fingerprint !== undefined && older.includes(one.fingerprint));
    return candidates.length > 0 ? this.compute(secret, { name, fingerprint, stored: candidates, owner }) : 'wrong';
  }

  private async compute(secret: string, { name, fingerprint, stored, owner }: Meant): Promise<SecretVerdict> {
    for (const one of stored) {
      const key = `${one.hash} ${name}`;
      if (this.verdicts.get(key) === false) continue;
      const checked = await this.hasher.verify(one.hash, secret);
      if (!checked.ok && checked.error === 'busy') return 'busy';
      const matches = checked.ok && checked.value.matches;
      this.verdicts.set(key, matches);
      if (!matches) continue;
      if (owner && one.fingerprint !== fingerprint) this.renewals?.note(owner, one, fingerprint);
      return 'right';
    }
    return 'wrong';
  }
}

/** The hashes that can be meant, and whose they are. */
interface Meant {
  /** What the secret is remembered by. */
  readonly name: string;
  /** Of the secret, under the current master key. */
  readonly fingerprint: string;
  readonly stored: readonly StoredSecret[];
  readonly owner: SecretOwner | undefined;
}

import { fail, ok, type Outcome } from '@corsac/outcome';
import type { SigningAlg, SigningKey } from '@corsac/jwt';
import type { KeyKeeper } from './key-keeper.js';
import type { KeyRing } from './key-ring.js';
import type { TrackName } from './key-store.js';
import type { TrackKeys } from './track-keys.js';

/** Finds the keys that sign now. A key that is not there is never made on a request: the keeper is told to hurry. */
export class Signers {
  constructor(
    private readonly ring: Pick<KeyRing, 'keysNow' | 'keys'>,
    private readonly keeper: Pick<KeyKeeper, 'hurry'>,
  ) {}

  /** At once when the track's keys are in memory. @throws StoreUnavailable */
  keys(name: TrackName): TrackKeys | Promise<TrackKeys> {
    return this.ring.keysNow(name) ?? this.ring.keys(name);
  }

  /** Whether these are still the track's keys as far as this replica knows. */
  isCurrent(keys: TrackKeys): boolean {
    return this.ring.keysNow(keys.name) === keys;
  }

  /** The signing key of an algorithm; `key_not_ready`: ask again in a moment. @throws StoreUnavailable */
  async signer(name: TrackName, alg: SigningAlg): Promise<Outcome<SigningKey, 'key_not_ready'>> {
    return this.signerOf(await this.keys(name), alg);
  }

  /** The same from keys that are at hand. */
  signerOf(keys: TrackKeys, alg: SigningAlg): Outcome<SigningKey, 'key_not_ready'> {
    const key = keys.signer(alg);
    if (key) return ok(key);
    this.keeper.hurry(keys.name);
    return fail('key_not_ready');
  }
}

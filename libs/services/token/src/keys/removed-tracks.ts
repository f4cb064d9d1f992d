import type { GrantStore } from '../refresh-grants/grant-store.js';
import type { KeyRing } from './key-ring.js';
import type { KeyStore, TrackName } from './key-store.js';

/** Puts the things of a removed track away: nobody can use them, and a track of the same name must not find them. */
export class RemovedTracks {
  constructor(
    private readonly keys: Pick<KeyStore, 'remove'>,
    private readonly grants: Pick<GrantStore, 'removeTrack'>,
    private readonly ring: Pick<KeyRing, 'forget'>,
  ) {}

  /** @throws StoreUnavailable */
  async putAway(name: TrackName): Promise<void> {
    await this.grants.removeTrack(name);
    await this.keys.remove(name);
    this.ring.forget(name);
  }
}

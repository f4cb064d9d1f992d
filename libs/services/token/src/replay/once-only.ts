import { hash } from 'node:crypto';
import type { ItemStore } from '@corsac/data';
import type { TrackName } from '../keys/key-store.js';

/** What must be seen once: a `jti` of somebody who could send the same proof twice. */
export interface SeenOnce {
  readonly kind: 'dpop' | 'assertion' | 'saml';
  /** Whose: two senders may use the same id. */
  readonly sender: string;
  readonly id: string;
  /** Unix seconds after which it would be refused for its age anyway. */
  readonly until: number;
}

/** Remembers ids until their proofs are too old to matter. One store trip each, one winner of any number at once. */
export class OnceOnly {
  constructor(private readonly items: Pick<ItemStore, 'putIfAbsent'>) {}

  /** Whether this is the first time. @throws StoreUnavailable, and then it must count as seen */
  isNew({ tenant, track }: TrackName, { kind, sender, id, until }: SeenOnce, now: number): Promise<boolean> {
    const digest = hash('sha256', JSON.stringify([sender, id]), 'base64url');
    return this.items.putIfAbsent(`once/${kind}/${tenant}/${track}/${digest}`, {}, Math.max(1, until - now));
  }
}

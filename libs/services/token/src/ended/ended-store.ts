import type { EndedThing } from './ended-memory.js';

/** Revoked access tokens, and the table's word on everything that was ended here. Rejects with `StoreUnavailable`. */
export interface EndedStore {
  /** Revokes one access token until its own end. */
  revoke(token: EndedThing & { readonly kind: 'jti' }): Promise<void>;
  /**
   * Grants and tokens ended at or after a moment of the store's own clock (milliseconds) whose tokens may still live at `now`
   * (unix seconds), and that clock.
   */
  since(at_ms: number, now: number): Promise<{ readonly ended: EndedThing[]; readonly now_ms: number }>;
  /** Lets go of revocations whose token has ended by itself. */
  sweep(now: number): Promise<void>;
}

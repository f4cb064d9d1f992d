import type { KeyMove } from './plan-keys.js';
import type { MadeKey, TrackKey } from './track-key.js';

/** Which track. */
export interface TrackName {
  readonly tenant: string;
  readonly track: string;
}

/** A new row: a made key and the life it begins. */
export type NewKey = MadeKey & Pick<TrackKey, 'state' | 'current_from'>;

/** What changes in the keys of a track, and when somebody must look again (unix seconds). */
export interface KeyChange {
  readonly moves: readonly KeyMove[];
  readonly add: readonly NewKey[];
  readonly due_at: number;
}

/** The keys of a track and the number of their last change. */
export interface StoredKeys {
  readonly keys: readonly TrackKey[];
  readonly revision: number;
}

export type ChangedKeys = TrackName & Pick<StoredKeys, 'revision'>;

/**
 * Keys of tracks in the service's own tables. Several replicas may want to change the same track at once: `change` is where
 * they queue.
 */
export interface KeyStore {
  /** All keys of a track, retired ones too; empty when it has none yet. */
  read(name: TrackName): Promise<StoredKeys>;
  /**
   * Reads the keys with the track's row locked, lets `decide` say what changes, and writes that, in one transaction. Whoever
   * comes second decides on what the first has written.
   * @returns whether anything but the due time changed
   */
  change(name: TrackName, decide: (keys: readonly TrackKey[]) => KeyChange): Promise<boolean>;
  /** Notes tracks that need looking at now. Says nothing of those that are known already. */
  note(names: readonly TrackName[]): Promise<void>;
  /** Wants known tracks looked at now: their settings changed. */
  hasten(names: readonly TrackName[]): Promise<void>;
  /** Tracks whose time has come; each is given to one asker, until `lease_s` seconds later. */
  claimDue(when: { readonly now: number; readonly limit: number; readonly lease_s: number }): Promise<TrackName[]>;
  /** Tracks whose keys changed at or after a moment of the store's own clock, and that clock now, both in milliseconds. */
  changedSince(at_ms: number): Promise<{ readonly changed: ChangedKeys[]; readonly now_ms: number }>;
  /** Takes the keys of a removed track away. */
  remove(name: TrackName): Promise<void>;
}

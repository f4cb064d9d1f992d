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

/** Which tracks are claimed. Seconds. */
export interface DueClaim {
  readonly now: number;
  /** Those whose time came until then; 0 are tracks that are new or changed. */
  readonly until: number;
  readonly limit: number;
  readonly lease_s: number;
}

/**
 * Keys of tracks in the service's own tables. Several replicas may want to change the same track at once: `change` is where
 * they queue. Many tracks cost about as many statements as one.
 */
export interface KeyStore {
  /** All keys of a track, retired ones too; empty when it has none yet. */
  read(name: TrackName): Promise<StoredKeys>;
  /** The same of several tracks, in the order asked. */
  readAll(names: readonly TrackName[]): Promise<StoredKeys[]>;
  /**
   * Reads the keys with the tracks' rows locked, lets `decide` say what changes in each, and writes that, in one transaction.
   * Whoever comes second decides on what the first has written.
   * @param decide also gets the place of its track among the names
   * @returns of each track whether anything but the due time changed
   */
  change(names: readonly TrackName[], decide: (keys: readonly TrackKey[], at: number) => KeyChange): Promise<boolean[]>;
  /** Notes tracks that need looking at now. Says nothing of those that are known already. */
  note(names: readonly TrackName[]): Promise<void>;
  /** Wants tracks looked at now, known ones too: their settings changed. */
  hasten(names: readonly TrackName[]): Promise<void>;
  /** Tracks whose time has come, the longest due first; each is given to one asker, until `lease_s` seconds later. */
  claimDue(claim: DueClaim): Promise<TrackName[]>;
  /** Tracks whose keys changed at or after a moment of the store's own clock, and that clock now, both in milliseconds. */
  changedSince(at_ms: number): Promise<{ readonly changed: ChangedKeys[]; readonly now_ms: number }>;
  /** Takes the keys of a removed track away. */
  remove(name: TrackName): Promise<void>;
}

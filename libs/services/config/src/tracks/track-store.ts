import type { ChangedTrack } from '@corsac/contracts';
import type { ImportedExternalUser, ImportedUser, Tenant, Track } from '@corsac/model';
import type { DeclaredUsers } from '../users/declare-users.js';
import type { DeclaredEntry, EntryKind } from '../users/declared-entries.js';

/** A track as it is kept, with the version that every change of anything in it raises. */
export interface KeptTrack {
  readonly version: number;
  readonly track: Track;
}

/** Everything that one change of one track comes to. */
export interface TrackChange {
  readonly track: Track;
  /** Names of parties that are to go. */
  readonly removed: { readonly up_parties: readonly string[]; readonly down_parties: readonly string[] };
  /** Handed to the authorize service afterwards; passwords as hashes. */
  readonly users: DeclaredUsers;
}

/** What of a track's declared users is to be remembered and forgotten, where nothing is to be sent on. */
export interface DeclaredNote extends Pick<DeclaredUsers, 'declared' | 'forgotten'> {
  readonly track: string;
}

/**
 * Tenants, tracks and parties: the one place where configuration is kept. Many tracks of a tenant are read and written
 * as cheaply as a few: whoever has many brings them some hundred at a time.
 */
export interface TrackStore {
  read(tenant: string, track: string): Promise<KeptTrack | undefined>;
  /** Those of the tracks that are there, by name. */
  readAll(tenant: string, tracks: readonly string[]): Promise<ReadonlyMap<string, KeptTrack>>;
  tenants(): Promise<Tenant[]>;
  tracksOf(tenant: string): Promise<string[]>;
  putTenant(tenant: Tenant): Promise<void>;
  /** Makes a tenant, or takes over what is said of it; what is not said stays. */
  declareTenant(tenant: Tenant): Promise<void>;
  /** Forgets a tenant whose tracks are gone. */
  removeTenant(name: string): Promise<void>;
  /**
   * All or nothing: tracks of one tenant, their parties, their users' handover, the changes' numbers and the promise to
   * tell everybody, in one transaction. In the order given.
   */
  write(tenant: string, changes: readonly TrackChange[]): Promise<ChangedTrack[]>;
  /** All or nothing. Tells those that were there. */
  removeTracks(tenant: string, tracks: readonly string[]): Promise<ChangedTrack[]>;
  /**
   * Changes after a number, some thousand at most: `latest` is how far they reach, and where it does not reach the end the
   * next come by asking after it. `reset` when the list does not reach back so far, or the number is of another installation.
   */
  changesAfter(number: number): Promise<{ latest: number; reset: boolean; changes: ChangedTrack[] }>;
  /** What files said of the tracks' users when it was last sent on, by track. */
  declaredIn(tenant: string, tracks: readonly string[]): Promise<ReadonlyMap<string, DeclaredEntry[]>>;
  noteDeclared(tenant: string, notes: readonly DeclaredNote[]): Promise<void>;
  /** The digest under which a declarative file was last applied. */
  appliedDigest(file: string): Promise<string | undefined>;
  noteApplied(file: string, digest: string): Promise<void>;
  /**
   * Runs `work` while no other replica does the same; they wait.
   * @param patience_s how long to wait at most, else as long as an application of files may take
   * @throws LockHeld when it is not its turn in time
   */
  exclusively<T>(what: string, work: () => Promise<T>, patience_s?: number): Promise<T>;
}

/** Users on their way. */
export type HandoverBatch = { id: string; tenant: string; track: string; attempts: number } & (
  { kind: 'user'; users: ImportedUser[] } | { kind: 'external_user'; users: ImportedExternalUser[] }
);

/** Users on their way to the authorize service. */
export interface HandoverStore {
  /** The batches that are due, claimed for half a minute. */
  claim(limit: number): Promise<HandoverBatch[]>;
  /** Forgets what files said of these: at the next time that a file is applied they are sent whole. */
  forget(
    batch: Pick<HandoverBatch, 'tenant' | 'track'>,
    entries: readonly { kind: EntryKind; name: string }[],
  ): Promise<void>;
  done(id: string): Promise<void>;
  postpone(id: string, seconds: number, error: string): Promise<void>;
}

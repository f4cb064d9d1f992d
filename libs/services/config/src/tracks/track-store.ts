import type { ChangedTrack } from '@corsac/contracts';
import type { ImportedExternalUser, ImportedUser, Tenant, Track } from '@corsac/model';
import type { DeclaredUsers } from '../users/declare-users.js';
import type { DeclaredEntry, EntryKind } from '../users/declared-entries.js';

/** A track as it is kept, with the version that every change of anything in it raises. */
export interface KeptTrack {
  readonly version: number;
  readonly track: Track;
}

/** Everything that one change of one track comes to; written in one transaction. */
export interface TrackChange {
  readonly track: Track;
  /** Names of parties that are to go. */
  readonly removed: { readonly up_parties: readonly string[]; readonly down_parties: readonly string[] };
  /** Handed to the authorize service afterwards; passwords as hashes. */
  readonly users: DeclaredUsers;
}

/** Tenants, tracks and parties: the one place where configuration is kept. */
export interface TrackStore {
  read(tenant: string, track: string): Promise<KeptTrack | undefined>;
  tenants(): Promise<Tenant[]>;
  tracksOf(tenant: string): Promise<string[]>;
  putTenant(tenant: Tenant): Promise<void>;
  /** All or nothing: the track, its parties, its users' handover, the change's number and the promise to tell everybody. */
  write(change: TrackChange): Promise<ChangedTrack>;
  removeTrack(tenant: string, track: string): Promise<ChangedTrack | undefined>;
  /** Changes after a number; `reset` when the list does not reach back so far, or the number is of another installation. */
  changesAfter(number: number): Promise<{ latest: number; reset: boolean; changes: ChangedTrack[] }>;
  /** What files said of the track's users when it was last sent on. */
  declaredIn(tenant: string, track: string): Promise<DeclaredEntry[]>;
  /** Remembers and forgets what files said of users, where nothing is to be sent on. */
  noteDeclared(tenant: string, track: string, users: Pick<DeclaredUsers, 'declared' | 'forgotten'>): Promise<void>;
  /** The digest under which a declarative file was last applied. */
  appliedDigest(file: string): Promise<string | undefined>;
  noteApplied(file: string, digest: string): Promise<void>;
  /** Runs `work` while no other replica does the same; they wait. */
  exclusively<T>(what: string, work: () => Promise<T>): Promise<T>;
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

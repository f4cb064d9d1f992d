import type { ExternalUser, ImportedExternalUser, ImportedUser, User, WrittenTrack, WrittenUser } from '@corsac/model';
import type { DeclaredEntries, DeclaredEntry, NamedEntry } from './declared-entries.js';

/** What of a track's declared users is to be sent on, and what is to be remembered of them. */
export interface DeclaredUsers {
  readonly users: readonly ImportedUser[];
  readonly external_users: readonly ImportedExternalUser[];
  /** Of those that are sent, and of those whose digests are of an older key. */
  readonly declared: readonly DeclaredEntry[];
  /** Entries that have another name now, or that no file has any more: declared again, such a user is sent whole. */
  readonly forgotten: readonly NamedEntry[];
}

interface Part {
  readonly entry: DeclaredEntry;
  readonly isToBeKept: boolean;
  readonly user?: ImportedUser;
  readonly external_user?: ImportedExternalUser;
}

/** Only a password that is new is hashed, and only one that changed is sent. */
type Hash = (user: WrittenUser) => Promise<User>;

const declareUser = async (entries: DeclaredEntries, written: WrittenUser, hash: Hash): Promise<Part> => {
  const { entry, changed, outdated } = entries.user(written);
  if (changed !== 'all' && changed.length === 0) return { entry, isToBeKept: outdated };
  if (changed === 'all') return { entry, isToBeKept: true, user: await hash(written) };
  const { password, ...rest } = written;
  const hashed = changed.includes('password') && password !== undefined ? await hash(written) : rest;
  // A password that a file no longer names stays what it is.
  const fields = changed.filter((field) => field !== 'password' || password !== undefined);
  return { entry, isToBeKept: true, ...(fields.length > 0 && { user: { ...hashed, changed: fields } }) };
};

const declareExternalUser = (entries: DeclaredEntries, written: ExternalUser): Part => {
  const { entry, changed, outdated } = entries.externalUser(written);
  if (changed === 'all') return { entry, isToBeKept: true, external_user: written };
  if (changed.length === 0) return { entry, isToBeKept: outdated };
  return { entry, isToBeKept: true, external_user: { ...written, changed: [...changed] } };
};

/**
 * Compares the declared users of a track with what was declared before, and prepares what is to be sent on. The track is as
 * all files together have it: who is not in it was taken out of them, and stays a user, but is not remembered.
 */
export const declareUsers = async (
  entries: DeclaredEntries,
  track: Pick<WrittenTrack, 'users' | 'external_users'>,
  hash: Hash,
): Promise<DeclaredUsers> => {
  const users = await Promise.all(track.users.map((written) => declareUser(entries, written, hash)));
  const external = (track.external_users ?? []).map((written) => declareExternalUser(entries, written));
  const parts: readonly Part[] = [...users, ...external];
  return {
    users: parts.flatMap(({ user }) => user ?? []),
    external_users: parts.flatMap(({ external_user }) => external_user ?? []),
    declared: parts.flatMap(({ entry, isToBeKept }) => (isToBeKept ? [entry] : [])),
    forgotten: entries.without(parts.map(({ entry }) => entry)),
  };
};

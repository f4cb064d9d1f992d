import type { ImportedExternalUser, ImportedUser, User, WrittenTrack, WrittenUser } from '@corsac/model';
import type { DeclaredEntries, DeclaredEntry } from './declared-entries.js';

/** What of a track's declared users is to be sent on, and what is to be remembered of them. */
export interface DeclaredUsers {
  readonly users: readonly ImportedUser[];
  readonly external_users: readonly ImportedExternalUser[];
  /** Of those that are sent, and of those whose digests are of an older key. */
  readonly declared: readonly DeclaredEntry[];
  /** Entries that have another name now. */
  readonly forgotten: readonly Pick<DeclaredEntry, 'kind' | 'name'>[];
}

interface Part extends Pick<DeclaredUsers, 'declared' | 'forgotten'> {
  readonly user?: ImportedUser;
  readonly external_user?: ImportedExternalUser;
}

/** Only a password that is new is hashed, and only one that changed is sent. */
type Hash = (user: WrittenUser) => Promise<User>;

const declareUser = async (entries: DeclaredEntries, written: WrittenUser, hash: Hash): Promise<Part> => {
  const { entry, renamed, changed, outdated } = entries.user(written);
  const forgotten = renamed === undefined ? [] : [{ kind: entry.kind, name: renamed }];
  if (changed !== 'all' && changed.length === 0) return { declared: outdated ? [entry] : [], forgotten };
  if (changed === 'all') return { user: await hash(written), declared: [entry], forgotten };
  const { password, ...rest } = written;
  const hashed = changed.includes('password') && password !== undefined ? await hash(written) : rest;
  // A password that a file no longer names stays what it is.
  const fields = changed.filter((field) => field !== 'password' || password !== undefined);
  return { ...(fields.length > 0 && { user: { ...hashed, changed: fields } }), declared: [entry], forgotten };
};

/** Compares the declared users of a track with what was declared before, and prepares what is to be sent on. */
export const declareUsers = async (
  entries: DeclaredEntries,
  track: Pick<WrittenTrack, 'users' | 'external_users'>,
  hash: Hash,
): Promise<DeclaredUsers> => {
  const users = await Promise.all(track.users.map((written) => declareUser(entries, written, hash)));
  const external = (track.external_users ?? []).map((written): Part => {
    const { entry, renamed, changed, outdated } = entries.externalUser(written);
    const forgotten = renamed === undefined ? [] : [{ kind: entry.kind, name: renamed }];
    if (changed === 'all') return { external_user: written, declared: [entry], forgotten };
    if (changed.length === 0) return { declared: outdated ? [entry] : [], forgotten };
    return { external_user: { ...written, changed: [...changed] }, declared: [entry], forgotten };
  });
  const parts: readonly Part[] = [...users, ...external];
  return {
    users: parts.flatMap(({ user }) => user ?? []),
    external_users: parts.flatMap(({ external_user }) => external_user ?? []),
    declared: parts.flatMap(({ declared }) => declared),
    forgotten: parts.flatMap(({ forgotten }) => forgotten),
  };
};

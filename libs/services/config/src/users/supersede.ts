import type { ImportedExternalUser, ImportedUser } from '@corsac/model';
import { nameOfExternalUser } from './declared-entries.js';

/** Users on their way of one kind. */
export type OnTheirWay = ImportedUser | ImportedExternalUser;

/** Users that wait, as they stand in a batch that was written before. */
export interface WaitingBatch<User extends OnTheirWay> {
  readonly id: string;
  readonly users: readonly User[];
}

/** What is written in place of what waited: nobody is in two batches afterwards. */
export interface Superseded<User extends OnTheirWay> {
  /** The new declarations, completed by what was still on its way of them. */
  readonly users: readonly User[];
  /** Older batches that have lost somebody. */
  readonly left: readonly WaitingBatch<User>[];
}

const identifiersOf = (user: OnTheirWay): readonly string[] => {
  if ('up_party' in user) return [nameOfExternalUser(user)];
  const { user_id, email, username, phone } = user;
  return Object.entries({ user_id, email, username, phone }).flatMap(([kind, value]) =>
    value === undefined ? [] : [`${kind} ${value}`],
  );
};

/** A newer declaration over an older one that was not yet accepted. One that says everything stands for itself. */
const over = <User extends OnTheirWay>(newer: User, older: User): User => {
  if (newer.changed === undefined) return newer;
  const changed = newer.changed as readonly string[];
  const kept = Object.entries(older).filter(([field]) => field !== 'changed' && !changed.includes(field));
  const both = [...new Set([...((older.changed ?? []) as readonly string[]), ...changed])];
  const { changed: _changed, ...said } = newer;
  return { ...Object.fromEntries(kept), ...said, ...(older.changed !== undefined && { changed: both }) } as User;
};

/**
 * Takes users that are declared anew out of batches that wait, however long those were refused: what is accepted later must
 * not be older than what was accepted before it. What only the older declaration said goes on with the new one.
 * @param waiting oldest first
 */
export const supersede = <User extends OnTheirWay>(
  users: readonly User[],
  waiting: readonly WaitingBatch<User>[],
): Superseded<User> => {
  const byIdentifier = new Map(users.flatMap((user, at) => identifiersOf(user).map((name) => [name, at] as const)));
  const older = new Map<number, User>();
  const left = waiting.map(({ id, users: before }) => ({
    id,
    users: before.filter((user) => {
      const at = identifiersOf(user).flatMap((name) => byIdentifier.get(name) ?? [])[0];
      if (at === undefined) return true;
      const still = older.get(at);
      older.set(at, still ? over(user, still) : user);
      return false;
    }),
  }));
  return {
    users: users.map((user, at) => {
      const before = older.get(at);
      return before ? over(user, before) : user;
    }),
    left: left.filter(({ users: kept }, at) => kept.length < (waiting[at]?.users.length ?? 0)),
  };
};

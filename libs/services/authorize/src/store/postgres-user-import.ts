import { randomUUID } from 'node:crypto';
import type { SeenUser } from '@corsac/contracts';
import { isEqual, type ImportedUser, type User } from '@corsac/model';
import type { IdentifierKind, Imported, UserPlace } from '../users/user-store.js';
import { statement, type Run, type Sql } from './sql.js';

const lock = statement('import.lock', 'select pg_advisory_xact_lock(hashtextextended($1, 0))');
const owners = statement(
  'import.owners',
  `select identifier, user_id from user_identifiers where tenant = $1 and track = $2 and identifier = any($3)`,
);
const known = statement(
  'import.known',
  `select user_id, email, phone, username, email_verified, phone_verified, confirm_account, change_password,
     require_multi_factor, disabled, roles, claims, epoch, password_hash
   from users where tenant = $1 and track = $2 and user_id = any($3) for update`,
);
const upsert = statement(
  'import.upsert',
  `insert into users (tenant, track, user_id, email, phone, username, password_hash, password_changed, email_verified,
     phone_verified, confirm_account, change_password, require_multi_factor, disabled, roles, claims, epoch, created, updated)
   select $1, $2, r.user_id, r.email, r.phone, r.username, r.password_hash, $4, r.email_verified, r.phone_verified,
     r.confirm_account, r.change_password, r.require_multi_factor, r.disabled, r.roles, r.claims, r.epoch, $4, $4
   from jsonb_to_recordset($3::jsonb) as r (user_id text, email text, phone text, username text, password_hash text,
     email_verified boolean, phone_verified boolean, confirm_account boolean, change_password boolean,
     require_multi_factor boolean, disabled boolean, roles jsonb, claims jsonb, epoch bigint)
   on conflict (tenant, track, user_id) do update set
     email = excluded.email, phone = excluded.phone, username = excluded.username,
     password_hash = coalesce(excluded.password_hash, users.password_hash),
     password_changed = case when excluded.password_hash is distinct from users.password_hash
       and excluded.password_hash is not null then excluded.password_changed else users.password_changed end,
     email_verified = excluded.email_verified, phone_verified = excluded.phone_verified,
     confirm_account = excluded.confirm_account, change_password = excluded.change_password,
     require_multi_factor = excluded.require_multi_factor, disabled = excluded.disabled,
     roles = excluded.roles, claims = excluded.claims, epoch = excluded.epoch, updated = excluded.updated`,
);
const dropIdentifiers = statement(
  'import.drop_identifiers',
  'delete from user_identifiers where tenant = $1 and track = $2 and user_id = any($3)',
);
const addIdentifiers = statement(
  'import.add_identifiers',
  `insert into user_identifiers (tenant, track, user_id, identifier, kind)
   select $1, $2, named.user_id, named.identifier, named.kind
   from unnest($3::text[], $4::text[], $5::text[]) as named (user_id, identifier, kind)`,
);
const noteEndings = statement(
  'import.note_endings',
  `insert into user_endings (tenant, track, user_id, cause, sessions, grants, epoch)
   select $1, $2, ended.id, ended.cause, true, true, ended.epoch
   from unnest($3::text[], $4::text[], $5::bigint[]) as ended (id, cause, epoch)`,
);

interface Known extends Omit<User, 'user_id' | 'email' | 'phone' | 'username' | 'password_hash'> {
  readonly user_id: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly username: string | null;
  readonly password_hash: string | null;
  readonly epoch: string;
}

interface Work {
  readonly place: UserPlace;
  readonly users: readonly ImportedUser[];
  readonly now: number;
  readonly seen?: readonly (SeenUser | null)[];
}

type Named = ImportedUser & { readonly user_id: string };
/** As it will be kept. */
type Merged = Omit<Named, 'changed'> & { readonly epoch: number };

interface Identifier {
  readonly user_id: string;
  readonly identifier: string;
  readonly kind: IdentifierKind;
}

const kinds = ['email', 'phone', 'username'] as const;

const identifiersOf = (user: Merged): Identifier[] => {
  const all = kinds.flatMap((kind) => {
    const identifier = user[kind];
    return identifier === undefined ? [] : [{ user_id: user.user_id, identifier, kind }];
  });
  return all.filter(({ identifier }, index) => all.findIndex((other) => other.identifier === identifier) === index);
};

const textsOf = (user: Pick<User, IdentifierKind>): string[] => kinds.flatMap((kind) => user[kind] ?? []);

/**
 * Puts users into a track in one transaction, a handful of statements whatever their number. Imports of a track follow
 * one another. Who becomes disabled by it or gets another password loses sessions and grants: that is noted in the same transaction.
 */
export const importUsers = (
  sql: Sql,
  { place, users, now, seen }: Work,
): Promise<Imported | { readonly taken: string } | 'changed_meanwhile'> =>
  sql.transact(async (run) => {
    const { tenant, track } = place;
    await run(lock, [`users of ${tenant}/${track}`]);
    const ownerOf = await ownersOf(run, place, users.flatMap(textsOf));
    const named = users.map((user): Named => ({
      ...user,
      user_id: user.user_id ?? ownerIn(ownerOf, user) ?? randomUUID(),
    }));
    const rows = await run<Known>(known, [tenant, track, named.map(({ user_id }) => user_id)]);
    const before = new Map(rows.map((row) => [row.user_id, row]));
    const isExpected = (user: Named, index: number): boolean => isAsSeen(user, before.get(user.user_id), seen?.[index]);
    if (!named.every(isExpected)) return 'changed_meanwhile';
    // Only some fields of somebody who is not there make no user: without a password nobody could be it.
    const unknown = named.flatMap(({ user_id, changed }, index) => (changed && !before.has(user_id) ? [index] : []));
    const written = named
      .filter((_, index) => !unknown.includes(index))
      .map((user) => merged(user, before.get(user.user_id)));
    // Of a user that stands twice in an import the last counts.
    const next = [...new Map(written.map((user) => [user.user_id, user])).values()];
    const claimed = claim(next, await ownersOf(run, place, next.flatMap(textsOf)));
    if ('taken' in claimed) return claimed;
    if (next.length > 0) await write(run, place, { next, identifiers: claimed.identifiers, now });
    const ended = next.filter(({ user_id, epoch }) => epoch > Number(before.get(user_id)?.epoch ?? 0));
    if (ended.length > 0)
      await run(noteEndings, [
        tenant,
        track,
        ended.map(({ user_id }) => user_id),
        ended.map(({ disabled }) => (disabled ? 'disabled' : 'password_changed')),
        ended.map(({ epoch }) => epoch),
      ]);
    const updated = next.filter(({ user_id }) => before.has(user_id)).length;
    return { created: next.length - updated, updated, ...(unknown.length > 0 && { unknown }) };
  });

const write = async (
  run: Run,
  { tenant, track }: UserPlace,
  { next, identifiers, now }: { next: readonly Merged[]; identifiers: readonly Identifier[]; now: number },
): Promise<void> => {
  await run(upsert, [tenant, track, JSON.stringify(next), now]);
  await run(dropIdentifiers, [tenant, track, next.map(({ user_id }) => user_id)]);
  await run(addIdentifiers, [
    tenant,
    track,
    identifiers.map(({ user_id }) => user_id),
    identifiers.map(({ identifier }) => identifier),
    identifiers.map(({ kind }) => kind),
  ]);
};

const ownersOf = async (
  run: Run,
  { tenant, track }: UserPlace,
  texts: readonly string[],
): Promise<Map<string, string>> => {
  const found = await run<{ identifier: string; user_id: string }>(owners, [tenant, track, texts]);
  return new Map(found.map(({ identifier, user_id }) => [identifier, user_id]));
};

const ownerIn = (ownerOf: ReadonlyMap<string, string>, user: ImportedUser): string | undefined =>
  textsOf(user)
    .map((text) => ownerOf.get(text))
    .find((id) => id !== undefined);

/** What is kept of the user as it stands, and what is taken over: everything, or only the fields that are named. */
const merged = ({ changed, ...user }: Named, before: Known | undefined): Merged => {
  const kept = before && { ...before, email: before.email ?? undefined, phone: before.phone ?? undefined };
  const all = { ...kept, username: before?.username ?? undefined, password_hash: undefined };
  const fields = changed?.map((field) => (field === 'password' ? ('password_hash' as const) : field));
  const taken = fields ? Object.fromEntries(fields.map((field) => [field, user[field]])) : {};
  const next = fields ? ({ ...all, ...taken, user_id: user.user_id } as Named) : user;
  const epoch = Number(before?.epoch ?? 0);
  return { ...next, epoch: before && isEnding(next, before) ? epoch + 1 : epoch };
};

/** Whoever was signed in with what stood before has to sign in again. */
const isEnding = ({ disabled, password_hash }: Named, before: Known): boolean =>
  (disabled && !before.disabled) ||
  (password_hash !== undefined && before.password_hash !== null && password_hash !== before.password_hash);

const compared = [
  'email',
  'phone',
  'username',
  'email_verified',
  'phone_verified',
  'confirm_account',
  'change_password',
  'require_multi_factor',
  'disabled',
  'roles',
  'claims',
] as const satisfies readonly (keyof SeenUser)[];

type Compared = { readonly user_id: string } & { readonly [Field in (typeof compared)[number]]?: unknown };

const isSame = (row: Compared, other: Compared): boolean =>
  row.user_id === other.user_id && compared.every((field) => isEqual(row[field] ?? null, other[field] ?? null));

/** As somebody saw it, or as it would become: what is asked twice is done once, and the second time is no fault. */
const isAsSeen = (user: Named, row: Known | undefined, seen: SeenUser | null | undefined): boolean => {
  if (seen === undefined) return true;
  if (row === undefined) return seen === null;
  return (seen !== null && isSame(row, seen)) || isSame(row, merged(user, row));
};

/** Whose the identifiers are to be: each one user's. They may pass from one to another within one import, but only to one. */
const claim = (
  next: readonly Merged[],
  ownerOf: ReadonlyMap<string, string>,
): { identifiers: readonly Identifier[] } | { taken: string } => {
  const identifiers = next.flatMap(identifiersOf);
  const leaving = new Set(next.map(({ user_id }) => user_id));
  const claimed = new Map<string, string>();
  for (const { identifier, user_id } of identifiers) {
    const owner = claimed.get(identifier) ?? ownerOf.get(identifier);
    const isFree = owner === undefined || owner === user_id || (!claimed.has(identifier) && leaving.has(owner));
    if (!isFree) return { taken: identifier };
    claimed.set(identifier, user_id);
  }
  return { identifiers };
};

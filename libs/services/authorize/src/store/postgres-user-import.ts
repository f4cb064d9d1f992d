import { randomUUID } from 'node:crypto';
import type { User } from '@corsac/model';
import type { IdentifierKind, Imported, UserPlace } from '../users/user-store.js';
import { statement, type Run, type Sql } from './sql.js';

const lock = statement('import.lock', 'select pg_advisory_xact_lock(hashtextextended($1, 0))');
const owners = statement(
  'import.owners',
  `select identifier, user_id from user_identifiers where tenant = $1 and track = $2 and identifier = any($3)`,
);
const known = statement(
  'import.known',
  'select user_id, disabled from users where tenant = $1 and track = $2 and user_id = any($3)',
);
const upsert = statement(
  'import.upsert',
  `insert into users (tenant, track, user_id, email, phone, username, password_hash, password_changed, email_verified,
     phone_verified, confirm_account, change_password, require_multi_factor, disabled, roles, claims, created, updated)
   select $1, $2, r.user_id, r.email, r.phone, r.username, r.password_hash, $4, r.email_verified, r.phone_verified,
     r.confirm_account, r.change_password, r.require_multi_factor, r.disabled, r.roles, r.claims, $4, $4
   from jsonb_to_recordset($3::jsonb) as r (user_id text, email text, phone text, username text, password_hash text,
     email_verified boolean, phone_verified boolean, confirm_account boolean, change_password boolean,
     require_multi_factor boolean, disabled boolean, roles jsonb, claims jsonb)
   on conflict (tenant, track, user_id) do update set
     email = excluded.email, phone = excluded.phone, username = excluded.username,
     password_hash = coalesce(excluded.password_hash, users.password_hash),
     password_changed = case when excluded.password_hash is distinct from users.password_hash
       and excluded.password_hash is not null then excluded.password_changed else users.password_changed end,
     email_verified = excluded.email_verified, phone_verified = excluded.phone_verified,
     confirm_account = excluded.confirm_account, change_password = excluded.change_password,
     require_multi_factor = excluded.require_multi_factor, disabled = excluded.disabled,
     roles = excluded.roles, claims = excluded.claims, updated = excluded.updated`,
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
  `insert into user_endings (tenant, track, user_id, cause, sessions, grants)
   select $1, $2, id, 'disabled', true, true from unnest($3::text[]) as id`,
);

type Named = User & { readonly user_id: string };
interface Identifier {
  readonly user_id: string;
  readonly identifier: string;
  readonly kind: IdentifierKind;
}

const kinds = ['email', 'phone', 'username'] as const;

const identifiersOf = (user: Named): Identifier[] => {
  const all = kinds.flatMap((kind) => {
    const identifier = user[kind];
    return identifier === undefined ? [] : [{ user_id: user.user_id, identifier, kind }];
  });
  return all.filter(({ identifier }, index) => all.findIndex((other) => other.identifier === identifier) === index);
};

const textsOf = (user: User): string[] => kinds.flatMap((kind) => user[kind] ?? []);

/**
 * Puts users into a track in one transaction, a handful of statements whatever their number. Imports of a track follow
 * one another. Who becomes disabled by it loses sessions and grants: that is noted in the same transaction.
 */
export const importUsers = (
  sql: Sql,
  { place, users, now }: { place: UserPlace; users: readonly User[]; now: number },
): Promise<Imported | { readonly taken: string }> =>
  sql.transact(async (run) => {
    const { tenant, track } = place;
    await run(lock, [`users of ${tenant}/${track}`]);
    const named = await nameUsers(run, place, users);
    if ('taken' in named) return named;
    const ids = named.users.map(({ user_id }) => user_id);
    const before = new Map(
      (await run<{ user_id: string; disabled: boolean }>(known, [tenant, track, ids])).map((row) => [row.user_id, row]),
    );
    await run(upsert, [tenant, track, JSON.stringify(named.users), now]);
    await run(dropIdentifiers, [tenant, track, ids]);
    const { identifiers } = named;
    await run(addIdentifiers, [
      tenant,
      track,
      identifiers.map(({ user_id }) => user_id),
      identifiers.map(({ identifier }) => identifier),
      identifiers.map(({ kind }) => kind),
    ]);
    const newlyDisabled = named.users.filter(
      ({ user_id, disabled }) => disabled && before.get(user_id)?.disabled === false,
    );
    if (newlyDisabled.length > 0) await run(noteEndings, [tenant, track, newlyDisabled.map(({ user_id }) => user_id)]);
    return { created: ids.length - before.size, updated: before.size };
  });

/** Gives every user its id: the one it names, that of the user who has its identifiers, or a new one. */
const nameUsers = async (
  run: Run,
  { tenant, track }: UserPlace,
  users: readonly User[],
): Promise<{ users: readonly Named[]; identifiers: readonly Identifier[] } | { taken: string }> => {
  const found = await run<{ identifier: string; user_id: string }>(owners, [tenant, track, users.flatMap(textsOf)]);
  const ownerOf = new Map(found.map(({ identifier, user_id }) => [identifier, user_id]));
  const all = users.map((user): Named => {
    const owner = textsOf(user)
      .map((text) => ownerOf.get(text))
      .find((id) => id !== undefined);
    return { ...user, user_id: user.user_id ?? owner ?? randomUUID() };
  });
  // Of a user that stands twice in an import the last counts.
  const named = [...new Map(all.map((user) => [user.user_id, user])).values()];
  const identifiers = named.flatMap(identifiersOf);
  const leaving = new Set(named.map(({ user_id }) => user_id));
  const claimed = new Map<string, string>();
  for (const { identifier, user_id } of identifiers) {
    const owner = claimed.get(identifier) ?? ownerOf.get(identifier);
    // An identifier may pass from one user to another within one import, but only to one.
    const isFree = owner === undefined || owner === user_id || (!claimed.has(identifier) && leaving.has(owner));
    if (!isFree) return { taken: identifier };
    claimed.set(identifier, user_id);
  }
  return { users: named, identifiers };
};

import type { SeenUser } from '@corsac/contracts';
import { attempt, Batcher } from '@corsac/data';
import type { Claims, ImportedUser, User } from '@corsac/model';
import type {
  EnrolledFactor,
  FoundUser,
  IdentifierKind,
  Imported,
  ListedUser,
  NewUser,
  PasswordChange,
  StoredUser,
  UserPage,
  UserPlace,
  UserStore,
} from '../users/user-store.js';
import { importUsers } from './postgres-user-import.js';
import { statement, type Sql } from './sql.js';

const columns = `u.user_id, u.email, u.phone, u.username, u.password_hash, u.password_changed, u.password_history,
  u.email_verified, u.phone_verified, u.confirm_account, u.change_password, u.require_multi_factor, u.disabled, u.roles,
  u.claims, u.totp_seed, u.recovery_codes, u.epoch`;
const one = 'where tenant = $1 and track = $2 and user_id = $3';

// Behind a select the planner cannot see how many are asked for: it keeps one plan instead of making one for every statement.
const find = statement(
  'users.find',
  `select asked.n::int as n, found.* from unnest((select $1::text[]), (select $2::text[]), (select $3::text[]))
     with ordinality as asked (tenant, track, identifier, n),
   lateral (select i.kind, ${columns} from user_identifiers i join users u using (tenant, track, user_id)
     where i.tenant = asked.tenant and i.track = asked.track and i.identifier = asked.identifier limit 1) as found`,
);
const read = statement('users.read', `select ${columns} from users u ${one}`);
const insert = statement(
  'users.insert',
  `insert into users (tenant, track, user_id, email, phone, username, password_hash, password_changed, email_verified,
     require_multi_factor, claims, created, updated)
   values ($1, $2, $3, $4, $5, $6, $7, $11, $8, $9, $10, $11, $11)`,
);
const insertIdentifiers = statement(
  'users.insert_identifiers',
  `insert into user_identifiers (tenant, track, user_id, identifier, kind)
   select $1, $2, $3, identifier, kind from unnest($4::text[], $5::text[]) as named (identifier, kind)`,
);
const rehash = statement('users.rehash', `update users set password_hash = $5 ${one} and password_hash = $4`);
const changePassword = statement(
  'users.change_password',
  `update users set password_hash = $4, password_changed = $5, updated = $5, change_password = false, epoch = epoch + 1,
     email_verified = email_verified or $6,
     password_history = (array_remove(array_prepend(password_hash, password_history), null))[1:$7]
   ${one} returning epoch`,
);
const noteEnding = statement(
  'users.note_ending',
  `insert into user_endings (tenant, track, user_id, cause, sessions, grants, epoch)
   values ($1, $2, $3, $4, $5, $6, $7)`,
);
const confirmEmail = statement(
  'users.confirm_email',
  `update users set email_verified = true, updated = $5 ${one} and email = $4`,
);
const enrol = statement(
  'users.enrol',
  `update users set totp_seed = $4, totp_step = $5, recovery_codes = $6, updated = $7 ${one} and totp_seed is null
   returning user_id`,
);
const useStep = statement(
  'users.use_totp_step',
  `update users set totp_step = $4 ${one} and totp_step < $4 returning user_id`,
);
const useRecovery = statement(
  'users.use_recovery_code',
  `update users set recovery_codes = array_remove(recovery_codes, $4) ${one} and $4 = any(recovery_codes) returning user_id`,
);
const list = statement(
  'users.list',
  `select ${columns}, u.created, u.updated from users u
   where tenant = $1 and track = $2 and user_id > $3 and ($4::text is null or user_id = $4)
     and ($5::text is null or position($5 in lower(concat_ws(' ', email, phone, username, claims ->> 'name'))) > 0)
   order by user_id limit $6`,
);
const remove = statement('users.remove', `delete from users ${one} returning epoch + 1 as epoch`);
const resetFactor = statement(
  'users.reset_factor',
  `update users set totp_seed = null, totp_step = 0, recovery_codes = '{}', updated = $4 ${one} returning user_id`,
);
const removeTrack = statement('users.remove_track', 'delete from users where tenant = $1 and track = $2');

/** A row as node-postgres gives it: bigint as text, nothing as null. */
export interface UserRow {
  readonly user_id: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly username: string | null;
  readonly password_hash: string | null;
  readonly password_changed: string;
  readonly password_history: string[];
  readonly email_verified: boolean;
  readonly phone_verified: boolean;
  readonly confirm_account: boolean;
  readonly change_password: boolean;
  readonly require_multi_factor: boolean;
  readonly disabled: boolean;
  readonly roles: string[];
  readonly claims: Claims;
  readonly totp_seed: string | null;
  readonly recovery_codes: string[];
  readonly epoch: string;
}

const userOf = ({ email, phone, username, password_hash, totp_seed, ...row }: UserRow): StoredUser => ({
  ...row,
  password_changed: Number(row.password_changed),
  epoch: Number(row.epoch),
  ...(email !== null && { email }),
  ...(phone !== null && { phone }),
  ...(username !== null && { username }),
  ...(password_hash !== null && { password_hash }),
  ...(totp_seed !== null && { totp_seed }),
});

/** Identifiers of a user with their kinds; the same text under two kinds is one. */
export const identifiersOf = (user: Pick<User, IdentifierKind>): ReadonlyMap<string, IdentifierKind> => {
  const kinds = ['username', 'phone', 'email'] as const;
  return new Map(kinds.flatMap((kind) => (user[kind] === undefined ? [] : [[user[kind], kind] as const])));
};

/** Users in Postgres. Those who are looked for at the same moment share a statement. */
export class PostgresUserStore implements UserStore {
  private readonly finds: Batcher<UserPlace & { identifier: string }, FoundUser | undefined>;

  constructor(private readonly sql: Sql) {
    this.finds = new Batcher({ atOnce: 2, run: (asked) => this.findAll(asked) });
  }

  async find({ tenant, track }: UserPlace, identifier: string): Promise<FoundUser | undefined> {
    // Postgres refuses a NUL in a text, and would refuse those who share the statement too.
    if (identifier.includes('\0')) return undefined;
    return this.finds.add({ tenant, track, identifier });
  }

  private async findAll(asked: readonly (UserPlace & { identifier: string })[]): Promise<(FoundUser | undefined)[]> {
    const column = (name: 'tenant' | 'track' | 'identifier'): string[] => asked.map((each) => each[name]);
    const values = [column('tenant'), column('track'), column('identifier')];
    const rows = await this.sql.run<UserRow & { kind: IdentifierKind; n: number }>(find, values);
    const found = new Map(rows.map(({ n, kind, ...user }) => [n, { user: userOf(user), kind }]));
    return asked.map((_, at) => found.get(at + 1));
  }

  async read({ tenant, track }: UserPlace, user_id: string): Promise<StoredUser | undefined> {
    const [row] = await this.sql.run<UserRow>(read, [tenant, track, user_id]);
    return row && userOf(row);
  }

  async create({ tenant, track }: UserPlace, user: NewUser, now: number): Promise<boolean> {
    const identifiers = identifiersOf(user);
    const created = await attempt(() =>
      this.sql.transact(async (run) => {
        await run(insert, [
          tenant,
          track,
          user.user_id,
          user.email ?? null,
          user.phone ?? null,
          user.username ?? null,
          user.password_hash,
          user.email_verified,
          user.require_multi_factor,
          JSON.stringify(user.claims),
          now,
        ]);
        const names = [...identifiers.keys()];
        await run(insertIdentifiers, [tenant, track, user.user_id, names, [...identifiers.values()]]);
      }),
    );
    if (created.ok) return true;
    if (created.error.kind === 'duplicate') return false;
    throw new Error(`a user could not be created: ${created.error.kind}`);
  }

  import(
    place: UserPlace,
    users: readonly ImportedUser[],
    now: number,
    seen?: readonly (SeenUser | null)[],
  ): Promise<Imported | { readonly taken: string } | 'changed_meanwhile'> {
    return importUsers(this.sql, { place, users, now, seen });
  }

  async rehash({ tenant, track }: UserPlace, user_id: string, hashes: { old: string; next: string }): Promise<void> {
    await this.sql.run(rehash, [tenant, track, user_id, hashes.old, hashes.next]);
  }

  async changePassword(
    { tenant, track }: UserPlace,
    user_id: string,
    change: PasswordChange & { now: number },
  ): Promise<number> {
    const { password_hash, now, history, email_verified = false, end } = change;
    return this.sql.transact(async (run) => {
      const values = [tenant, track, user_id, password_hash, now, email_verified, history];
      const [row] = await run<{ epoch: string }>(changePassword, values);
      const epoch = Number(row?.epoch ?? 0);
      if (row && (end.sessions || end.grants))
        await run(noteEnding, [tenant, track, user_id, 'password_changed', end.sessions, end.grants, epoch]);
      return epoch;
    });
  }

  async confirmEmail({ tenant, track }: UserPlace, user_id: string, email: string, now: number): Promise<void> {
    await this.sql.run(confirmEmail, [tenant, track, user_id, email, now]);
  }

  async enrol(
    { tenant, track }: UserPlace,
    user_id: string,
    factor: EnrolledFactor & { now: number },
  ): Promise<boolean> {
    const { totp_seed, totp_step, recovery_codes, now } = factor;
    const values = [tenant, track, user_id, totp_seed, totp_step, recovery_codes, now];
    return (await this.sql.run(enrol, values)).length === 1;
  }

  async useTotpStep({ tenant, track }: UserPlace, user_id: string, step: number): Promise<boolean> {
    return (await this.sql.run(useStep, [tenant, track, user_id, step])).length === 1;
  }

  async useRecoveryCode({ tenant, track }: UserPlace, user_id: string, hash: string): Promise<boolean> {
    return (await this.sql.run(useRecovery, [tenant, track, user_id, hash])).length === 1;
  }

  async list({ tenant, track }: UserPlace, page: UserPage): Promise<ListedUser[]> {
    const filter = page.filter?.toLowerCase() ?? null;
    const values = [tenant, track, page.after ?? '', page.user_id ?? null, filter, page.limit];
    const rows = await this.sql.run<UserRow & { created: string; updated: string }>(list, values);
    return rows.map(({ created, updated, ...row }) => ({
      ...userOf(row),
      created: Number(created),
      updated: Number(updated),
    }));
  }

  async remove({ tenant, track }: UserPlace, user_id: string): Promise<boolean> {
    return this.sql.transact(async (run) => {
      const [removed] = await run<{ epoch: string }>(remove, [tenant, track, user_id]);
      if (removed) await run(noteEnding, [tenant, track, user_id, 'disabled', true, true, removed.epoch]);
      return removed !== undefined;
    });
  }

  async resetFactor({ tenant, track }: UserPlace, user_id: string, now: number): Promise<boolean> {
    return (await this.sql.run(resetFactor, [tenant, track, user_id, now])).length === 1;
  }

  async removeTrack({ tenant, track }: UserPlace): Promise<void> {
    await this.sql.run(removeTrack, [tenant, track]);
  }
}

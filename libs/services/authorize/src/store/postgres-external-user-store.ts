import { randomUUID } from 'node:crypto';
import type { SeenExternalUser } from '@corsac/contracts';
import type { StatementValue } from '@corsac/data';
import type { Claims, ImportedExternalUser } from '@corsac/model';
import type {
  ExternalPlace,
  ExternalRecord,
  ExternalUserPage,
  ExternalUserStore,
  FoundRecord,
  ListedExternalUser,
  SignInOfRecord,
} from '../external-users/external-user-store.js';
import type { Imported, UserPlace } from '../users/user-store.js';
import { importExternalUsers } from './postgres-external-user-import.js';
import { statement, unlessDuplicate, type Run, type Sql } from './sql.js';

const record = 'user_id, disabled, claims, epoch';
const one = 'where tenant = $1 and track = $2 and user_id = $3';
const touched = 'last_sign_in = $5, expires = case when $6::bigint > 0 then $5::bigint + $6::bigint else 0 end';

const findLinked = statement(
  'external.find_linked',
  `update external_users set ${touched}
   where tenant = $1 and track = $2 and up_party = $3 and link_claim_value = $4 and (expires = 0 or expires > $5)
   returning ${record}`,
);
/** One statement: of many at once the first takes the record, the others find it linked. */
const redeem = statement(
  'external.redeem',
  `update external_users set link_claim_value = $4, updated = $5, ${touched}
   where tenant = $1 and track = $2 and up_party = $3 and redemption_claim_value = $7 and link_claim_value is null
   returning ${record}`,
);
const forgetExpired = statement(
  'external.forget_expired',
  'delete from external_users where tenant = $1 and track = $2 and expires > 0 and expires <= $3',
);
const insert = statement(
  'external.insert',
  `insert into external_users (tenant, track, up_party, link_claim_value, user_id, claims, last_sign_in, expires, created, updated)
   values ($1, $2, $3, $4, $7, $8, $5, case when $6::bigint > 0 then $5::bigint + $6::bigint else 0 end, $5, $5)
   on conflict do nothing returning ${record}`,
);
const list = statement(
  'external.list',
  `select user_id, up_party, link_claim_value, redemption_claim_value, disabled, claims, last_sign_in, expires, created, updated
   from external_users
   where tenant = $1 and track = $2 and user_id > $3 and ($4::text is null or user_id = $4)
     and ($5::text is null or up_party = $5)
     and ($6::text is null or position($6 in lower(concat_ws(' ', link_claim_value, redemption_claim_value, claims ->> 'name'))) > 0)
   order by user_id limit $7`,
);
const remove = statement('external.remove', `delete from external_users ${one} returning epoch + 1 as epoch`);
const read = statement('external.read', `select redemption_claim_value from external_users ${one} for update`);
const unlink = statement(
  'external.unlink',
  `update external_users set link_claim_value = null, expires = 0, epoch = epoch + 1, updated = $4 ${one} returning epoch`,
);
const noteEnding = statement(
  'external.note_ending',
  `insert into user_endings (tenant, track, user_id, cause, sessions, grants, epoch)
   values ($1, $2, $3, 'disabled', true, true, $4)`,
);
const removeTrack = statement('external.remove_track', 'delete from external_users where tenant = $1 and track = $2');

/** A row as node-postgres gives it: bigint as text. */
interface RecordRow {
  readonly user_id: string;
  readonly disabled: boolean;
  readonly claims: Claims;
  readonly epoch: string;
}

interface ListRow extends Omit<RecordRow, 'epoch'> {
  readonly up_party: string;
  readonly link_claim_value: string | null;
  readonly redemption_claim_value: string | null;
  readonly last_sign_in: string;
  readonly expires: string;
  readonly created: string;
  readonly updated: string;
}

const recordOf = (row: RecordRow): ExternalRecord => ({ ...row, epoch: Number(row.epoch) });

const listedOf = ({ link_claim_value, redemption_claim_value, ...row }: ListRow): ListedExternalUser => ({
  ...row,
  ...(link_claim_value !== null && { link_claim_value }),
  ...(redemption_claim_value !== null && { redemption_claim_value }),
  last_sign_in: Number(row.last_sign_in),
  expires: Number(row.expires),
  created: Number(row.created),
  updated: Number(row.updated),
});

/** Records of external users in Postgres. */
export class PostgresExternalUserStore implements ExternalUserStore {
  constructor(private readonly sql: Sql) {}

  async signIn(place: ExternalPlace, sign_in: SignInOfRecord): Promise<FoundRecord | undefined> {
    const values = valuesOf(place, sign_in);
    const linked = await this.one('found', findLinked, values);
    if (linked || sign_in.redemption === undefined) return linked;
    // An expired record may still hold the link value.
    await this.sql.run(forgetExpired, [place.tenant, place.track, sign_in.now]);
    const redeemed = await unlessDuplicate(() => this.one('redeemed', redeem, [...values, sign_in.redemption]));
    return redeemed === undefined || redeemed === 'duplicate' ? this.one('found', findLinked, values) : redeemed;
  }

  async create(place: ExternalPlace, sign_in: SignInOfRecord & { readonly claims: Claims }): Promise<FoundRecord> {
    const values = valuesOf(place, sign_in);
    await this.sql.run(forgetExpired, [place.tenant, place.track, sign_in.now]);
    const created = await this.one('created', insert, [...values, randomUUID(), JSON.stringify(sign_in.claims)]);
    const found = created ?? (await this.one('found', findLinked, values));
    if (!found) throw new Error('an external user was neither created nor there');
    return found;
  }

  private async one(
    how: FoundRecord['how'],
    text: typeof findLinked,
    values: readonly StatementValue[],
  ): Promise<FoundRecord | undefined> {
    const [row] = await this.sql.run<RecordRow>(text, values);
    return row && { how, record: recordOf(row) };
  }

  import(
    place: UserPlace,
    users: readonly ImportedExternalUser[],
    now: number,
    seen?: readonly (SeenExternalUser | null)[],
  ): Promise<Imported | { readonly taken: true } | 'changed_meanwhile'> {
    return importExternalUsers(this.sql, { place, users, now, seen });
  }

  async list({ tenant, track }: UserPlace, page: ExternalUserPage): Promise<ListedExternalUser[]> {
    const { after = '', user_id = null, up_party = null, limit } = page;
    const filter = page.filter?.toLowerCase() ?? null;
    const rows = await this.sql.run<ListRow>(list, [tenant, track, after, user_id, up_party, filter, limit]);
    return rows.map(listedOf);
  }

  remove({ tenant, track }: UserPlace, user_id: string): Promise<boolean> {
    return this.sql.transact(async (run) => {
      const [removed] = await run<{ epoch: string }>(remove, [tenant, track, user_id]);
      if (removed) await run(noteEnding, [tenant, track, user_id, removed.epoch]);
      return removed !== undefined;
    });
  }

  unlink(place: UserPlace, user_id: string, now: number): Promise<'unlinked' | 'unknown_user' | 'not_redeemable'> {
    return this.sql.transact((run) => unlinkIn(run, place, user_id, now));
  }

  async removeTrack({ tenant, track }: UserPlace): Promise<void> {
    await this.sql.run(removeTrack, [tenant, track]);
  }
}

const valuesOf = (
  { tenant, track, up_party }: ExternalPlace,
  { link, now, lifetime }: SignInOfRecord,
): StatementValue[] => [tenant, track, up_party, link, now, lifetime];

const unlinkIn = async (
  run: Run,
  { tenant, track }: UserPlace,
  user_id: string,
  now: number,
): Promise<'unlinked' | 'unknown_user' | 'not_redeemable'> => {
  const [known] = await run<{ redemption_claim_value: string | null }>(read, [tenant, track, user_id]);
  if (!known) return 'unknown_user';
  // Without a redemption value nobody could ever come to the record again.
  if (known.redemption_claim_value === null) return 'not_redeemable';
  const [unlinked] = await run<{ epoch: string }>(unlink, [tenant, track, user_id, now]);
  await run(noteEnding, [tenant, track, user_id, unlinked?.epoch]);
  return 'unlinked';
};

import type { TrackName } from '../keys/key-store.js';
import type {
  EndedGrant,
  GrantFilter,
  GrantStore,
  NewRefreshGrant,
  RefreshGrant,
  Rotation,
  SignInGrant,
} from '../refresh-grants/grant-store.js';
import { statement, type Sql } from './sql.js';

const columns = `grant_id, tenant, track, client_id, sub, sid, generation, created, rotated_at, expires, dpop_jkt, granted,
  ended_at is not null as ended`;

const begin = statement(
  'grants.begin',
  `insert into refresh_grant (grant_id, tenant, track, client_id, sub, sid, created, rotated_at, expires, sweep_at, tokens_until,
     dpop_jkt, granted)
   values ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9, $10, $11, $12) on conflict (grant_id) do nothing returning grant_id`,
);
const rotate = statement(
  'grants.rotate',
  `update refresh_grant set generation = generation + 1, rotated_at = $6,
     expires = least($7::bigint, created + $8::bigint), tokens_until = greatest(tokens_until, $9::bigint)
   where grant_id = $1 and tenant = $2 and track = $3 and client_id = $4 and generation = $5 and expires > $6
     and ended_at is null and (dpop_jkt is null or dpop_jkt = $10)
   returning ${columns}`,
);
const find = statement(
  'grants.find',
  `select ${columns} from refresh_grant where grant_id = $1 and tenant = $2 and track = $3`,
);
/** What is left of an ended grant says only that it ended: its claims are nobody's business any more. */
const ending = `ended_at = now(), sweep_at = refresh_grant.tokens_until, granted = '{}'`;
const end = statement(
  'grants.end',
  `insert into refresh_grant (grant_id, tenant, track, client_id, created, rotated_at, expires, sweep_at, tokens_until, ended_at)
   values ($1, $2, $3, '', 0, 0, 0, $4, $4, now())
   on conflict (grant_id) do update set ended_at = coalesce(refresh_grant.ended_at, now()), granted = '{}',
     tokens_until = greatest(refresh_grant.tokens_until, $4), sweep_at = greatest(refresh_grant.tokens_until, $4)
   returning tokens_until`,
);
const filters = ['sub', 'client_id', 'grant_id', 'sid'] as const;

/** The condition of a filter over `$1`, `$2` (the track) and on: only what is said, so that each kind has its own plan and index. */
const fitting = ({ tenant, track }: TrackName, filter: GrantFilter) => {
  const said = filters.filter((column) => filter[column] !== undefined);
  const conditions = said.map((column, index) => ` and ${column} = $${index + 3}`).join('');
  return {
    kind: said.join('-'),
    where: `tenant = $1 and track = $2${conditions} and ended_at is null`,
    values: [tenant, track, ...said.map((column) => filter[column])],
  };
};

const endSessions = statement(
  'grants.end_sessions',
  `update refresh_grant set ${ending} from unnest($1::text[], $2::text[], $3::text[]) as gone (tenant, track, sid)
   where refresh_grant.tenant = gone.tenant and refresh_grant.track = gone.track and refresh_grant.sid = gone.sid
     and ended_at is null
   returning grant_id, refresh_grant.tenant, refresh_grant.track, tokens_until`,
);
const removeTrack = statement('grants.remove_track', 'delete from refresh_grant where tenant = $1 and track = $2');
const postpone = statement(
  'grants.postpone',
  'update refresh_grant set sweep_at = expires where sweep_at < $1 and expires >= $1 and ended_at is null',
);
const sweep = statement(
  'grants.sweep',
  'delete from refresh_grant where sweep_at < $1 and (ended_at is not null or expires < $1) returning 1 as gone',
);

/** Kept a little longer than needed, so that clocks may differ. Seconds. */
const afterEnd = 300;

interface GrantRow {
  readonly grant_id: string;
  readonly tenant: string;
  readonly track: string;
  readonly client_id: string;
  readonly sub: string;
  readonly sid: string;
  readonly generation: number;
  readonly created: string;
  readonly rotated_at: string;
  readonly expires: string;
  readonly dpop_jkt: string | null;
  readonly granted: SignInGrant;
  readonly ended: boolean;
}

const grantOf = ({ dpop_jkt, ...row }: GrantRow): RefreshGrant => ({
  ...row,
  created: Number(row.created),
  rotated_at: Number(row.rotated_at),
  expires: Number(row.expires),
  ...(dpop_jkt !== null && { dpop_jkt }),
});

interface EndedRow extends TrackName {
  readonly grant_id: string;
  readonly tokens_until: string;
}

const endedOf = ({ tenant, track, grant_id, tokens_until }: EndedRow): EndedGrant => ({
  tenant,
  track,
  kind: 'grant',
  id: grant_id,
  until: Number(tokens_until),
});

/** Refresh grants in Postgres. */
export class PostgresGrantStore implements GrantStore {
  constructor(private readonly sql: Sql) {}

  async begin(grant: NewRefreshGrant): Promise<boolean> {
    const rows = await this.sql.run(begin, [
      grant.grant_id,
      grant.tenant,
      grant.track,
      grant.client_id,
      grant.sub,
      grant.sid,
      grant.created,
      grant.expires,
      (grant.absolute_end ?? grant.expires) + afterEnd,
      grant.tokens_until,
      grant.dpop_jkt ?? null,
      JSON.stringify(grant.granted),
    ]);
    return rows.length === 1;
  }

  async rotate(use: Rotation): Promise<RefreshGrant | undefined> {
    const rows = await this.sql.run<GrantRow>(rotate, [
      use.grant_id,
      use.tenant,
      use.track,
      use.client_id,
      use.generation,
      use.now,
      use.sliding_end,
      use.absolute_lifetime ?? null,
      use.tokens_until,
      use.dpop_jkt ?? null,
    ]);
    return rows[0] && grantOf(rows[0]);
  }

  async find({ tenant, track }: TrackName, grant_id: string): Promise<RefreshGrant | undefined> {
    const [row] = await this.sql.run<GrantRow>(find, [grant_id, tenant, track]);
    return row && grantOf(row);
  }

  async end({ tenant, track }: TrackName, grant_id: string, tokens_until: number): Promise<EndedGrant> {
    const [row] = await this.sql.run<{ tokens_until: string }>(end, [grant_id, tenant, track, tokens_until]);
    return endedOf({ tenant, track, grant_id, tokens_until: row?.tokens_until ?? String(tokens_until) });
  }

  async endAll(name: TrackName, filter: GrantFilter): Promise<EndedGrant[]> {
    const { kind, where, values } = fitting(name, filter);
    const text = `update refresh_grant set ${ending} where ${where} returning grant_id, tenant, track, tokens_until`;
    return (await this.sql.run<EndedRow>(statement(`grants.end_all.${kind}`, text), values)).map(endedOf);
  }

  async endSessions(sessions: readonly (TrackName & { readonly sid: string })[]): Promise<EndedGrant[]> {
    const columns = [
      sessions.map(({ tenant }) => tenant),
      sessions.map(({ track }) => track),
      sessions.map(({ sid }) => sid),
    ];
    return (await this.sql.run<EndedRow>(endSessions, columns)).map(endedOf);
  }

  async list(
    name: TrackName,
    filter: GrantFilter & { limit: number; after?: string; now: number },
  ): Promise<RefreshGrant[]> {
    const { kind, where, values } = fitting(name, filter);
    const at = values.length;
    const text = `select ${columns} from refresh_grant where ${where} and expires > $${at + 1} and grant_id > $${at + 2}
      order by grant_id limit $${at + 3}`;
    const page = [filter.now, filter.after ?? '', filter.limit];
    return (await this.sql.run<GrantRow>(statement(`grants.list.${kind}`, text), [...values, ...page])).map(grantOf);
  }

  async removeTrack({ tenant, track }: TrackName): Promise<void> {
    await this.sql.run(removeTrack, [tenant, track]);
  }

  async sweep(now: number): Promise<number> {
    await this.sql.run(postpone, [now - afterEnd]);
    return (await this.sql.run(sweep, [now - afterEnd])).length;
  }
}

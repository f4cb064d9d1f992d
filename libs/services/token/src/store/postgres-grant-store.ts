import { Batcher, type StatementValue } from '@corsac/data';
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

const names = [
  'grant_id',
  'tenant',
  'track',
  'client_id',
  'sub',
  'sid',
  'generation',
  'created',
  'rotated_at',
  'expires',
];
const columnsOf = (table: string): string =>
  [...names, 'dpop_jkt', 'granted'].map((name) => `${table}.${name}`).join(', ') + ', ended_at is not null as ended';
const columns = columnsOf('refresh_grant');

const begin = statement(
  'grants.begin',
  `insert into refresh_grant (grant_id, tenant, track, client_id, sub, sid, created, rotated_at, expires, sweep_at, tokens_until,
     dpop_jkt, granted)
   select grant_id, tenant, track, client_id, sub, sid, created, created, expires, sweep_at, tokens_until, dpop_jkt, granted::jsonb
   from json_to_recordset($1::json) as asked (grant_id text, tenant text, track text, client_id text, sub text, sid text, created bigint,
     expires bigint, sweep_at bigint, tokens_until bigint, dpop_jkt text, granted text)
   on conflict (grant_id) do nothing returning grant_id`,
);
// Behind a select the planner cannot see how many are asked for: it keeps one plan instead of making one for every statement. And only the
// id may lead to the row: before its first look at the table, the planner believes that an application has few grants, and reads them all.
const rotate = statement(
  'grants.rotate',
  `update refresh_grant set generation = refresh_grant.generation + 1, rotated_at = used.now,
     expires = least(used.sliding_end, refresh_grant.created + used.absolute_lifetime),
     tokens_until = greatest(refresh_grant.tokens_until, used.tokens_until)
   from unnest((select $1::text[]), (select $2::text[]), (select $3::text[]), (select $4::text[]), (select $5::int[]),
     (select $6::bigint[]), (select $7::bigint[]), (select $8::bigint[]), (select $9::bigint[]), (select $10::text[]))
     as used (grant_id, tenant, track, client_id, generation, now, sliding_end, absolute_lifetime, tokens_until, dpop_jkt)
   where refresh_grant.grant_id = used.grant_id and refresh_grant.tenant is not distinct from used.tenant
     and refresh_grant.track is not distinct from used.track and refresh_grant.client_id is not distinct from used.client_id
     and refresh_grant.generation = used.generation
     and refresh_grant.expires > used.now and ended_at is null
     and (refresh_grant.dpop_jkt is null or refresh_grant.dpop_jkt = used.dpop_jkt)
   returning ${columns}`,
);
const find = statement(
  'grants.find',
  `select ${columns} from refresh_grant where grant_id = $1 and tenant is not distinct from $2 and track is not distinct from $3`,
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
  const { user } = filter;
  const of = user ? ofUser(said.length + 3) : '';
  return {
    kind: [...said, ...(user ? ['user'] : [])].join('-'),
    where: `tenant = $1 and track = $2${conditions}${of} and ended_at is null`,
    values: [
      tenant,
      track,
      ...said.map((column) => filter[column]),
      ...(user ? [user.user_id, user.before_epoch ?? null] : []),
    ],
  };
};

const recordOf = `granted #>> '{user,user_id}'`;
const epochOf = `coalesce((granted #>> '{user,epoch}')::bigint, 0)`;

/** Of a user's record. Grants from before grants knew it have none; theirs is told by the subject. */
const ofUser = (at: number): string =>
  ` and ((sub = $${at} and coalesce(${recordOf}, $${at}) = $${at}) or (${recordOf} = $${at} and ${recordOf} <> sub))
    and ($${at + 1}::bigint is null or ${epochOf} < $${at + 1})`;

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

const grantIdOf = ({ grant_id }: { readonly grant_id: string }): string => grant_id;

/** The columns of many rows, as `unnest` takes them. */
const columnsFrom = <Row>(rows: readonly Row[], cells: (row: Row) => StatementValue[]): StatementValue[][] => {
  const lines = rows.map(cells);
  return (lines[0] ?? []).map((_, at) => lines.map((line) => line[at]));
};

/** Refresh grants in Postgres. Those begun or used at the same moment share a statement and its commit. */
export class PostgresGrantStore implements GrantStore {
  private readonly begins;
  private readonly rotations;

  constructor(private readonly sql: Sql) {
    this.begins = new Batcher<NewRefreshGrant, boolean>({
      nameOf: grantIdOf,
      // Not paced: the answer waits for the mark of the code as well, which keeps a pace already.
      atOnce: 2,
      run: (grants) => this.beginAll(grants),
    });
    this.rotations = new Batcher<Rotation, RefreshGrant | undefined>({
      nameOf: grantIdOf,
      paced: true,
      run: (uses) => this.rotateAll(uses),
    });
  }

  begin(grant: NewRefreshGrant): Promise<boolean> {
    return this.begins.add(grant);
  }

  rotate(use: Rotation): Promise<RefreshGrant | undefined> {
    return this.rotations.add(use);
  }

  private async beginAll(grants: readonly NewRefreshGrant[]): Promise<boolean[]> {
    const asked = grants.map((grant) => ({
      ...grant,
      sweep_at: (grant.absolute_end ?? grant.expires) + afterEnd,
      granted: JSON.stringify(grant.granted),
    }));
    const begun = new Set((await this.sql.run<{ grant_id: string }>(begin, [JSON.stringify(asked)])).map(grantIdOf));
    return grants.map(({ grant_id }) => begun.has(grant_id));
  }

  private async rotateAll(uses: readonly Rotation[]): Promise<(RefreshGrant | undefined)[]> {
    const values = columnsFrom(uses, (use) => [
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
    const rotated = new Map((await this.sql.run<GrantRow>(rotate, values)).map((row) => [row.grant_id, grantOf(row)]));
    return uses.map(({ grant_id }) => rotated.get(grant_id));
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

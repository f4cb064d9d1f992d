import type { EndedKind, EndedThing } from '../ended/ended-memory.js';
import type { EndedStore } from '../ended/ended-store.js';
import { statement, type Sql } from './sql.js';

const revoke = statement(
  'ended.revoke',
  `insert into revoked_token (tenant, track, jti, tokens_until) values ($1, $2, $3, $4) on conflict do nothing`,
);
const since = statement(
  'ended.since',
  `with clock as (select (extract(epoch from clock_timestamp()) * 1000)::bigint as now_ms),
     ended as (
       select tenant, track, 'jti' as kind, jti as id, tokens_until from revoked_token
         where revoked_at >= to_timestamp($1::double precision / 1000) and tokens_until > $2
       union all
       select tenant, track, 'grant', grant_id, tokens_until from refresh_grant
         where ended_at >= to_timestamp($1::double precision / 1000) and tokens_until > $2
     )
   select clock.now_ms, ended.* from clock left join ended on true`,
);
const sweep = statement('ended.sweep', 'delete from revoked_token where tokens_until < $1');

type Row = { now_ms: string; tenant: string | null; track: string; kind: EndedKind; id: string; tokens_until: string };

/** Revoked tokens in Postgres, and what it says of ended grants. */
export class PostgresEndedStore implements EndedStore {
  constructor(private readonly sql: Sql) {}

  async revoke({ tenant, track, id, until }: EndedThing): Promise<void> {
    await this.sql.run(revoke, [tenant, track, id, until]);
  }

  async since(at_ms: number, now: number): Promise<{ ended: EndedThing[]; now_ms: number }> {
    const rows = await this.sql.run<Row>(since, [Math.max(0, at_ms), now]);
    const ended = rows.flatMap(({ tenant, track, kind, id, tokens_until }) =>
      tenant === null ? [] : [{ tenant, track, kind, id, until: Number(tokens_until) }],
    );
    return { ended, now_ms: Number(rows[0]?.now_ms ?? 0) };
  }

  async sweep(now: number): Promise<void> {
    await this.sql.run(sweep, [now]);
  }
}

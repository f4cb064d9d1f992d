import type { Pool, PoolClient } from 'pg';
import { checkSchema } from '../../postgres/connections.js';

/**
 * `value` is text, not jsonb: nobody looks into it, and it comes back as it was put. `spent` stands where `value` stood. The free space in the
 * pages lets a change stay beside its row; there is no index on `expires_at`, which would have to follow every touch of a session.
 */
const TABLES = [
  `create table if not exists item (
    key text collate "C" primary key, value text, spent text, version text not null, expires_at timestamptz not null
  ) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05)`,
  `create table if not exists item_counter (
    key text collate "C" primary key, count bigint not null, expires_at timestamptz not null
  ) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05)`,
  `create table if not exists item_member (
    index_name text collate "C", member text collate "C", expires_at timestamptz not null, primary key (index_name, member)
  ) with (autovacuum_vacuum_scale_factor = 0.05)`,
  `create table if not exists item_deadline (
    index_name text collate "C", member text collate "C", due_at float8 not null, primary key (index_name, member)
  ) with (autovacuum_vacuum_scale_factor = 0.05)`,
  'create index if not exists item_deadline_due on item_deadline (index_name, due_at)',
  `create table if not exists item_epoch (one boolean primary key default true check (one), epoch text not null default gen_random_uuid()::text)`,
  'insert into item_epoch default values on conflict do nothing',
];

/** The tables that hold rows with an end. */
export const EXPIRING = ['item', 'item_counter', 'item_member'] as const;

/** Makes the tables of an item store in the schema, under a lock, so that replicas may start at once. */
export async function makeItemTables(pool: Pool, schema: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `corsac items ${checkSchema(schema)}`,
    ]);
    if (!(await isComplete(client, schema))) await makeAll(client, schema);
    await client.query('commit');
  } catch (error) {
    client.release(true);
    throw error;
  }
  client.release();
}

async function isComplete(client: PoolClient, schema: string): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>('select to_regclass($1) is not null as found', [
    `${schema}.item_epoch`,
  ]);
  return rows[0]?.found ?? false;
}

async function makeAll(client: PoolClient, schema: string): Promise<void> {
  const found = await client.query('select 1 from pg_namespace where nspname = $1', [schema]);
  if (found.rowCount === 0) await client.query(`create schema ${schema}`);
  for (const statement of TABLES) await client.query(statement);
}

const PAGES_A_BEAT = 1024;

/** Walks round a table, some pages a beat, and throws out what is over: a bounded cost at any size, and no index needed. */
export class ExpirySweep {
  private readonly nextPage = new Map<string, number>();

  constructor(private readonly pool: Pool) {}

  /** One beat over all tables. */
  async beat(): Promise<void> {
    for (const table of EXPIRING) await this.sweep(table);
  }

  private async sweep(table: (typeof EXPIRING)[number]): Promise<void> {
    const from = this.nextPage.get(table) ?? 0;
    const to = from + PAGES_A_BEAT;
    const { rows } = await this.pool.query<{ pages: number }>({
      name: `sweep ${table}`,
      text: `
        with gone as (delete from ${table} where ctid >= $1::tid and ctid < $2::tid and expires_at < now())
        select (pg_relation_size('${table}') / current_setting('block_size')::int)::int as pages`,
      values: [`(${from},0)`, `(${to},0)`],
    });
    this.nextPage.set(table, to >= (rows[0]?.pages ?? 0) ? 0 : to);
  }
}

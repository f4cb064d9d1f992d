import type { Pool, PoolClient } from 'pg';
import { checkSchema } from '../../postgres/connections.js';
import { runStatement } from '../../postgres/run-statement.js';

/**
 * `item_journal` holds what was changed, some lines a row, in the order of its numbers. `item_owner` names the process that may write: whoever
 * opens the store takes it over, and a process that was taken for dead writes nothing any more. Rows live briefly: one
 * that fits on a page stays there, and none is compressed.
 */
const TABLES = [
  `create table if not exists item_journal (
    number bigint generated always as identity primary key, lines text not null) with (toast_tuple_target = 8160)`,
  'alter table item_journal alter column lines set storage external',
  `create table if not exists item_owner (
    one boolean primary key default true check (one), owner text not null, epoch text not null default gen_random_uuid()::text)`,
];

/** The name of the store's unbroken memory is made of this. */
export interface EpochParts {
  epoch: string;
  timeline: string;
  started: string;
}

// A promoted replica has another timeline; a server that does not wait for its disk may forget what it acknowledged when it restarts.
const TAKE_OVER = `
insert into item_owner (owner) values ($1) on conflict (one) do update set owner = excluded.owner
returning epoch, substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) as timeline,
  case when 'off' in (current_setting('fsync'), current_setting('synchronous_commit')) then pg_postmaster_start_time()::text else '' end as started`;

/**
 * Makes `owner` the one who may write, and the tables where they are missing. What another owner is writing at this moment is written before, or
 * never. Waits for the disk in any case: a server that forgot it would take this process for another.
 */
export async function takeOver(pool: Pool, schema: string, owner: string): Promise<EpochParts> {
  return inTransaction(pool, async (client) => {
    await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `corsac items ${checkSchema(schema)}`,
    ]);
    await makeTables(client, schema);
    const { rows } = await client.query<EpochParts>(TAKE_OVER, [owner]);
    await client.query('set local synchronous_commit to on');
    if (!rows[0]) throw new Error('the item store has no owner');
    return rows[0];
  });
}

async function makeTables(client: PoolClient, schema: string): Promise<void> {
  const table = `${schema}.item_owner`;
  const { rows } = await client.query<{ found: boolean }>('select to_regclass($1) is not null as found', [table]);
  if (rows[0]?.found) return;
  const found = await client.query('select 1 from pg_namespace where nspname = $1', [schema]);
  if (found.rowCount === 0) await client.query(`create schema ${schema}`);
  for (const statement of TABLES) await client.query(statement);
}

/**
 * The row of the owner is held until the commit, so that nobody takes over between the look and the writing. Each row is a value of its own: an
 * array would have to be quoted and read once more.
 */
const appendOf = (count: number): string => `
with mine as materialized (select from item_owner where owner = $1 for share),
  written as (
    insert into item_journal (lines)
    select lines from mine, (values ${Array.from({ length: count }, (_, at) => `($${at + 2})`).join(', ')}) as new (lines)
    returning number)
select max(number) as number from written`;

/** The most rows of one statement: each count is prepared as a statement of its own. */
export const MOST_ROWS = 16;

/** Appends rows, at most `MOST_ROWS`. Answers the number of the last, or undefined when somebody else is the owner. */
export async function append(pool: Pool, owner: string, rows: readonly string[]): Promise<number | undefined> {
  const { length } = rows;
  const statement = { name: `append ${length}`, text: appendOf(length) };
  const [answer] = await runStatement<{ number: string | null }>(pool, statement, [owner, ...rows]);
  const number = answer?.number;
  return number ? Number(number) : undefined;
}

/** Forgets the rows up to a number, which later ones tell anew. */
export async function forget(pool: Pool, owner: string, upTo: number): Promise<void> {
  const text = 'delete from item_journal where number <= $1 and exists (select from item_owner where owner = $2)';
  await pool.query(text, [upTo, owner]);
}

const ROWS_A_READ = 256;

/** All rows in their order. */
export async function* rowsOf(pool: Pool): AsyncGenerator<{ number: number; lines: string }> {
  for (let after = 0; ;) {
    const { rows } = await pool.query<{ number: string; lines: string }>(
      'select number, lines from item_journal where number > $1 order by number limit $2',
      [after, ROWS_A_READ],
    );
    for (const { number, lines } of rows) yield { number: (after = Number(number)), lines };
    if (rows.length < ROWS_A_READ) return;
  }
}

async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const done = await work(client);
    await client.query('commit');
    client.release();
    return done;
  } catch (error) {
    client.release(true);
    throw error;
  }
}

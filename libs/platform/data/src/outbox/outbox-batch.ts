import type { PoolClient } from 'pg';

/** An event as the publisher gets it. `attempt` begins with 1; `created_at` is in unix seconds. */
export interface OutboxRow {
  id: string;
  subject: string;
  key?: string;
  payload: object;
  /** Of the request that caused it. */
  context?: Readonly<Record<string, string>>;
  created_at: number;
  attempt: number;
}

/** A row with its number in the table. */
export interface NumberedRow {
  seq: string;
  row: OutboxRow;
}

interface Columns {
  seq: string;
  id: string;
  subject: string;
  key: string | null;
  payload: object;
  context: Readonly<Record<string, string>> | null;
  created_at: number;
  attempts: number;
}

const COLUMNS =
  'o.seq, o.id, o.subject, o.key, o.payload, o.context, extract(epoch from o.created_at)::float8 as created_at, o.attempts';

/**
 * The first waiting event of each lane (subject and key), or any event without a key. Who holds its row lock owns the lane until commit; another
 * publisher neither gets the row nor, since the row is not published for it, any later one of the lane.
 */
const CLAIM = `
select ${COLUMNS} from outbox o
where o.published_at is null and o.next_attempt_at <= clock_timestamp()
  and (o.key is null or not exists (
    select 1 from outbox e where e.subject = o.subject and e.key = o.key and e.published_at is null and e.seq < o.seq))
order by o.seq limit $1 for update skip locked`;

/** What waits behind the claimed heads of lanes, in order. */
const FOLLOWING = `
select ${COLUMNS} from outbox o
join unnest($1::text[], $2::text[], $3::bigint[]) as head (subject, key, seq)
  on o.subject = head.subject and o.key = head.key and o.seq > head.seq
where o.published_at is null order by o.seq limit $4`;

/**
 * Claims lanes within a transaction of the client.
 * @returns per lane its waiting events in order
 */
export async function claimLanes(client: PoolClient, limit: number): Promise<NumberedRow[][]> {
  const heads = (await client.query<Columns>({ name: 'outbox claim', text: CLAIM, values: [limit] })).rows;
  const lanes = new Map(heads.map((head) => [laneOf(head), [numbered(head)]]));
  const keyed = heads.filter(({ key }) => key !== null);
  if (keyed.length > 0) {
    const values = [
      keyed.map(({ subject }) => subject),
      keyed.map(({ key }) => key),
      keyed.map(({ seq }) => seq),
      limit,
    ];
    const rest = await client.query<Columns>({ name: 'outbox following', text: FOLLOWING, values });
    for (const next of rest.rows) lanes.get(laneOf(next))?.push(numbered(next));
  }
  return [...lanes.values()];
}

/** Notes what was published. */
export async function markPublished(client: PoolClient, seqs: string[]): Promise<void> {
  if (seqs.length === 0) return;
  const text = 'update outbox set published_at = clock_timestamp() where seq = any($1::bigint[])';
  await client.query({ name: 'outbox published', text, values: [seqs] });
}

/** Notes which failed and when each is tried again, in seconds from now. */
export async function markFailed(client: PoolClient, failed: { seq: string; wait_s: number }[]): Promise<void> {
  if (failed.length === 0) return;
  const text = `
    update outbox set attempts = attempts + 1, next_attempt_at = clock_timestamp() + f.wait_s * interval '1 second'
    from unnest($1::bigint[], $2::float8[]) as f (seq, wait_s) where outbox.seq = f.seq`;
  const values = [failed.map(({ seq }) => seq), failed.map(({ wait_s }) => wait_s)];
  await client.query({ name: 'outbox failed', text, values });
}

/** Throws out what was published longer ago than `keep_s` seconds, at most 10,000 at once. */
export async function prune(client: PoolClient, keep_s: number): Promise<void> {
  const text = `
    delete from outbox where seq in (
      select seq from outbox where published_at < clock_timestamp() - $1 * interval '1 second' limit 10000 for update skip locked)`;
  await client.query({ name: 'outbox prune', text, values: [keep_s] });
}

/** How many wait, and how old the oldest is in seconds. */
export async function depthOf(client: PoolClient): Promise<{ waiting: number; oldest_s: number }> {
  const text = `
    select count(*)::int as waiting, coalesce(extract(epoch from clock_timestamp() - min(created_at)), 0)::float8 as oldest_s
    from outbox where published_at is null`;
  const { rows } = await client.query<{ waiting: number; oldest_s: number }>({ name: 'outbox depth', text });
  return rows[0] ?? { waiting: 0, oldest_s: 0 };
}

/** JSON separates subject and key without doubt; an event without a key is a lane of its own. */
function laneOf({ subject, key, seq }: Columns): string {
  return JSON.stringify(key === null ? [seq] : [subject, key]);
}

function numbered({ seq, id, subject, key, payload, context, created_at, attempts }: Columns): NumberedRow {
  const known = { ...(key !== null && { key }), ...(context !== null && { context }) };
  return { seq, row: { id, subject, ...known, payload, created_at, attempt: attempts + 1 } };
}

import type { EntityManager } from 'typeorm';

/** A durable event. Events of one subject and key are published in the order of their commits; without a key in no order. */
export interface OutboxEvent {
  /** The message id, made by the writer. */
  id: string;
  subject: string;
  key?: string;
  payload: object;
  /** Of the request that caused it (W3C Trace Context and request id); comes with the row to whoever publishes it. */
  context?: Readonly<Record<string, string>>;
}

/** Set on the query runner, so that the publisher of this process is woken by the commit. */
export const OUTBOX_WRITTEN = 'corsac outbox written';

/**
 * The lock makes commits of a key come in the order of their numbers: without it the publisher could see number 2 committed, publish it and
 * find number 1 afterwards. It is taken in the order of the lanes, so that two writers of several events do not lock each other out, and
 * before a number is drawn (the filter is evaluated once, before the first row).
 */
const INSERT = `
with event as (
  select * from unnest($1::text[], $2::text[], $3::text[], $4::jsonb[], $5::jsonb[]) with ordinality as e (id, subject, key, payload, context, position)
), lane as materialized (
  select pg_advisory_xact_lock(hashtextextended(name, 0))
  from (select distinct current_schema() || ' outbox ' || subject || ' ' || key as name from event where key is not null order by 1) names
)
insert into outbox (id, subject, key, payload, context)
select id, subject, key, payload, context from event where (select count(*) from lane) >= 0 order by position`;

/**
 * Writes events within the caller's transaction: they exist when and only when it commits.
 * @throws Error when there is no transaction, which is a bug: the event would outlive a change that was rolled back
 */
export async function writeOutbox(manager: EntityManager, ...events: OutboxEvent[]): Promise<void> {
  const runner = manager.queryRunner;
  if (!runner?.isTransactionActive) throw new Error('an outbox event is written within a transaction');
  if (events.length === 0) return;
  await runner.query(INSERT, [
    events.map(({ id }) => id),
    events.map(({ subject }) => subject),
    events.map(({ key }) => key ?? null),
    events.map(({ payload }) => JSON.stringify(payload)),
    events.map(({ context }) => (context ? JSON.stringify(context) : null)),
  ]);
  (runner.data as Record<string, unknown>)[OUTBOX_WRITTEN] = true;
}

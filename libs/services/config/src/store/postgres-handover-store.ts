import { poolOf, runStatement, type Database, type StatementValue } from '@corsac/data';
import type { HandoverBatch, HandoverStore } from '../tracks/track-store.js';
import type { EntryKind } from '../users/declared-entries.js';
import { forgetDeclared } from './declared-rows.js';

/** What is on its way just now has no error yet; of the same track and kind nothing newer may overtake it. */
const claimText = `
  with claimed as (
    update user_handover set next_attempt_at = now() + interval '30 seconds', attempts = attempts + 1, last_error = null
    where id in (
      select id from user_handover h where next_attempt_at <= now() and not exists (
        select 1 from user_handover o where o.tenant = h.tenant and o.track = h.track and o.kind = h.kind and o.id < h.id
          and o.attempts > 0 and o.last_error is null and o.next_attempt_at > now())
      order by id limit $1 for update skip locked)
    returning id, tenant, track, kind, users, attempts)
  select * from claimed order by id`;

/** Users on their way, in Postgres; several replicas share the work. */
export class PostgresHandoverStore implements HandoverStore {
  constructor(private readonly database: Database) {}

  async claim(limit: number): Promise<HandoverBatch[]> {
    return this.query('config.claim_handover', claimText, [limit]);
  }

  async forget(
    batch: Pick<HandoverBatch, 'tenant' | 'track'>,
    entries: readonly { kind: EntryKind; name: string }[],
  ): Promise<void> {
    const { tenant, track } = batch;
    await forgetDeclared(
      (text, values) => this.query('config.forget_declared', text, values),
      tenant,
      entries.map((entry) => ({ ...entry, track })),
    );
  }

  async done(id: string): Promise<void> {
    await this.query('config.handover_done', 'delete from user_handover where id = $1', [id]);
  }

  async postpone(id: string, seconds: number, error: string): Promise<void> {
    const text = `update user_handover set next_attempt_at = now() + $2 * interval '1 second', last_error = $3 where id = $1`;
    await this.query('config.postpone_handover', text, [id, seconds, error.slice(0, 500)]);
  }

  private query<Row extends object>(name: string, text: string, values: StatementValue[]): Promise<Row[]> {
    return runStatement(poolOf(this.database), { name, text }, values);
  }
}

import { asStoreError, poolOf, type Database } from '@corsac/data';
import type { HandoverBatch, HandoverStore } from '../tracks/track-store.js';
import type { EntryKind } from '../users/declared-entries.js';
import { forgetDeclared } from './declared-rows.js';

const claimText = `
  update user_handover set next_attempt_at = now() + interval '30 seconds', attempts = attempts + 1
  where id in (select id from user_handover where next_attempt_at <= now() order by id limit $1 for update skip locked)
  returning id, tenant, track, kind, users, attempts`;

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
    await forgetDeclared((text, values) => this.query('config.forget_declared', text, values), batch, entries);
  }

  async done(id: string): Promise<void> {
    await this.query('config.handover_done', 'delete from user_handover where id = $1', [id]);
  }

  async postpone(id: string, seconds: number, error: string): Promise<void> {
    const text = `update user_handover set next_attempt_at = now() + $2 * interval '1 second', last_error = $3 where id = $1`;
    await this.query('config.postpone_handover', text, [id, seconds, error.slice(0, 500)]);
  }

  private async query<Row extends object>(name: string, text: string, values: unknown[]): Promise<Row[]> {
    try {
      return (await poolOf(this.database).query<Row>({ name, text, values })).rows;
    } catch (error) {
      throw asStoreError(error);
    }
  }
}

import type { Ending, EndingStore } from '../users/end-what-users-had.js';
import { statement, type Sql } from './sql.js';

const claim = statement(
  'endings.claim',
  `update user_endings set attempts = attempts + 1, due_at = now() + make_interval(secs => $2)
   where id in (select id from user_endings where due_at <= now() order by due_at limit $1 for update skip locked)
   returning id, tenant, track, user_id, cause, sessions, grants, attempts, epoch`,
);
const done = statement('endings.done', 'delete from user_endings where id = $1');

/** Endings in Postgres. */
export class PostgresEndingStore implements EndingStore {
  constructor(private readonly sql: Sql) {}

  async claim(limit: number, lease_s: number): Promise<Ending[]> {
    const rows = await this.sql.run<Omit<Ending, 'epoch'> & { epoch: string | null }>(claim, [limit, lease_s]);
    return rows.map((row) => ({ ...row, epoch: row.epoch === null ? null : Number(row.epoch) }));
  }

  async done(id: string): Promise<void> {
    await this.sql.run(done, [id]);
  }
}

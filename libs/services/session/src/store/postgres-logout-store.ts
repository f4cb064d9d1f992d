import { logoutWanted, sessionEnded, type EndedSession, type LogoutJob } from '@corsac/contracts';
import {
  poolOf,
  runStatement,
  transact,
  writeOutbox,
  type Database,
  type OutboxEvent,
  type StatementValue,
} from '@corsac/data';
import type { EntityManager } from 'typeorm';
import type { BackChannelReceipt, EndedPage, JobPage, LogoutStore, NewJob } from '../logout/logout-store.js';
import { isDirect, type NewReceipt } from '../logout/receipts.js';

type State = BackChannelReceipt['state'];

interface ReceiptRow {
  readonly receipt_id: string;
  readonly job_id: string;
  readonly tenant: string;
  readonly doc: NewReceipt;
  readonly state: State;
  readonly attempts: number;
  readonly detail: string | null;
  readonly updated: string;
}

/** Logout jobs in Postgres. Everything that a logout promises is one transaction, outbox included. */
export class PostgresLogoutStore implements LogoutStore {
  constructor(private readonly database: Database) {}

  async write(job: NewJob): Promise<void> {
    await transact(this.database, async (manager) => {
      const fresh = await this.endSessions(manager, job);
      const isFresh = (track: string, sid: string): boolean =>
        fresh.some((session) => session.track === track && session.sid === sid);
      const receipts = job.receipts.filter(({ track, sid }) => isFresh(track, sid));
      if (fresh.length === 0) return;
      const sessions = fresh.map(({ track, sid, sub }) => ({ track, sid, sub }));
      await manager.query(
        'insert into logout_job (job_id, tenant, track, cause, created, sessions) values ($1, $2, $3, $4, $5, $6)',
        [job.job_id, job.tenant, job.track, job.cause, job.created, JSON.stringify(sessions)],
      );
      await manager.query(
        `insert into logout_receipt (receipt_id, job_id, position, doc, state, updated)
         select r->>'receipt_id', $1, position, r, $3, $4 from jsonb_array_elements($2::jsonb) with ordinality as e (r, position)
         on conflict (receipt_id) do nothing`,
        [job.job_id, JSON.stringify(receipts), 'wanted', job.created],
      );
      await writeOutbox(
        manager,
        ...fresh.map((ended) => endedEvent(ended, job)),
        ...receipts.filter(isDirect).map((receipt) => wantedEvent(job, receipt)),
      );
    });
  }

  /** Notes the sessions as ended; gives those that were not yet. */
  private async endSessions(manager: EntityManager, job: NewJob): Promise<EndedSession[]> {
    const ended = job.sessions.map(({ tenant, track, sid, sub, up_party }): EndedSession => ({
      tenant,
      track,
      sid,
      sub,
      up_party,
      cause: job.cause,
      ended_at: job.created,
    }));
    const rows = await manager.query<{ track: string; sid: string }[]>(
      `insert into ended_session (tenant, track, sid, sub, up_party, cause, ended_at)
       select tenant, track, sid, sub, up_party, cause, ended_at
       from jsonb_to_recordset($1::jsonb) as e (tenant text, track text, sid text, sub text, up_party text, cause text, ended_at bigint)
       on conflict (tenant, track, sid) do nothing returning track, sid`,
      [JSON.stringify(ended)],
    );
    return ended.filter(({ track, sid }) => rows.some((row) => row.track === track && row.sid === sid));
  }

  async receipt(jobId: string, receiptId: string): Promise<BackChannelReceipt | undefined> {
    const [row] = await this.query<ReceiptRow>(
      'session.receipt',
      'select r.*, j.tenant from logout_receipt r join logout_job j using (job_id) where r.receipt_id = $2 and r.job_id = $1',
      [jobId, receiptId],
    );
    return row && { ...row.doc, tenant: row.tenant, state: row.state, attempts: row.attempts };
  }

  async note(receiptId: string, result: { state: State; detail?: string; at: number }): Promise<void> {
    // `told` is final: an attempt that was overtaken by a later one must not take it back. What went wrong before stays to be read.
    const text = `update logout_receipt set state = $2, detail = coalesce($3, detail), updated = $4, attempts = attempts + 1
      where receipt_id = $1 and state <> 'told'`;
    await this.query('session.note_receipt', text, [receiptId, result.state, result.detail ?? null, result.at]);
  }

  async report(
    place: { tenant: string; job_id: string },
    receipts: readonly { receipt_id: string; state: State; detail?: string }[],
    at: number,
  ): Promise<boolean> {
    const [job] = await this.query('session.has_job', 'select 1 from logout_job where job_id = $1 and tenant = $2', [
      place.job_id,
      place.tenant,
    ]);
    if (!job) return false;
    const text = `update logout_receipt r set state = e.state, detail = coalesce(e.detail, r.detail), updated = $3, attempts = r.attempts + 1
      from jsonb_to_recordset($2::jsonb) as e (receipt_id text, state text, detail text)
      where r.receipt_id = e.receipt_id and r.job_id = $1 and r.doc->>'channel' in ('front', 'saml') and r.state in ('wanted', 'timed_out')`;
    await this.query('session.report', text, [place.job_id, JSON.stringify(receipts), at]);
    return true;
  }

  async jobs(
    place: { tenant: string; track: string },
    page: { limit: number; before?: number; after?: string },
  ): Promise<JobPage> {
    const [, created, job_id] = /^(\d{1,12})\.(.+)$/.exec(page.after ?? '') ?? [];
    const jobs = await this.query<Omit<LogoutJob, 'created' | 'receipts'> & { created: string }>(
      'session.jobs',
      `select job_id, tenant, track, cause, created, sessions from logout_job
       where tenant = $1 and (track = $2 or sessions @> jsonb_build_array(jsonb_build_object('track', $2::text))) and created < $3
         and ($5::bigint is null or created < $5 or (created = $5 and job_id > $6::text))
       order by created desc, job_id limit $4`,
      [place.tenant, place.track, page.before ?? Number.MAX_SAFE_INTEGER, page.limit, created ?? null, job_id ?? null],
    );
    const receipts = await this.query<ReceiptRow>(
      'session.job_receipts',
      'select * from logout_receipt where job_id = any($1) order by position',
      [jobs.map(({ job_id }) => job_id)],
    );
    const last = jobs.length === page.limit ? jobs.at(-1) : undefined;
    return {
      jobs: jobs.map((job) => ({
        ...job,
        created: Number(job.created),
        receipts: receipts.filter((receipt) => receipt.job_id === job.job_id).map(shownReceipt),
      })),
      ...(last && { more: `${last.created}.${last.job_id}` }),
    };
  }

  async ended(page: { since: number; limit: number; after?: string }): Promise<EndedPage> {
    const rows = await this.query<Omit<EndedSession, 'ended_at'> & { ended_at: string; place: string }>(
      'session.ended',
      `select tenant, track, sid, sub, up_party, cause, ended_at, place from (
         select *, lpad(ended_at::text, 12, '0') || '/' || tenant || '/' || track || '/' || sid as place from ended_session where ended_at >= $1
       ) e where place > $2 order by place limit $3`,
      [page.since, page.after ?? '', page.limit],
    );
    const ended = rows.map(({ place: _place, ...row }) => ({ ...row, ended_at: Number(row.ended_at) }));
    return { ended, ...(rows.length === page.limit && { more: rows.at(-1)?.place }) };
  }

  async prune(before: { ended: number; jobs: number }): Promise<void> {
    await this.query('session.prune_ended', 'delete from ended_session where ended_at < $1', [before.ended]);
    await this.query('session.prune_jobs', 'delete from logout_job where created < $1', [before.jobs]);
  }

  private query<Row extends object>(name: string, text: string, values: StatementValue[]): Promise<Row[]> {
    return runStatement(poolOf(this.database), { name, text }, values);
  }
}

const causeOf = ({ context }: NewJob): Pick<OutboxEvent, 'context'> => (context ? { context: { ...context } } : {});

const endedEvent = (ended: EndedSession, job: NewJob): OutboxEvent => ({
  id: `session.ended/${ended.tenant}/${ended.track}/${ended.sid}`,
  subject: sessionEnded.subject,
  payload: ended,
  ...causeOf(job),
});

const wantedEvent = (job: NewJob, { receipt_id }: NewReceipt): OutboxEvent => ({
  id: `logout.wanted/${receipt_id}`,
  subject: logoutWanted.subject,
  payload: { tenant: job.tenant, job_id: job.job_id, receipt_id },
  ...causeOf(job),
});

const shownReceipt = ({
  receipt_id,
  doc,
  state,
  attempts,
  detail,
  updated,
}: ReceiptRow): LogoutJob['receipts'][number] => ({
  receipt_id,
  track: doc.track,
  party: doc.party,
  channel: doc.channel,
  state,
  attempts,
  ...(detail !== null && { detail }),
  updated: Number(updated),
});

import type { EndedSession, LogoutCause, LogoutJob, MessageContext, Session } from '@corsac/contracts';
import type { NewReceipt } from './receipts.js';

/** A logout as it is written, before anything is removed. */
export interface NewJob {
  readonly job_id: string;
  readonly tenant: string;
  readonly track: string;
  readonly cause: LogoutCause;
  readonly created: number;
  readonly sessions: readonly Session[];
  readonly receipts: readonly NewReceipt[];
  /** Of the request that ended the sessions: what is delivered later belongs to it. */
  readonly context?: MessageContext;
}

export interface BackChannelReceipt extends NewReceipt {
  readonly tenant: string;
  readonly state: LogoutJob['receipts'][number]['state'];
  readonly attempts: number;
}

export interface EndedPage {
  readonly ended: EndedSession[];
  readonly more?: string;
}

export interface JobPage {
  readonly jobs: LogoutJob[];
  readonly more?: string;
}

/** Logout jobs, their receipts and the memory of ended sessions: what must survive anything. */
export interface LogoutStore {
  /**
   * In one transaction: the job, its receipts, the ended sessions, and the durable events that follow from them.
   * Writing the same sessions again adds nothing.
   */
  write(job: NewJob): Promise<void>;
  receipt(jobId: string, receiptId: string): Promise<BackChannelReceipt | undefined>;
  /** Notes what became of an attempt. A receipt that says `told` is final. */
  note(receiptId: string, result: { state: BackChannelReceipt['state']; detail?: string; at: number }): Promise<void>;
  /** What the browser reported; says whether the job is known. */
  report(
    place: { tenant: string; job_id: string },
    receipts: readonly { receipt_id: string; state: BackChannelReceipt['state']; detail?: string }[],
    at: number,
  ): Promise<boolean>;
  /** Newest first; `after` is `more` of the page before. */
  jobs(
    place: { tenant: string; track: string },
    page: { limit: number; before?: number; after?: string },
  ): Promise<JobPage>;
  /** Ended sessions since a second, oldest first. */
  ended(page: { since: number; limit: number; after?: string }): Promise<EndedPage>;
  /** Forgets ended sessions whose tokens are long over, and old jobs; unix seconds. */
  prune(before: { ended: number; jobs: number }): Promise<void>;
}

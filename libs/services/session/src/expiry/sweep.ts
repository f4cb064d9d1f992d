import { sessionDeadline, sessionState } from '@corsac/model';
import { childTraceparent, type Logger } from '@corsac/telemetry';
import type { EndSession } from '../logout/end.js';
import type { SessionKey, SessionStore } from '../sessions/session-store.js';

const batch = 100;

/**
 * Finds sessions whose time is over, tells their applications, and finishes ends that somebody began and left. Deadlines
 * in the index may be early, because a touch does not move them: a session that still lives is noted anew.
 */
export class ExpirySweep {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly sessions: SessionStore,
    private readonly ends: EndSession,
    private readonly now: () => number,
    private readonly logger: Logger,
  ) {}

  /** Begins to sweep every `everyMs` milliseconds. */
  start(everyMs: number): void {
    const next = (): void => {
      this.timer = setTimeout(() => {
        this.running = this.sweep().catch((error: unknown) =>
          this.logger.warn({ err: error }, 'the sweep of ended sessions failed'),
        );
        void this.running.then(() => !this.stopped && next());
      }, everyMs);
      this.timer.unref();
    };
    next();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  /** One round: everything that is due now, in batches. */
  async sweep(): Promise<void> {
    for (;;) {
      const due = await this.sessions.claimDue(batch);
      for (const { key, dueAt } of due) await this.settle(key, dueAt);
      if (due.length < batch) return;
    }
  }

  private async settle(key: SessionKey, dueAt: number): Promise<void> {
    const found = await this.sessions.read(key);
    if (!found) return this.sessions.dropDeadline(key, dueAt);
    const { session } = found;
    const isOver = sessionState(session, session.lifetimes, this.now()) !== 'valid';
    const cause = session.ending ?? (isOver ? 'expired' : undefined);
    // No request asked for it: what follows from this end is a trace of its own.
    if (cause) return this.ends.endOne(session, cause, { traceparent: childTraceparent(undefined) });
    const deadline = sessionDeadline(session, session.lifetimes);
    if (deadline === undefined) return this.sessions.dropDeadline(key, dueAt);
    return this.sessions.postpone(key, deadline);
  }
}

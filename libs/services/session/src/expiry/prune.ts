import type { Logger } from '@corsac/telemetry';
import type { LogoutStore } from '../logout/logout-store.js';

/** Tokens of a session live at most a day after its end (limit of their lifetimes); a spare one for clocks. Seconds. */
const endedKept = 2 * 86_400;
/** Logout jobs are shown this long; seconds. */
const jobsKept = 30 * 86_400;

/** Forgets, from time to time, what nobody can ask for any more. */
export class PruneLogouts {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly parts: {
      readonly logouts: LogoutStore;
      readonly now: () => number;
      readonly logger: Logger;
      readonly everyMs: number;
    },
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.prune(), this.parts.everyMs);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async prune(): Promise<void> {
    const now = this.parts.now();
    await this.parts.logouts
      .prune({ ended: now - endedKept, jobs: now - jobsKept })
      .catch((error: unknown) => this.parts.logger.warn({ err: error }, 'old logouts could not be removed'));
  }
}

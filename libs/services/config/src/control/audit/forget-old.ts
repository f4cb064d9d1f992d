import type { Logger } from '@corsac/telemetry';

/** A track that has entries, also one that is no longer there. */
export interface AuditedPlace {
  readonly tenant: string;
  readonly track: string;
  /** Its `audit_retention` in seconds; undefined when there is no such track. */
  readonly retention_s?: number;
}

/** The audit log as seen by whoever clears it. */
export interface OldEntries {
  places(): AsyncIterable<AuditedPlace>;
  /** Forgets entries of a track from before a moment. @returns how many */
  forget(old: { readonly tenant: string; readonly track: string; readonly before_ms: number }): Promise<number>;
}

/** Forgets entries of the audit log when their track has kept them long enough (`audit_retention`). */
export class ForgetOldEntries {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private stopped = false;

  constructor(
    private readonly parts: {
      readonly entries: OldEntries;
      /** Seconds for entries of tracks that were removed. */
      readonly default_retention_s: number;
      readonly nowMs: () => number;
      readonly logger: Logger;
      readonly everyMs: number;
    },
  ) {}

  start(): void {
    this.timer = setInterval(() => void (this.running ??= this.attempt()), this.parts.everyMs);
    this.timer.unref();
  }

  /** Resolves when nothing runs any more. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.running;
  }

  /** Forgets once what is old now. @returns how many entries */
  async forget(): Promise<number> {
    const { entries, default_retention_s, nowMs } = this.parts;
    const now = nowMs();
    let forgotten = 0;
    for await (const { tenant, track, retention_s = default_retention_s } of entries.places()) {
      if (this.stopped) break;
      forgotten += await entries.forget({ tenant, track, before_ms: now - retention_s * 1000 });
    }
    return forgotten;
  }

  private async attempt(): Promise<void> {
    try {
      const forgotten = await this.forget();
      if (forgotten > 0) this.parts.logger.info({ forgotten }, 'old entries of the audit log are gone');
    } catch (error) {
      this.parts.logger.warn({ err: error }, 'old entries of the audit log could not be removed');
    } finally {
      this.running = undefined;
    }
  }
}

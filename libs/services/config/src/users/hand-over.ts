import { importUsers, type Bus } from '@corsac/contracts';
import type { Logger } from '@corsac/telemetry';
import type { HandoverStore } from '../tracks/track-store.js';

const longestPauseSeconds = 300;
/** Nobody there to take them says nothing about the users: whoever comes must not wait for them. */
const longestPauseWhileAwaySeconds = 3;
/** At a start everything comes up at once, and whoever is to take the users may be a moment late. */
const firstPauseSeconds = 0.1;

const pauseOf = (attempts: number, refusal: string): number =>
  Math.min(
    refusal === 'unavailable' ? longestPauseWhileAwaySeconds : longestPauseSeconds,
    firstPauseSeconds * 2 ** Math.min(attempts, 12),
  );

/** Hands users from files and Control to the service that owns them, again until they are accepted. */
export class HandOverUsers {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(private readonly parts: { readonly store: HandoverStore; readonly bus: Bus; readonly logger: Logger }) {}

  /** Looks for work every `everyMs` milliseconds, and whenever it is nudged. */
  start(everyMs: number): void {
    const next = (): void => {
      this.timer = setTimeout(() => void this.nudge().then(() => !this.stopped && next()), everyMs);
      this.timer.unref();
    };
    next();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  /** One round now; rounds follow one another. */
  nudge(): Promise<void> {
    this.running = this.running
      .then(() => this.round())
      .catch((error: unknown) => this.parts.logger.warn({ err: error }, 'users could not be handed over'));
    return this.running;
  }

  private async round(): Promise<void> {
    for (;;) {
      const batches = await this.parts.store.claim(10);
      for (const batch of batches) {
        const { tenant, track, users } = batch;
        const accepted = await this.parts.bus.ask(importUsers, { tenant, track, users });
        if (accepted.ok) {
          await this.parts.store.done(batch.id);
          continue;
        }
        const { refusal, detail } = accepted.error;
        this.parts.logger.warn(
          { tenant, track, refusal, detail },
          'users were not accepted and will be handed over again',
        );
        await this.parts.store.postpone(batch.id, pauseOf(batch.attempts, refusal), `${refusal} ${detail ?? ''}`);
      }
      if (batches.length === 0) return;
    }
  }
}

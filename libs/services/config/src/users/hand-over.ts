import { importExternalUsers, importUsers, type Bus } from '@corsac/contracts';
import type { Logger } from '@corsac/telemetry';
import type { HandoverBatch, HandoverStore } from '../tracks/track-store.js';
import { nameOfExternalUser, nameOfUser } from './declared-entries.js';

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
      for (const batch of batches) await this.handOver(batch);
      if (batches.length === 0) return;
    }
  }

  private async handOver(batch: HandoverBatch): Promise<void> {
    const { store, logger } = this.parts;
    const { tenant, track, kind } = batch;
    // All of them were declared anew since: a newer batch has them.
    if (batch.users.length === 0) return store.done(batch.id);
    const accepted = await this.ask(batch);
    if (accepted.ok) {
      const names = namesOf(batch);
      const unknown = (accepted.value.unknown ?? []).flatMap((index) => names[index] ?? []);
      if (unknown.length > 0) {
        logger.warn({ tenant, track, kind, count: unknown.length }, 'changed users are no longer there');
        await store.forget(batch, unknown);
      }
      return store.done(batch.id);
    }
    const { refusal, detail } = accepted.error;
    logger.warn({ tenant, track, kind, refusal, detail }, 'users were not accepted and will be handed over again');
    // A file that is mended must not rely on what was never taken.
    if (refusal !== 'unavailable') await store.forget(batch, namesOf(batch));
    await store.postpone(batch.id, pauseOf(batch.attempts, refusal), `${refusal} ${detail ?? ''}`);
  }

  private ask(batch: HandoverBatch) {
    const { tenant, track } = batch;
    return batch.kind === 'user'
      ? this.parts.bus.ask(importUsers, { tenant, track, users: batch.users })
      : this.parts.bus.ask(importExternalUsers, { tenant, track, users: batch.users });
  }
}

const namesOf = (batch: HandoverBatch): { kind: HandoverBatch['kind']; name: string }[] =>
  batch.kind === 'user'
    ? batch.users.map((user) => ({ kind: batch.kind, name: nameOfUser(user) }))
    : batch.users.map((user) => ({ kind: batch.kind, name: nameOfExternalUser(user) }));

import type { JourneyEvent } from '@corsac/contracts';
import type { TrackSettings } from '@corsac/model';
import type { Logger } from '@corsac/telemetry';
import type { JourneyStore, RecordedEvent } from './journey-store.js';

/** Where an event happened. */
export interface JourneyPlace {
  readonly tenant: string;
  readonly sequence_id: string;
  readonly journey: 'login' | 'logout';
  readonly settings: Pick<TrackSettings, 'journey_retention'>;
}

/** Events waiting while the database is away; beyond that the newest are dropped, as a sign-in is worth more than its record. */
const mostWaiting = 10_000;
const batch = 500;
const pruneEveryMs = 600_000;

/**
 * Takes down what happens on journeys, for people to look at afterwards. Recording costs the journey nothing: events are
 * written together a moment later. Claims are recorded by name; secrets, codes and tokens never.
 */
export class JourneyRecorder {
  private waiting: RecordedEvent[] = [];
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();
  private prunedAtMs = 0;
  private dropped = 0;

  constructor(
    private readonly parts: {
      readonly store: JourneyStore;
      readonly nowMs: () => number;
      readonly logger: Logger;
      readonly everyMs: number;
    },
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.flush(), this.parts.everyMs);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }

  record({ tenant, sequence_id, journey, settings }: JourneyPlace, event: Omit<JourneyEvent, 'at_ms'>): void {
    if (settings.journey_retention === 0) return;
    if (this.waiting.length >= mostWaiting) {
      this.dropped += 1;
      return;
    }
    this.waiting.push({
      ...event,
      tenant,
      sequence_id,
      journey,
      at_ms: this.parts.nowMs(),
      keep_s: settings.journey_retention,
    });
  }

  /** Writes what waits; one write at a time. */
  flush(): Promise<void> {
    this.writing = this.writing.then(() => this.write());
    return this.writing;
  }

  private async write(): Promise<void> {
    while (this.waiting.length > 0) {
      const events = this.waiting.splice(0, batch);
      try {
        await this.parts.store.append(events);
      } catch (error) {
        this.waiting = [...events, ...this.waiting].slice(0, mostWaiting);
        this.parts.logger.warn({ err: error, waiting: this.waiting.length }, 'journeys cannot be recorded just now');
        return;
      }
    }
    if (this.dropped > 0) this.parts.logger.warn({ dropped: this.dropped }, 'events of journeys were dropped');
    this.dropped = 0;
    await this.pruneNowAndThen();
  }

  private async pruneNowAndThen(): Promise<void> {
    const nowMs = this.parts.nowMs();
    if (nowMs - this.prunedAtMs < pruneEveryMs) return;
    this.prunedAtMs = nowMs;
    await this.parts.store
      .prune(nowMs)
      .catch((error: unknown) => this.parts.logger.warn({ err: error }, 'old journeys could not be removed'));
  }
}

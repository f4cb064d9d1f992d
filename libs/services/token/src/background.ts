import type { TokenParts } from './token.parts.js';

/** Milliseconds between two sweeps of what is over. */
const sweepMs = 300_000;
/** Milliseconds between two looks for grants that slipped through a logout, and seconds that each looks back. */
const stragglersMs = 20_000;
const stragglersBack = 900;

/**
 * What goes on beside requests: the beats that heal lost notices, keys made ahead, and the sweeping of what is over. Begins once the
 * service listens and ends before its stores are closed.
 */
export class Background {
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(private readonly made: TokenParts) {}

  start(): void {
    const { config, ring, feed, keeper, renewals, parts } = this.made;
    void config.start();
    ring.start((error) => parts.logger.warn({ error }, 'changed keys could not be read'));
    feed.start();
    keeper.start();
    renewals.start();
    this.measure();
    this.every(sweepMs, () => this.sweep());
    this.every(stragglersMs, () => this.endStragglers());
  }

  async stop(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    const { config, ring, feed, keeper, renewals } = this.made;
    config.stop();
    ring.stop();
    feed.stop();
    await Promise.all([keeper.stop(), renewals.stop()]);
  }

  private async sweep(): Promise<void> {
    const now = Math.floor(this.made.nowMs() / 1000);
    this.made.memory.sweep(now);
    await this.made.stores.grants.sweep(now);
    await this.made.stores.ended.sweep(now);
  }

  private async endStragglers(): Promise<void> {
    await this.made.endings.endStragglers(Math.floor(this.made.nowMs() / 1000) - stragglersBack);
  }

  private measure(): void {
    const { feed, memory, ring, nowMs, parts } = this.made;
    const gauge = (name: string, help: string, read: () => number): void => parts.metrics.gaugeOf({ name, help }, read);
    gauge(
      'ended_feed_lag_seconds',
      'Age of what this replica knows of ended sessions and tokens.',
      () => feed.lag() / 1000,
    );
    gauge('signing_key_age_seconds', 'Age of the oldest signing key of the tracks in memory.', () =>
      Math.max(0, nowMs() / 1000 - ring.oldestSigning()),
    );
    gauge('tracks_with_keys', 'Tracks whose keys are in memory.', () => ring.size);
    gauge('ended_things', 'Ended sessions, grants and tokens held in memory.', () => memory.size);
  }

  private every(ms: number, work: () => Promise<void>): void {
    const timer = setInterval(() => {
      void work().catch((error: unknown) => this.made.parts.logger.warn({ error }, 'a sweep failed'));
    }, ms);
    timer.unref();
    this.timers.add(timer);
  }
}

import type { Sealer } from '@corsac/data';
import type { KeyStore, TrackName } from './key-store.js';
import { TrackKeys } from './track-keys.js';

export interface KeyRingOptions {
  readonly store: Pick<KeyStore, 'read' | 'changedSince'>;
  readonly sealer: Pick<Sealer, 'unseal'>;
  /** Tracks held at most, the least recently used go first. An opened RSA key is about 6 KiB. */
  readonly capacity?: number;
  /** Milliseconds between two looks at what changed, which heal lost notices. */
  readonly beat_ms?: number;
}

/** A commit may become visible later than its time: so many milliseconds are looked at again. */
const overlapMs = 10_000;

/**
 * The keys that this replica has read. A request that finds its track here costs no store trip; a notice or a beat makes a
 * track be read again. While the database is away, what is held is good: keys change by schedule, with days between.
 */
export class KeyRing {
  private readonly held = new Map<string, TrackKeys>();
  private readonly reading = new Map<string, Promise<TrackKeys>>();
  private seenMs: number | undefined;
  private timer: NodeJS.Timeout | undefined;
  private readonly capacity: number;

  constructor(private readonly options: KeyRingOptions) {
    this.capacity = options.capacity ?? 20_000;
  }

  /** What is in memory; never waits. For hot paths. */
  keysNow({ tenant, track }: TrackName): TrackKeys | undefined {
    return this.held.get(`${tenant}/${track}`);
  }

  /** The keys, from memory or from the store. @throws StoreUnavailable */
  async keys(name: TrackName): Promise<TrackKeys> {
    const key = `${name.tenant}/${name.track}`;
    const held = this.held.get(key);
    if (held) {
      this.held.delete(key);
      this.held.set(key, held);
      return held;
    }
    const running = this.reading.get(key);
    if (running) return running;
    const reading: Promise<TrackKeys> = this.read(name, key, () => this.reading.get(key) === reading).finally(() => {
      if (this.reading.get(key) === reading) this.reading.delete(key);
    });
    this.reading.set(key, reading);
    return reading;
  }

  get size(): number {
    return this.held.size;
  }

  /** When the oldest of the keys in memory that sign began to do so, unix seconds; never when none is there. For metrics. */
  oldestSigning(): number {
    const signing = [...this.held.values()].flatMap(({ rows }) => rows.filter(({ state }) => state === 'current'));
    return signing.reduce((oldest, { current_from }) => Math.min(oldest, current_from), Infinity);
  }

  /** The track's keys changed: the next asker reads them, also past an answer that is still on its way. */
  forget({ tenant, track }: TrackName): void {
    this.held.delete(`${tenant}/${track}`);
    this.reading.delete(`${tenant}/${track}`);
  }

  /** Begins the beat. */
  start(onFailed: (error: unknown) => void = () => undefined): void {
    const next = (): void => {
      this.timer = setTimeout(() => void this.beat().catch(onFailed).then(next), this.options.beat_ms ?? 2_000);
      this.timer.unref();
    };
    void this.beat().catch(onFailed).then(next);
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  /** Looks once at what changed in the store. */
  async beat(): Promise<void> {
    const since = this.seenMs;
    const { changed, now_ms } = await this.options.store.changedSince(since ?? Number.MAX_SAFE_INTEGER);
    this.seenMs = now_ms - overlapMs;
    for (const name of changed) if (this.keysNow(name)?.revision !== name.revision) this.forget(name);
  }

  private async read(name: TrackName, key: string, isWanted: () => boolean): Promise<TrackKeys> {
    // One turn later, so that `isWanted` can tell this reading from a newer one.
    await Promise.resolve();
    const keys = new TrackKeys(name, await this.options.store.read(name), this.options.sealer);
    // A track without keys is not held: they are on their way.
    if (isWanted() && keys.rows.length > 0) {
      this.held.set(key, keys);
      if (this.held.size > this.capacity) this.held.delete(this.held.keys().next().value as string);
    }
    return keys;
  }
}

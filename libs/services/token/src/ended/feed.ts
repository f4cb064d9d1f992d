/**
 * One of the streams that fill the memory of ended things, read on a beat. Notices come faster, but may be lost; a beat that
 * answers proves that nothing older than it is missing.
 */
export interface FeedSource {
  /** Reads what ended since the last beat (everything that still matters at first) and remembers it. Rejects when away. */
  readonly read: () => Promise<void>;
}

export interface FeedOptions {
  readonly sources: readonly FeedSource[];
  /** A clock that nobody sets: only differences count. Milliseconds. */
  readonly elapsedMs?: () => number;
  readonly beat_ms?: number;
  /** A feed that has been silent for longer is lost, milliseconds. */
  readonly lost_ms?: number;
  readonly onFailed?: (error: unknown) => void;
}

/** Says whether this replica knows what has ended. While it does not, nobody may rely on a token being alive. */
export class EndedFeed {
  private readonly readAtMs: (number | undefined)[];
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private readonly elapsedMs: () => number;

  constructor(private readonly options: FeedOptions) {
    this.elapsedMs = options.elapsedMs ?? (() => performance.now());
    this.readAtMs = options.sources.map(() => undefined);
  }

  /** True once every source has answered: what readiness waits for. */
  get filled(): boolean {
    return this.readAtMs.every((at) => at !== undefined);
  }

  /** True while every source has answered within the last 5 seconds. */
  get fresh(): boolean {
    const oldest = this.elapsedMs() - (this.options.lost_ms ?? 5_000);
    return this.readAtMs.every((at) => at !== undefined && at >= oldest);
  }

  /** Milliseconds since the source that was silent longest has answered; for metrics. */
  lag(): number {
    return this.elapsedMs() - Math.min(...this.readAtMs.map((at) => at ?? 0));
  }

  /** Begins the beat. The first one fills the memory. */
  start(): void {
    const next = (): void => {
      if (this.stopped) return;
      this.timer = setTimeout(() => void this.beat().then(next), this.options.beat_ms ?? 1_000);
      this.timer.unref();
    };
    void this.beat().then(next);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** Reads all sources once, each for itself: one that is away does not keep the other back. */
  async beat(): Promise<void> {
    await Promise.all(
      this.options.sources.map(async (source, index) => {
        const startedMs = this.elapsedMs();
        try {
          await source.read();
          this.readAtMs[index] = startedMs;
        } catch (error) {
          this.options.onFailed?.(error);
        }
      }),
    );
  }
}

interface Waiting {
  /** Of `performance.now()`. */
  readonly until_ms: number;
  readonly end: () => void;
}

/**
 * Limits many waits to the same length with one timer: they began in the order in which they would end, so the first is always the next to be
 * late. A timer of its own for each would cost about as much as the work that it watches.
 */
export class SameDeadline {
  private readonly waiting = new Set<Waiting>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly limit_ms: number) {}

  /**
   * Waits for work, but not longer than the limit. The work itself goes on; what it gives later is dropped.
   * @param late makes the error of who has waited in vain
   */
  within<T>(work: Promise<T>, late: () => unknown): Promise<T> {
    return new Promise((resolve, reject) => {
      const waiting = { until_ms: performance.now() + this.limit_ms, end: () => reject(late()) };
      this.waiting.add(waiting);
      this.timer ??= this.wake(this.limit_ms);
      work.then(
        (done) => {
          this.waiting.delete(waiting);
          resolve(done);
        },
        (error: unknown) => {
          this.waiting.delete(waiting);
          reject(error);
        },
      );
    });
  }

  private wake(after_ms: number): NodeJS.Timeout {
    return setTimeout(() => this.endTheLate(), after_ms).unref();
  }

  private endTheLate(): void {
    this.timer = undefined;
    const now_ms = performance.now();
    for (const waiting of this.waiting) {
      if (waiting.until_ms > now_ms) {
        this.timer = this.wake(Math.ceil(waiting.until_ms - now_ms));
        return;
      }
      this.waiting.delete(waiting);
      waiting.end();
    }
  }
}

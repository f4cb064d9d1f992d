/** Counts what is being worked on, so that stopping can wait for exactly that. */
export class InFlight {
  private readonly running = new Set<Promise<unknown>>();

  get count(): number {
    return this.running.size;
  }

  /** @returns the same promise, counted until it settles */
  track<T>(work: Promise<T>): Promise<T> {
    const counted: Promise<unknown> = work.then(
      () => this.running.delete(counted),
      () => this.running.delete(counted),
    );
    this.running.add(counted);
    return work;
  }

  /** Resolves when nothing is left, or after `limit_ms`. */
  async settle(limit_ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, limit_ms);
    });
    const empty = async (): Promise<void> => {
      while (this.running.size > 0) await Promise.all(this.running);
    };
    await Promise.race([empty(), limit]);
    clearTimeout(timer);
  }
}

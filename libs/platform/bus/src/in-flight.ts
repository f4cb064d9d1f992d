import { withinTime } from './within-time.js';

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
    const empty = async (): Promise<void> => {
      while (this.running.size > 0) await Promise.all(this.running);
    };
    await withinTime(empty(), limit_ms, undefined);
  }
}

import { fail, ok, type Outcome } from '@corsac/outcome';

/** How many jobs run at once, and how many may wait. */
export interface QueueBounds {
  running: number;
  waiting: number;
}

/** Runs costly jobs a few at a time, in order, and refuses at once when too many wait: a late answer helps nobody and delays the rest. */
export class BoundedQueue {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly bounds: QueueBounds) {}

  /** How many jobs wait now, for metrics. */
  get depth(): number {
    return this.waiting.length;
  }

  /** The job's own answer, or `busy` when it was not begun. Rejects only with what the job threw. */
  async run<T>(job: () => Promise<T>): Promise<Outcome<T, 'busy'>> {
    if (this.running >= this.bounds.running) {
      if (this.waiting.length >= this.bounds.waiting) return fail('busy');
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else {
      this.running += 1;
    }
    try {
      return ok(await job());
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    }
  }
}

/** Two minutes, as JetStream's window in our streams. */
export const duplicateWindowMs = 120_000;

/**
 * Durable messages by id: those on their way, and those done within the window. Publishing one of them again delivers
 * nothing new; whoever publishes it waits for the one that is on its way.
 */
export class RecentIds {
  private readonly running = new Map<string, Promise<void>>();
  /** In the order in which they were done, so the oldest are first. */
  private readonly doneAt = new Map<string, number>();

  constructor(private readonly nowMs: () => number) {}

  once(key: string, deliver: () => Promise<void>): Promise<void> {
    this.forgetOld();
    const before = this.running.get(key);
    if (before) return before;
    if (this.doneAt.has(key)) return Promise.resolve();
    const delivery = deliver().then(
      () => {
        this.running.delete(key);
        this.doneAt.set(key, this.nowMs());
      },
      (error: unknown) => {
        this.running.delete(key);
        throw error;
      },
    );
    this.running.set(key, delivery);
    return delivery;
  }

  get runningCount(): number {
    return this.running.size;
  }

  private forgetOld(): void {
    const limit = this.nowMs() - duplicateWindowMs;
    for (const [key, at] of this.doneAt) {
      if (at > limit) return;
      this.doneAt.delete(key);
    }
  }
}

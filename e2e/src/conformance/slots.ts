/** Said to who waits for a place when nobody is let in any more. */
export class SlotsClosed extends Error {
  override readonly name = 'SlotsClosed';
}

/** So many at once and no more; who pauses lets somebody else in. */
export class Slots {
  private readonly waiting: { let: () => void; refuse: () => void }[] = [];
  private readonly running = new Set<Promise<unknown>>();
  private readonly pauses = new Map<NodeJS.Timeout, () => void>();
  private isClosed = false;

  constructor(private free: number) {}

  run<T>(work: () => Promise<T>): Promise<T> {
    const running = this.inside(work);
    const settled = running.then(
      () => undefined,
      () => undefined,
    );
    this.running.add(settled);
    void settled.then(() => this.running.delete(settled));
    return running;
  }

  /** Lets nobody in any more, and resolves when nobody is inside: what nobody waits for must not outlive what it is about. */
  async close(): Promise<void> {
    this.isClosed = true;
    for (const { refuse } of this.waiting.splice(0)) refuse();
    for (const [timer, end] of this.pauses) {
      clearTimeout(timer);
      end();
    }
    await Promise.all(this.running);
  }

  private async inside<T>(work: () => Promise<T>): Promise<T> {
    await this.enter();
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  /** Waits outside, for as long as was said and then for a free place. */
  async pause(seconds: number): Promise<void> {
    this.leave();
    await new Promise<void>((resolve) => {
      const end = (): void => {
        this.pauses.delete(timer);
        resolve();
      };
      const timer = setTimeout(end, seconds * 1000);
      this.pauses.set(timer, end);
    });
    await this.enter();
  }

  private async enter(): Promise<void> {
    if (this.isClosed) throw new SlotsClosed();
    if (this.free > 0) {
      this.free -= 1;
      return;
    }
    await new Promise<void>((resolve, reject) =>
      this.waiting.push({ let: resolve, refuse: () => reject(new SlotsClosed()) }),
    );
  }

  private leave(): void {
    const next = this.waiting.shift();
    if (next) next.let();
    else this.free += 1;
  }
}

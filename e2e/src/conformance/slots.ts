/** So many at once and no more; who pauses lets somebody else in. */
export class Slots {
  private readonly waiting: (() => void)[] = [];

  constructor(private free: number) {}

  async run<T>(work: () => Promise<T>): Promise<T> {
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
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    await this.enter();
  }

  private async enter(): Promise<void> {
    if (this.free > 0) {
      this.free -= 1;
      return;
    }
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private leave(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.free += 1;
  }
}

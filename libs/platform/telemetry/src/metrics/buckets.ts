/** How many values stayed below each of some bounds, and what they come to together. */
export class Buckets {
  sum = 0;
  count = 0;
  private readonly counts: Float64Array;

  /** @param bounds upper ones, ascending */
  constructor(private readonly bounds: readonly number[]) {
    this.counts = new Float64Array(bounds.length);
  }

  add(value: number): void {
    this.sum += value;
    this.count += 1;
    for (let index = 0; index < this.bounds.length; index += 1) {
      if (value > this.bounds[index]!) continue;
      this.counts[index]! += 1;
      return;
    }
  }

  /** Every bound with what is not above it, as Prometheus counts; the last has everything. */
  below(): (readonly [bound: string, count: number])[] {
    let below = 0;
    const bounded = this.bounds.map((bound, index) => [String(bound), (below += this.counts[index]!)] as const);
    return [...bounded, ['+Inf', this.count]];
  }
}

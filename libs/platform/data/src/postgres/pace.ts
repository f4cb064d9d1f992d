/**
 * From one commit to the next, this many times what a commit takes: all that comes meanwhile shares the next. A slow disk or a busy machine
 * gets longer batches instead of more of them, and a commit that finds the way free does not wait at all.
 */
const APART = 4;
const LEAST_MS = 2;
const MOST_MS = 20;

/** How often something that waits for the disk may begin. */
export class Pace {
  private next_ms = 0;

  /** Milliseconds to wait from now (`performance.now()`), 0 when the way is free. */
  wait_ms(now_ms: number): number {
    return Math.max(0, this.next_ms - now_ms);
  }

  /** Notes when a commit began and ended. */
  took(began_ms: number, ended_ms: number): void {
    this.next_ms = began_ms + Math.min(Math.max(APART * (ended_ms - began_ms), LEAST_MS), MOST_MS);
  }
}

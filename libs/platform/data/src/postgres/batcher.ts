import { Pace } from './pace.js';
import { storeFault } from './store-fault.js';

export interface BatcherOptions<Op, Answer> {
  /** Does the operations in one statement and gives their answers in the same order. */
  run: (ops: Op[]) => Promise<Answer[]>;
  /** Names what an operation works on. Two of the same name never share a statement, since one statement changes a row once. */
  nameOf?: (op: Op) => string;
  /** How many statements of this kind may run at once; while they do, later operations gather. */
  atOnce?: number;
  /** Whether each statement waits for the disk: then they keep a pace, so that more operations share a commit. */
  paced?: boolean;
}

interface Waiting<Op, Answer> {
  op: Op;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}

const MOST_IN_ONE = 256;
const MOST_TRIES = 3;

/**
 * Lets operations of one kind that are asked for in one turn of the event loop, or while a statement of that kind runs, share the next
 * statement. An idle store answers as fast as without it; a busy one pays for few statements instead of many.
 */
export class Batcher<Op, Answer> {
  private waiting: Waiting<Op, Answer>[] = [];
  private running = 0;
  private planned = false;
  private readonly pace = new Pace();

  constructor(private readonly options: BatcherOptions<Op, Answer>) {}

  /** The answer to one operation. */
  add(op: Op): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ op, resolve, reject });
      this.plan();
    });
  }

  private plan(): void {
    if (this.planned || this.running >= (this.options.atOnce ?? 1) || this.waiting.length === 0) return;
    this.planned = true;
    const begin = (): void => {
      this.planned = false;
      void this.runOne(this.nextBatch());
      this.plan();
    };
    const wait_ms = this.options.paced ? this.pace.wait_ms(performance.now()) : 0;
    if (wait_ms > 0) setTimeout(begin, wait_ms);
    else setImmediate(begin);
  }

  private nextBatch(): Waiting<Op, Answer>[] {
    const { nameOf } = this.options;
    if (!nameOf) return this.waiting.splice(0, MOST_IN_ONE);
    const batch = new Map<string, Waiting<Op, Answer>>();
    const later: Waiting<Op, Answer>[] = [];
    for (const each of this.waiting) {
      const name = nameOf(each.op);
      if (batch.size < MOST_IN_ONE && !batch.has(name)) batch.set(name, each);
      else later.push(each);
    }
    this.waiting = later;
    // Rows are locked in the order given: the same in every statement, so that two of them do not wait for one another.
    return [...batch].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
  }

  private async runOne(batch: Waiting<Op, Answer>[]): Promise<void> {
    this.running += 1;
    const began_ms = performance.now();
    try {
      const answers = await this.tryRun(batch.map(({ op }) => op));
      this.pace.took(began_ms, performance.now());
      batch.forEach(({ resolve }, at) => resolve(answers[at] as Answer));
    } catch (error) {
      for (const { reject } of batch) reject(error);
      if (storeFault(error)?.kind === 'unavailable') this.rejectWaiting(error);
    } finally {
      this.running -= 1;
      this.plan();
    }
  }

  /** A statement is a transaction: one that lost a deadlock has done nothing and may be sent again. */
  private async tryRun(ops: Op[]): Promise<Answer[]> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.options.run(ops);
      } catch (error) {
        if (tries >= MOST_TRIES || storeFault(error)?.kind !== 'conflict') throw error;
      }
    }
  }

  /** Those that gathered behind a statement without an answer have waited long enough: the store is away. */
  private rejectWaiting(error: unknown): void {
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }
}

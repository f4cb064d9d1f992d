import { requestsMade } from './http.js';
import { cpuSecondsByProcess, cpuSecondsOf } from './process-tree.js';

/** One operation; rejects when the answer was not right. */
export type Operation = () => Promise<void>;

/** What is measured: `prepare` makes as many independent operations as there are connections. */
export interface Work {
  readonly name: string;
  readonly prepare: (connections: number) => Promise<Operation[]>;
}

export interface Figures {
  /** Processor seconds of all processes of the product per 1000 operations. */
  readonly cpu_per_1000: number;
  readonly per_second: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
  /** HTTP requests of one operation, those of the browser and of the application. */
  readonly requests: number;
  /** What each replica of the token service did of its work, as parts of one; empty in one process. */
  readonly token_shares: readonly number[];
}

const connections = 16;
const tokenProgram = 'apps/token/dist/main.js';

/** Processor seconds in a second that count as none, and how long is waited for them. */
const settling = { idle_s: 0.1, longest_s: 30 };

/**
 * Operations that are warm, per second of warm-up that was asked for, and how much longer a slow work may take for them. V8 gives a function
 * its last compiler after 3000 calls, so that with 4 s every work of every contestant has had it.
 */
const warmUp = { operationsPerSecond: 1000, longest: 10 };

/** As many independent operations as there are connections, one made after the other. */
export const many = async (count: number, make: () => Promise<Operation> | Operation): Promise<Operation[]> => {
  const made: Operation[] = [];
  for (let index = 0; index < count; index += 1) made.push(await make());
  return made;
};

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

/** A closed loop of all operations while `goesOn`; answers the milliseconds that each took. */
const loop = async (
  operations: readonly Operation[],
  goesOn: (elapsed_s: number, done: number) => boolean,
): Promise<number[]> => {
  const times: number[] = [];
  const began = performance.now();
  await Promise.all(
    operations.map(async (operation) => {
      while (goesOn((performance.now() - began) / 1000, times.length)) {
        const start = performance.now();
        await operation();
        times.push(performance.now() - start);
      }
    }),
  );
  return times;
};

/** Runs a work unmeasured for `seconds`, and longer until 1000 operations per second of it are done: first calls measure the JIT compiler. */
export const warm = async (work: Work, seconds: number): Promise<void> => {
  const enough = seconds * warmUp.operationsPerSecond;
  await loop(
    await work.prepare(connections),
    (elapsed_s, done) => elapsed_s < seconds || (done < enough && elapsed_s < seconds * warmUp.longest),
  );
};

/** Waits until a product has ended what it does after its start, such as making keys: a second with hardly any work, or half a minute. */
export const settle = async (root: number): Promise<void> => {
  for (let second = 0; second < settling.longest_s; second += 1) {
    const before = cpuSecondsOf(root);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    if (cpuSecondsOf(root) - before < settling.idle_s) return;
  }
};

/** Runs a work for `seconds` in a closed loop and reads the processor time of the product's processes before and after. */
export const measure = async (work: Work, root: number, seconds: number): Promise<Figures> => {
  const operations = await work.prepare(connections);
  const cpuBefore = cpuSecondsOf(root);
  const tokensBefore = cpuSecondsByProcess(root, tokenProgram);
  const requestsBefore = requestsMade();
  const began = performance.now();
  const times = await loop(operations, (elapsed_s) => elapsed_s < seconds);
  const took_s = (performance.now() - began) / 1000;
  const requests = requestsMade() - requestsBefore;
  const cpu_s = cpuSecondsOf(root) - cpuBefore;
  const byReplica = [...cpuSecondsByProcess(root, tokenProgram)].map(
    ([pid, cpu]) => cpu - (tokensBefore.get(pid) ?? 0),
  );
  const ofAll = byReplica.reduce((sum, cpu) => sum + cpu, 0);
  times.sort((one, other) => one - other);
  return {
    cpu_per_1000: (cpu_s / times.length) * 1000,
    per_second: times.length / took_s,
    p50_ms: percentile(times, 0.5),
    p99_ms: percentile(times, 0.99),
    requests: requests / times.length,
    token_shares: byReplica.map((cpu) => (ofAll > 0 ? cpu / ofAll : 0)),
  };
};

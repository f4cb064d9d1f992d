import { cpuSecondsByProcess, cpuSecondsOf } from './process-tree.js';

/** One operation; rejects when the answer was not right. */
export type Operation = () => Promise<void>;

/** What is measured: `prepare` makes as many independent operations as there are connections. */
export interface Work {
  readonly name: string;
  readonly prepare: (connections: number) => Promise<Operation[]>;
  /** Processor seconds of one operation that are not to be counted, such as a password hash; taken before and after. */
  readonly less?: () => Promise<number>;
  /** Requests that a browser made for the last operation, where there is a browser. */
  readonly browserRequests?: () => number;
}

export interface Figures {
  /** Processor seconds of all processes of the product per 1000 operations. */
  readonly cpu_per_1000: number;
  readonly per_second: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly browser_requests?: number;
  /** What each replica of the token service did of its work, as parts of one; empty in one process. */
  readonly token_shares: readonly number[];
}

const connections = 16;
const tokenProgram = 'apps/token/dist/main.js';

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

/** Runs a work for `seconds` in a closed loop and reads the processor time of the product's processes before and after. */
export const measure = async (work: Work, root: number, seconds: number): Promise<Figures> => {
  const operations = await work.prepare(connections);
  const lessBefore = (await work.less?.()) ?? 0;
  const times: number[] = [];
  const until = performance.now() + seconds * 1000;
  const cpuBefore = cpuSecondsOf(root);
  const tokensBefore = cpuSecondsByProcess(root, tokenProgram);
  const began = performance.now();
  await Promise.all(
    operations.map(async (operation) => {
      while (performance.now() < until) {
        const start = performance.now();
        await operation();
        times.push(performance.now() - start);
      }
    }),
  );
  const took_s = (performance.now() - began) / 1000;
  const used_s = cpuSecondsOf(root) - cpuBefore;
  const byReplica = [...cpuSecondsByProcess(root, tokenProgram)].map(
    ([pid, cpu]) => cpu - (tokensBefore.get(pid) ?? 0),
  );
  const ofAll = byReplica.reduce((sum, cpu) => sum + cpu, 0);
  const less_s = (lessBefore + ((await work.less?.()) ?? 0)) / 2;
  const cpu_s = used_s - times.length * less_s;
  times.sort((one, other) => one - other);
  return {
    cpu_per_1000: (cpu_s / times.length) * 1000,
    per_second: times.length / took_s,
    p50_ms: percentile(times, 0.5),
    p99_ms: percentile(times, 0.99),
    token_shares: byReplica.map((cpu) => (ofAll > 0 ? cpu / ofAll : 0)),
    ...(work.browserRequests && { browser_requests: work.browserRequests() }),
  };
};

/** The middle one of some measurements, by processor time. */
export const median = (figures: readonly Figures[]): Figures => {
  const sorted = [...figures].sort((one, other) => one.cpu_per_1000 - other.cpu_per_1000);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  if (!middle) throw new Error('nothing was measured');
  return middle;
};

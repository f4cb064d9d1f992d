import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks per second of /proc; 100 on every Linux that Node runs on. */
const ticks = 100;

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly cpu_s: number;
}

const read = (pid: number): Process | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name stands in brackets and may hold anything, so fields are counted from its end.
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [, parent = 0] = fields;
    // utime, stime and those of children that have ended and were waited for (proc(5), fields 14 to 17).
    const cpu = (fields[11] ?? 0) + (fields[12] ?? 0) + (fields[13] ?? 0) + (fields[14] ?? 0);
    return { pid, parent, cpu_s: cpu / ticks };
  } catch {
    return undefined;
  }
};

const processes = (): Process[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => read(Number(name)))
    .filter((process) => process !== undefined);

/** The processes that began with `root`: itself, its children, and theirs. */
export const treeOf = (root: number): number[] => {
  const all = processes();
  const tree = [root];
  for (const parent of tree) tree.push(...all.filter((process) => process.parent === parent).map(({ pid }) => pid));
  return tree;
};

/** Processor seconds that all processes of a tree have used, stores that it started included. */
export const cpuSecondsOf = (root: number): number =>
  treeOf(root).reduce((sum, pid) => sum + (read(pid)?.cpu_s ?? 0), 0);

/** Resident memory of a tree in MiB, shared pages counted in parts (PSS). */
export const memoryOf = (root: number): number =>
  treeOf(root).reduce((sum, pid) => {
    try {
      const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
      return sum + Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) / 1024;
    } catch {
      return sum;
    }
  }, 0);

/** Processor seconds of each process of a tree whose command line names the program, by process id. */
export const cpuSecondsByProcess = (root: number, program: string): ReadonlyMap<number, number> =>
  new Map(
    treeOf(root)
      .filter((pid) => commandOf(pid).includes(program))
      .map((pid) => [pid, read(pid)?.cpu_s ?? 0]),
  );

const commandOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
};

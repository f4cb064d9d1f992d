import { measure, warm, type Figures, type Work } from './measure.js';
import type { Server } from './server.js';

/** A product that runs, with what it is asked to do. */
export interface Contestant {
  readonly server: Server;
  readonly works: readonly Work[];
}

export interface Plan {
  readonly rounds: number;
  readonly seconds: number;
  readonly warm_up_s: number;
}

/** A work with the figures of each round; those of a round were taken side by side, also with those of the group's other rows. */
export interface Row {
  readonly name: string;
  readonly corsac: readonly Figures[];
  /** Empty where the peer cannot do this work, or there is none. */
  readonly peer: readonly Figures[];
}

/** The middle one of some measurements, by processor time. */
export const median = (figures: readonly Figures[]): Figures => {
  const sorted = [...figures].sort((one, other) => one.cpu_per_1000 - other.cpu_per_1000);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  if (!middle) throw new Error('nothing was measured');
  return middle;
};

/** Median of the ratios of processor time in each round; what a machine does meanwhile meets both of a pair. */
export const medianRatio = (ours: readonly Figures[], others: readonly Figures[]): number | undefined => {
  const ratios = ours
    .flatMap(({ cpu_per_1000 }, round) => {
      const beside = others[round]?.cpu_per_1000;
      return beside === undefined ? [] : [cpu_per_1000 / beside];
    })
    .sort((one, other) => one - other);
  const upper = ratios[ratios.length >> 1];
  const lower = ratios[(ratios.length - 1) >> 1];
  return upper === undefined || lower === undefined ? undefined : (upper + lower) / 2;
};

/** Works that are compared with one another stand in one group: `L…`, `W1 …`, `W8 …`. */
export const groupsOf = (names: readonly string[]): string[][] => {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const key = /^(L|W\d+|\S+)/.exec(name)?.[0] ?? name;
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  return [...groups.values()];
};

/** Measures a group of works on all contestants in turn, A B A B, after each has run each work unmeasured. */
export const compare = async (
  names: readonly string[],
  contestants: readonly Contestant[],
  { rounds, seconds, warm_up_s }: Plan,
): Promise<Row[]> => {
  const sides = names.flatMap((name) =>
    contestants.flatMap(({ server, works }, contestant) => {
      const work = works.find((candidate) => candidate.name === name);
      return work ? [{ name, contestant, work, pid: server.pid, taken: [] as Figures[] }] : [];
    }),
  );
  for (const { work } of sides) await warm(work, warm_up_s);
  for (let round = 0; round < rounds; round += 1)
    for (const { work, pid, taken } of sides) taken.push(await measure(work, pid, seconds));
  const takenOf = (name: string, contestant: number): readonly Figures[] =>
    sides.find((side) => side.name === name && side.contestant === contestant)?.taken ?? [];
  return names.map((name) => ({ name, corsac: takenOf(name, 0), peer: takenOf(name, 1) }));
};

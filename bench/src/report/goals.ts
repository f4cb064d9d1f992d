import { median, medianRatio, type Row } from '../measure/compare.js';

export type Shape = 'embedded' | 'distributed';

interface Goal {
  /** How the names of the rows begin that it is for; `part` is in them as well. */
  readonly work: string;
  readonly part?: string;
  /** What it is held against: the peer's figure of the same work, or that of the row of ours that begins so. */
  readonly against: 'peer' | { readonly row: string };
  /** Processor time at most, as a multiple of the other's. */
  readonly atMost: Readonly<Record<Shape, number>>;
  /** No more HTTP requests than the other. */
  readonly sameRequests?: true;
}

const toPeer = (work: string, part: string, embedded: number, distributed: number): Goal => ({
  work,
  part,
  against: 'peer',
  atMost: { embedded, distributed },
});

/** What the product promises, all processes and stores counted. Sign-ins without the password hash. */
export const goals: readonly Goal[] = [
  toPeer('W1 client credentials', 'rs256', 0.92, 0.95),
  toPeer('W1 client credentials', 'es256', 0.55, 0.6),
  toPeer('W2 sign-in', 'rs256', 0.5, 0.7),
  toPeer('W2 sign-in', 'es256', 0.35, 0.55),
  toPeer('W3 refresh', 'rs256', 0.8, 0.85),
  toPeer('W3 refresh', 'es256', 0.6, 0.7),
  toPeer('W4 userinfo', '', 0.25, 0.3),
  toPeer('W5 metadata', '', 0.5, 0.5),
  toPeer('W6 exchange', 'rs256', 0.92, 0.95),
  toPeer('W7 introspection', '', 0.5, 0.55),
  {
    work: 'W8 client credentials over',
    against: { row: 'W8 client credentials over 1 tracks' },
    atMost: { embedded: 1.15, distributed: 1.15 },
  },
  {
    work: 'L1 sign-in, one link',
    part: 'rs256',
    against: { row: 'L0 sign-in, direct' },
    atMost: { embedded: 1.25, distributed: 1.25 },
    sameRequests: true,
  },
];

/** What was measured; with the password hash, the goals of sign-ins do not hold. */
export interface Measured {
  readonly shape: Shape;
  readonly withHash: boolean;
}

export interface Verdict {
  readonly name: string;
  /** Median of the rounds' ratios. */
  readonly ratio: number;
  readonly goal: number;
  readonly isKept: boolean;
}

const judge = (goal: Goal, row: Row, rows: readonly Row[], { shape, withHash }: Measured): Verdict[] => {
  const { work, part = '', against, atMost, sameRequests } = goal;
  const isSignIn = work.includes('sign-in');
  if (!row.name.startsWith(work) || !row.name.includes(part) || (isSignIn && withHash)) return [];
  const beside = against === 'peer' ? row.peer : rows.find(({ name }) => name.startsWith(against.row))?.corsac;
  if (!beside || beside === row.corsac) return [];
  const ratio = medianRatio(row.corsac, beside);
  if (ratio === undefined) return [];
  const hasMoreRequests = sameRequests && median(row.corsac).requests > median(beside).requests;
  return [{ name: row.name, ratio, goal: atMost[shape], isKept: ratio <= atMost[shape] && !hasMoreRequests }];
};

/** Rows that have a goal and something to be held against, with how they did. */
export const verdictsOn = (rows: readonly Row[], measured: Measured): Verdict[] =>
  rows.flatMap((row) => goals.flatMap((goal) => judge(goal, row, rows, measured)));

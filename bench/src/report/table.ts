import { median, medianRatio, type Row } from '../measure/compare.js';
import type { Figures } from '../measure/measure.js';
import { verdictsOn, type Shape } from './goals.js';

const nameWidth = 38;
const columns = ['CPU s/1000', 'op/s', 'p50 ms', 'p99 ms', 'requests'];
const width = 11;

const cells = ({ cpu_per_1000, per_second, p50_ms, p99_ms, requests }: Figures): string =>
  [cpu_per_1000.toFixed(3), per_second.toFixed(0), p50_ms.toFixed(2), p99_ms.toFixed(2), requests.toFixed(1)]
    .map((cell) => cell.padStart(width))
    .join('');

const shares = ({ token_shares }: Figures): string =>
  token_shares.length > 1 ? `  token ${token_shares.map((part) => `${Math.round(part * 100)} %`).join(' ')}` : '';

/** A line of figures for each work, and one below it for the peer's with the ratio. */
const lines = (peer: string, row: Row): string[] => {
  const ours = median(row.corsac);
  const first = `${row.name.padEnd(nameWidth)}${cells(ours)}${shares(ours)}`;
  const ratio = medianRatio(row.corsac, row.peer);
  if (ratio === undefined) return [first];
  return [first, `${`   ${peer}`.padEnd(nameWidth)}${cells(median(row.peer))}  ratio ${ratio.toFixed(2)}`];
};

interface Run {
  readonly peer: string;
  readonly shape: Shape;
  readonly withHash: boolean;
}

/** The whole report: figures of both, then how each row did that has a goal. */
export const report = (rows: readonly Row[], { peer, shape, withHash }: Run): string => {
  const head = `${'work'.padEnd(nameWidth)}${columns.map((column) => column.padStart(width)).join('')}`;
  const verdicts = verdictsOn(rows, { shape, withHash }).map(
    ({ name, ratio, goal, isKept }) =>
      `${name.padEnd(nameWidth)} ratio ${ratio.toFixed(2)}  goal ${goal.toFixed(2)}  ${isKept ? 'ok' : 'over'}`,
  );
  return [
    head,
    ...rows.flatMap((row) => lines(peer, row)),
    ...(verdicts.length > 0 ? ['', `goals, ${shape}`, ...verdicts] : []),
  ].join('\n');
};

import { groupsOf, median, medianRatio } from './compare.js';
import type { Figures } from './measure.js';

const taken = (...cpu: number[]): Figures[] =>
  cpu.map((cpu_per_1000) => ({ cpu_per_1000, per_second: 1, p50_ms: 1, p99_ms: 1, requests: 1, token_shares: [] }));

describe('figures of some rounds', () => {
  it('are told by the round in the middle, by processor time', () => {
    expect(median(taken(3, 1, 2)).cpu_per_1000).toBe(2);
    expect(median(taken(4, 1, 2, 3)).cpu_per_1000).toBe(2);
    expect(() => median([])).toThrow('nothing was measured');
  });

  it('are compared by pairs of a round, not by what each did best', () => {
    // The second round met a busy machine, on both sides.
    expect(medianRatio(taken(1, 9, 2), taken(2, 18, 1))).toBe(0.5);
  });

  it('have the mean of the two ratios in the middle when there are two', () => {
    expect(medianRatio(taken(1, 3), taken(2, 2))).toBe(1);
  });

  it('have no ratio where the other did not do the work', () => {
    expect(medianRatio(taken(1, 2), [])).toBeUndefined();
  });
});

describe('rows that are measured in turn', () => {
  it('are those of one work, and all sign-ins through links', () => {
    const names = ['W1 a', 'W8 over 1 tracks', 'L0 direct', 'W8 over 9 tracks', 'LO interconnect', 'W10 other'];
    expect(groupsOf(names)).toEqual([
      ['W1 a'],
      ['W8 over 1 tracks', 'W8 over 9 tracks'],
      ['L0 direct', 'LO interconnect'],
      ['W10 other'],
    ]);
  });
});

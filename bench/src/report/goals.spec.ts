import type { Row } from '../measure/compare.js';
import type { Figures } from '../measure/measure.js';
import { verdictsOn } from './goals.js';
import { report } from './table.js';

const taken = (cpu_per_1000: number, requests = 1): Figures[] => [
  { cpu_per_1000, per_second: 1000, p50_ms: 1, p99_ms: 2, requests, token_shares: [] },
];
const row = (name: string, corsac: Figures[], peer: Figures[] = []): Row => ({ name, corsac, peer });
const embedded = { shape: 'embedded', withHash: false } as const;
const distributed = { shape: 'distributed', withHash: false } as const;

describe('goals', () => {
  it.each([
    ['W1 client credentials rs256', 0.92, 0.95],
    ['W1 client credentials es256', 0.55, 0.6],
    ['W2 sign-in rs256', 0.5, 0.7],
    ['W2 sign-in es256', 0.35, 0.55],
    ['W3 refresh rs256', 0.8, 0.85],
    ['W3 refresh es256', 0.6, 0.7],
    ['W4 userinfo es256', 0.25, 0.3],
    ['W5 metadata rs256', 0.5, 0.5],
    ['W6 exchange rs256', 0.92, 0.95],
    ['W7 introspection es256', 0.5, 0.55],
  ])('of %s are %d embedded and %d distributed', (name, inOne, inMany) => {
    const rows = [row(name, taken(1), taken(1))];
    expect(verdictsOn(rows, embedded)).toEqual([{ name, ratio: 1, goal: inOne, isKept: false }]);
    expect(verdictsOn(rows, distributed)).toEqual([{ name, ratio: 1, goal: inMany, isKept: false }]);
  });

  it('are kept at the goal itself', () => {
    expect(verdictsOn([row('W5 metadata es256', taken(1), taken(2))], embedded)).toMatchObject([{ isKept: true }]);
  });

  it.each(['W6 exchange es256', 'W6 SAML sign-in, as IdP', 'L0 sign-in, direct rs256'])(
    'are not told of %s',
    (name) => {
      expect(verdictsOn([row(name, taken(1), taken(1))], embedded)).toEqual([]);
    },
  );

  it('need somebody to be held against', () => {
    expect(verdictsOn([row('W2 sign-in es256', taken(1))], embedded)).toEqual([]);
  });

  it('of sign-ins do not hold with the password hash', () => {
    const rows = [row('W2 sign-in es256', taken(9), taken(10)), row('W5 metadata es256', taken(1), taken(2))];
    expect(verdictsOn(rows, { shape: 'embedded', withHash: true }).map(({ name }) => name)).toEqual([
      'W5 metadata es256',
    ]);
  });

  it('of many tracks are held against one track', () => {
    const rows = [
      row('W8 client credentials over 1 tracks', taken(10)),
      row('W8 client credentials over 100 tracks', taken(12)),
    ];
    expect(verdictsOn(rows, embedded)).toEqual([
      { name: 'W8 client credentials over 100 tracks', ratio: 1.2, goal: 1.15, isKept: false },
    ]);
  });

  it.each([
    [3, true],
    [4, false],
  ])('of a link with 3 direct requests and %d by the link: %s', (requests, isKept) => {
    const rows = [
      row('L0 sign-in, direct rs256', taken(10, 3)),
      row('L1 sign-in, one link rs256', taken(12, requests)),
    ];
    expect(verdictsOn(rows, embedded)).toMatchObject([{ ratio: 1.2, goal: 1.25, isKept }]);
  });
});

describe('report', () => {
  it('shows both with their requests, the ratio, and how the goal was met', () => {
    const rows = [row('W2 sign-in es256', taken(0.5, 3), taken(2, 5))];
    const text = report(rows, { peer: 'oidc-provider', ...embedded });
    expect(text.split('\n').map((line) => line.replace(/ +/g, ' '))).toEqual([
      'work CPU s/1000 op/s p50 ms p99 ms requests',
      'W2 sign-in es256 0.500 1000 1.00 2.00 3.0',
      ' oidc-provider 2.000 1000 1.00 2.00 5.0 ratio 0.25',
      '',
      'goals, embedded',
      'W2 sign-in es256 ratio 0.25 goal 0.35 ok',
    ]);
  });

  it('shows ours alone, and how replicas shared the work', () => {
    const [figures] = taken(1);
    const rows = [row('W1 client credentials es256', [{ ...figures!, token_shares: [0.48, 0.52] }])];
    expect(report(rows, { peer: '', ...distributed })).toMatch(/1\.0 {2}token 48 % 52 %$/);
  });
});

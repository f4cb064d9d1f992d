import { pemOf } from '../keys/pem.js';
import { passed } from '../parts/times.js';
import { hopsOf, lanesOf, refusalOf, stepTitle, type JourneyEvent } from './journey.js';

const event = (
  at_ms: number,
  track: string,
  party: string | undefined,
  more: Partial<JourneyEvent> = {},
): JourneyEvent => ({
  at_ms,
  track,
  party,
  kind: 'page_shown',
  outcome: 'ok',
  ...more,
});

describe('the picture of a journey', () => {
  const events = [
    event(1000, '-', 'shop'),
    event(1040, 'partner', 'login', { claims_before: ['sub', 'gone'], claims_after: ['sub', 'email'] }),
    event(1010, '-', 'link'),
    event(1100, '-', 'shop', { outcome: 'refused', detail: 'no such scope' }),
  ];

  it('has a lane for each track and party, in the order of time', () => {
    expect(hopsOf(events).map(({ lane, since }) => [lane, since])).toEqual([
      [0, 0],
      [1, 10],
      [2, 30],
      [0, 60],
    ]);
    expect(lanesOf([events[0]!, event(1, 'dev', undefined), events[3]!])).toEqual(['- / shop', 'dev']);
  });

  it('says which claims came and went', () => {
    expect(hopsOf(events)[2]).toMatchObject({ added: ['email'], removed: ['gone'] });
    expect(hopsOf(events)[0]).toMatchObject({ added: [], removed: [] });
  });

  it('says why it was refused', () => {
    const journey = { sequence_id: 's', track: '-', kind: 'login', started_ms: 0, outcome: 'failed', events } as const;
    expect(refusalOf(journey)).toBe('no such scope');
    expect(refusalOf({ ...journey, events: [] })).toBeUndefined();
  });

  it.each([
    ['page_shown', 'Page shown'],
    ['timed_out', 'Timed out'],
    ['done', 'Done'],
  ])('calls %s "%s"', (kind, title) => {
    expect(stepTitle(kind)).toBe(title);
  });

  it.each([
    [0, '+0 ms'],
    [999, '+999 ms'],
    [3200, '+3.2 s'],
    [120_000, '+2 min'],
  ])('tells %i ms as %s', (ms, text) => {
    expect(passed(ms)).toBe(text);
  });
});

describe('certificates, RFC 7468', () => {
  it('have lines of 64 characters between their marks', () => {
    expect(
      pemOf('A'.repeat(100))
        .split('\n')
        .map((line) => line.length),
    ).toEqual([27, 64, 36, 25]);
  });
});

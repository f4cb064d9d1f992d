import { brakeDecision, brakeFigures, countFailure, defaultTrackSettings, type BrakeCount } from '../index.js';

const brakes = defaultTrackSettings.brakes;
const account = brakeFigures(brakes, 'account');
const now = 1_800_000_000;

const failing = (times: number, figures = account, at = now): BrakeCount | undefined => {
  let count: BrakeCount | undefined;
  for (let index = 0; index < times; index++) count = countFailure(count, figures, at);
  return count;
};

describe('Brakes', () => {
  it('have the figures of the track', () => {
    expect(account).toEqual({ limit: 5, count_lifetime: 36_000, wait: 3600 });
    expect(brakeFigures(brakes, 'address')).toEqual({ limit: 100, count_lifetime: 36_000, wait: 3600 });
    expect(brakeFigures(brakes, 'requests')).toEqual({ limit: 1000, count_lifetime: 60, wait: 60 });
  });

  it.each([
    [0, { allowed: true }],
    [4, { allowed: true }],
    [5, { allowed: false, retry_after: 3600 }],
    [6, { allowed: false, retry_after: 3600 }],
  ])('after %i failures decide %j', (times, decision) => {
    expect(brakeDecision(failing(times), account, now)).toEqual(decision);
  });

  it('say how long there is to wait', () => {
    expect(brakeDecision(failing(5), account, now + 3599)).toEqual({ allowed: false, retry_after: 1 });
  });

  it('let go when the wait is over, and count anew', () => {
    const waited = failing(5)!;
    expect(brakeDecision(waited, account, now + 3600)).toEqual({ allowed: true });
    expect(countFailure(waited, account, now + 3600)).toEqual({ failures: 1, last_failure: now + 3600 });
  });

  it('forget failures that are long ago', () => {
    expect(countFailure(failing(4), account, now + 36_000)).toMatchObject({ failures: 1 });
    expect(countFailure(failing(4), account, now + 35_999)).toMatchObject({ failures: 5 });
  });

  it('are off at 0', () => {
    const off = brakeFigures({ ...brakes, max_failing_logins: 0 }, 'account');
    expect(brakeDecision(failing(1000, off), off, now)).toEqual({ allowed: true });
    expect(countFailure(failing(3, off), off, now)).toMatchObject({ failures: 4 });
  });
});

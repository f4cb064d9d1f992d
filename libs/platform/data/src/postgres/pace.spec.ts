import { Pace } from './pace.js';

describe('the pace of commits', () => {
  it('lets the first one begin at once', () => {
    expect(new Pace().wait_ms(100)).toBe(0);
  });

  it.each([
    { took: 0.1, wait: 2, why: 'the least' },
    { took: 2, wait: 8, why: 'four times what it took' },
    { took: 1000, wait: 20, why: 'the most' },
  ])('waits from beginning to beginning: $why', ({ took, wait }) => {
    const pace = new Pace();
    pace.took(100, 100 + took);
    expect(pace.wait_ms(100)).toBeCloseTo(wait);
    expect(pace.wait_ms(101)).toBeCloseTo(wait - 1);
    expect(pace.wait_ms(100 + wait + 1)).toBe(0);
  });
});

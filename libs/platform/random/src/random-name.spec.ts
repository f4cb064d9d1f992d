import { randomName } from './random-name.js';

describe('random names', () => {
  it('are as long as their bytes say, in base64url', () => {
    for (const bytes of [1, 16, 18, 24, 32, 1024]) {
      const name = randomName(bytes);
      expect(name).toMatch(/^[A-Za-z0-9_-]+$/);
      expect(Buffer.from(name, 'base64url')).toHaveLength(bytes);
    }
  });

  it('never come twice, also when the pool is filled anew', () => {
    const names = new Set(Array.from({ length: 10_000 }, () => randomName(18)));
    expect(names.size).toBe(10_000);
  });

  it('use every bit about as often as not', () => {
    const bits = Array.from({ length: 4000 }, () => Buffer.from(randomName(24), 'base64url')).map((bytes) =>
      bytes.reduce((count, byte) => count + byte.toString(2).replaceAll('0', '').length, 0),
    );
    const share = bits.reduce((sum, count) => sum + count, 0) / (4000 * 24 * 8);
    expect(share).toBeGreaterThan(0.49);
    expect(share).toBeLessThan(0.51);
  });
});

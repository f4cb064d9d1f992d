import { BoundedMemory } from './bounded-memory.js';

describe('A memory that is bounded', () => {
  it('forgets what was used longest ago, whatever its keys are', () => {
    const memory = new BoundedMemory<number, object>(3);
    const keys = Array.from({ length: 4 }, () => ({}));
    keys.slice(0, 3).forEach((key, at) => memory.set(key, at));
    expect(memory.get(keys[0]!)).toBe(0);
    memory.set(keys[3]!, 3);
    expect(keys.map((key) => memory.get(key))).toEqual([0, undefined, 2, 3]);
    expect(memory.size).toBe(3);
  });

  it('holds the newest value of a key once', () => {
    const memory = new BoundedMemory<string>(2);
    memory.set('a', 'one');
    memory.set('a', 'two');
    expect([memory.get('a'), memory.size]).toEqual(['two', 1]);
    memory.delete('a');
    expect([memory.get('a'), memory.size]).toEqual([undefined, 0]);
  });
});

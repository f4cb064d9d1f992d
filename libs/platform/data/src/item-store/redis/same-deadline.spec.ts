import { setTimeout as sleep } from 'node:timers/promises';
import { SameDeadline } from './same-deadline.js';

const never = (): Promise<never> => new Promise(() => undefined);

describe('waits of the same length', () => {
  it('give what the work gave, or what it threw', async () => {
    const deadline = new SameDeadline(1000);
    await expect(deadline.within(Promise.resolve(1), () => 'late')).resolves.toBe(1);
    await expect(deadline.within(Promise.reject(new Error('lost')), () => 'late')).rejects.toThrow('lost');
  });

  it('end each at its own time, those that began later too', async () => {
    const deadline = new SameDeadline(60);
    const began = performance.now();
    const ended: number[] = [];
    const wait = (): Promise<unknown> =>
      deadline.within(never(), () => 'late').catch((why: unknown) => ended.push(performance.now() - began) && why);
    const first = wait();
    await sleep(30);
    expect(await Promise.all([first, wait()])).toEqual(['late', 'late']);
    expect(ended[0]).toBeGreaterThanOrEqual(59);
    expect(ended[1]).toBeGreaterThanOrEqual(89);
    // Nobody waits any more, and still the next one is watched.
    await expect(deadline.within(never(), () => new Error('again late'))).rejects.toThrow('again late');
  });

  it('do not take what came in time for late', async () => {
    const deadline = new SameDeadline(50);
    const all = Array.from({ length: 20 }, (_, n) => deadline.within(sleep(n, n), () => 'late'));
    expect(await Promise.all(all)).toEqual(Array.from({ length: 20 }, (_, n) => n));
    await sleep(60);
  });
});

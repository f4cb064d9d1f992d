import { setTimeout as pause } from 'node:timers/promises';
import { InFlight } from './in-flight.js';
import { Slots } from './nats/slots.js';
import { withinTime } from './within-time.js';

describe('waiting for a limited time', () => {
  it('gives the value that comes in time, and rejects with what was thrown in time', async () => {
    expect(await withinTime(Promise.resolve(1), 50, 'late')).toBe(1);
    await expect(withinTime(Promise.reject(new Error('x')), 50, 'late')).rejects.toThrow('x');
  });

  it('says late when the time is up', async () => {
    expect(await withinTime(new Promise(() => undefined), 5, 'late')).toBe('late');
  });
});

describe('work in flight', () => {
  it('is counted until it settles, well or badly', async () => {
    const inFlight = new InFlight();
    const good = inFlight.track(pause(5, 'good'));
    const bad = inFlight.track(Promise.reject(new Error('bad')));
    expect(inFlight.count).toBe(2);
    await expect(bad).rejects.toThrow('bad');
    expect(await good).toBe('good');
    await inFlight.settle(50);
    expect(inFlight.count).toBe(0);
  });

  it('is waited for also when it brings more work', async () => {
    const inFlight = new InFlight();
    let ended = false;
    const second = () => inFlight.track(pause(10).then(() => (ended = true)));
    void inFlight.track(pause(5).then(() => void second()));
    await inFlight.settle(500);
    expect(ended).toBe(true);
  });

  it('is not waited for without end', async () => {
    const inFlight = new InFlight();
    void inFlight.track(new Promise(() => undefined));
    const began = performance.now();
    await inFlight.settle(20);
    expect(performance.now() - began).toBeLessThan(200);
  });
});

describe('slots', () => {
  it('let so many in at a time, the others in their order', async () => {
    const slots = new Slots(2);
    const order: number[] = [];
    let [now, most] = [0, 0];
    const work = async (n: number): Promise<void> => {
      await slots.take();
      now += 1;
      most = Math.max(most, now);
      order.push(n);
      await pause(2);
      now -= 1;
      slots.give();
    };
    await Promise.all([1, 2, 3, 4, 5, 6].map(work));
    expect([most, order]).toEqual([2, [1, 2, 3, 4, 5, 6]]);
  });
});

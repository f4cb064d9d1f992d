import { inTurns } from './in-turns.js';

const busyMs = (ms: number): void => {
  const until = performance.now() + ms;
  while (performance.now() < until);
};

describe('long work in turns', () => {
  it('lets other things happen between its steps, and gives what it comes to', async () => {
    const order: (string | number)[] = [];
    function* steps(): Generator<void, string> {
      for (let step = 0; step < 6; step += 1) {
        order.push(step);
        busyMs(6);
        yield;
      }
      return 'done';
    }
    const between = setInterval(() => order.push('between'), 1);
    await expect(inTurns(steps())).resolves.toBe('done');
    clearInterval(between);
    expect(order.filter((one) => one !== 'between')).toEqual([0, 1, 2, 3, 4, 5]);
    expect(order.slice(0, -1)).toContain('between');
  });

  it('fails as the work does', async () => {
    function* steps(): Generator<void, string> {
      yield;
      throw new Error('no');
    }
    await expect(inTurns(steps())).rejects.toThrow('no');
  });
});

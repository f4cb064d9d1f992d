import { Slots, SlotsClosed } from './slots.js';

describe('slots in which modules run', () => {
  it('let in so many at once, and the next one when somebody leaves or pauses', async () => {
    const slots = new Slots(1);
    const order: string[] = [];
    const first = slots.run(async () => {
      order.push('one');
      await slots.pause(0);
      order.push('one again');
    });
    const second = slots.run(async () => void order.push('two'));
    await Promise.all([first, second]);
    expect(order).toEqual(['one', 'two', 'one again']);
  });

  it('let nobody in any more when they are closed, and wait for who is inside, but not for a pause', async () => {
    const slots = new Slots(1);
    let isDone = false;
    const inside = slots.run(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      isDone = true;
    });
    const waiting = slots.run(async () => 'never').catch((error: unknown) => error);
    await slots.close();
    expect(isDone).toBe(true);
    await inside;
    expect(await waiting).toBeInstanceOf(SlotsClosed);

    const paused = new Slots(1);
    const long = paused.run(() => paused.pause(3600)).catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await paused.close();
    expect(await long).toBeInstanceOf(SlotsClosed);
  });
});

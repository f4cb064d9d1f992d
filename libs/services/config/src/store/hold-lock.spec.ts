import { openDatabase, type Database } from '@corsac/data';
import { describeWith } from '@corsac/testing/backing';
import { holdLock, LockHeld } from './hold-lock.js';

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describeWith('postgres', (url) => {
  let one: Database;
  let other: Database;

  beforeAll(async () => {
    const open = (): Promise<Database> => openDatabase({ url, schema: 'config', entities: [], migrations: [] });
    [one, other] = await Promise.all([open(), open()]);
  });
  afterAll(() => Promise.all([one.destroy(), other.destroy()]));

  describe('A lock of all replicas', () => {
    it('is waited for longer than a statement may take, and the wait is told once', async () => {
      const order: string[] = [];
      const told: string[] = [];
      const first = holdLock(one, { name: 'apply' }, async () => {
        await sleep(2500);
        order.push('first');
      });
      await sleep(200);
      await holdLock(
        other,
        { name: 'apply', onWait: (name) => told.push(name) },
        async () => void order.push('second'),
      );
      await first;
      expect(order).toEqual(['first', 'second']);
      expect(told).toEqual(['apply']);
    });

    it('is given up after a time, by name', async () => {
      const first = holdLock(one, { name: 'apply' }, () => sleep(1500));
      await sleep(200);
      await expect(holdLock(other, { name: 'apply', patience_s: 0.2 }, async () => 'done')).rejects.toThrow(LockHeld);
      await first;
    });

    it('is free again after work that threw', async () => {
      const failing = holdLock(one, { name: 'apply' }, () => Promise.reject(new Error('no')));
      await expect(failing).rejects.toThrow('no');
      expect(await holdLock(other, { name: 'apply', patience_s: 0 }, async () => 'done')).toBe('done');
    });
  });
});

import { describeWith } from '@corsac/testing/backing';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { openPool } from '../../postgres/connections.js';
import { StoreUnavailable } from '../../store-unavailable.js';
import { itemStoreSuite } from '../../suites.js';
import type { ItemStore } from '../item-store.js';
import { openPostgresItemStores } from './postgres-item-store.js';

/** The one store of a process, which ends with its journal. */
const openStore = async (url: string, schema: string): Promise<ItemStore> => {
  const stores = await openPostgresItemStores({ url, spaces: ['token'], schema });
  return Object.assign(stores.of('token'), { close: () => stores.close() });
};

describeWith('postgres', (url) => {
  // A store has one process; so its replica is itself.
  itemStoreSuite('postgres', async () => {
    const stores = await openPostgresItemStores({ url, spaces: ['authorize', 'session'], schema: 'suite' });
    return { open: async (space) => Object.assign(stores.of(space), { close: () => stores.close() }) };
  });

  describe('item store with a journal in Postgres', () => {
    const journalOf = async (space: string): Promise<{ rows: number; length: number }> => {
      const pool = openPool({ url, schema: space });
      const { rows } = await pool.query(
        'select count(*)::int as rows, coalesce(sum(length(lines)), 0)::int as length from item_journal',
      );
      await pool.end();
      return rows[0];
    };

    it('keeps what it holds over a restart of the service, and the epoch', async () => {
      const first = await openStore(url, 'token');
      await first.put('code', { c: 1 }, 60);
      await first.take('code', { spent: 'grant', spentTtl: 60 });
      await first.put('session', { text: 'a\nb' }, 60);
      const { version } = (await first.get('session'))!;
      await first.addToIndex('user', 'session', 60);
      await first.schedule('sweep', 'session', 5);
      await first.incr('brake', 60, 2);
      const epoch = await first.epoch();
      await first.close();
      const second = await openStore(url, 'token');
      expect(await second.take('code')).toEqual({ state: 'spent', mark: 'grant' });
      expect(await second.replace('session', { text: 'c' }, { version, ttl: 60 })).toBe(true);
      expect(await second.membersOf('user')).toEqual(['session']);
      expect(await second.due('sweep', 5, 10)).toEqual([{ member: 'session', dueAt: 5 }]);
      expect(await second.incr('brake', 60)).toBe(3);
      expect(await second.epoch()).toBe(epoch);
      await second.close();
    });

    it('keeps what was acknowledged when the process has no time to close', async () => {
      const killed = await openStore(url, 'killed');
      await Promise.all(Array.from({ length: 300 }, (_, n) => killed.put(`k${n}`, { n }, 60)));
      await killed.remove('k7');
      const next = await openStore(url, 'killed');
      expect((await next.get('k299'))?.value).toEqual({ n: 299 });
      expect(await next.get('k7')).toBeUndefined();
      await Promise.all([killed.close(), next.close()]);
    });

    it('keeps what was changed in its relaxed form soon after, and with the next change that is acknowledged', async () => {
      const killed = await openStore(url, 'relaxed');
      await killed.relaxed.put('before', { n: 1 }, 60);
      await killed.put('acknowledged', { n: 2 }, 60);
      await killed.relaxed.put('last', { n: 3 }, 60);
      await sleep(300);
      const next = await openStore(url, 'relaxed');
      const found = await Promise.all(['before', 'acknowledged', 'last'].map((key) => next.get<{ n: number }>(key)));
      expect(found.map((item) => item?.value.n)).toEqual([1, 2, 3]);
      await Promise.all([killed.close(), next.close()]);
    });

    it('lets a process that was taken for dead change nothing any more', async () => {
      const old = await openStore(url, 'taken');
      await old.put('k', { by: 'old' }, 60);
      const next = await openStore(url, 'taken');
      await expect(old.put('k', { by: 'old, late' }, 60)).rejects.toThrow(StoreUnavailable);
      await expect(old.take('k')).rejects.toThrow('another process has taken this store over');
      expect(await old.health()).toMatchObject({ up: false });
      expect((await next.get('k'))?.value).toEqual({ by: 'old' });
      await Promise.all([old.close(), next.close()]);
      const third = await openStore(url, 'taken');
      expect((await third.get('k'))?.value).toEqual({ by: 'old' });
      await third.close();
    });

    it('writes what spaces change at once in one row, and keeps them apart', async () => {
      const open = () => openPostgresItemStores({ url, spaces: ['token', 'session'], schema: 'spaces' });
      const stores = await open();
      await Promise.all([
        stores.of('token').put('k', { of: 'token' }, 60),
        stores.of('session').put('k', { of: 'session' }, 60),
      ]);
      expect((await journalOf('spaces')).rows).toBe(1);
      await stores.close();
      const again = await open();
      expect((await again.of('token').get('k'))?.value).toEqual({ of: 'token' });
      expect((await again.of('session').get('k'))?.value).toEqual({ of: 'session' });
      expect(() => again.of('config')).toThrow(RangeError);
      await again.close();
    });

    it('writes what comes at once in few rows', async () => {
      const store = await openStore(url, 'rows');
      await Promise.all(Array.from({ length: 1000 }, (_, n) => store.put(`k${n}`, { n }, 60)));
      expect((await journalOf('rows')).rows).toBeLessThan(20);
      await store.close();
    });

    it('does not grow with what was changed but with what is there, and loses nothing by that', async () => {
      const store = await openStore(url, 'long');
      const text = 'x'.repeat(10_000);
      await store.put('first', { first: true }, 600);
      for (let round = 0; round < 40; round++)
        await Promise.all(Array.from({ length: 100 }, (_, n) => store.put(`k${n}`, { round, text }, 600)));
      await store.close();
      expect((await journalOf('long')).length).toBeLessThan(20_000_000);
      const again = await openStore(url, 'long');
      expect((await again.get('first'))?.value).toEqual({ first: true });
      expect((await again.get<{ round: number }>('k99'))?.value.round).toBe(39);
      await again.close();
    });

    it('goes on when the server ends its connections', async () => {
      const store = await openStore(url, 'cut');
      await store.put('k', { v: 1 }, 60);
      const admin = new Client({ connectionString: url });
      await admin.connect();
      await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'corsac-cut'`);
      await admin.end();
      await new Promise((resolve) => setTimeout(resolve, 100));
      await store.put('k', { v: 2 }, 60);
      expect((await store.get('k'))?.value).toEqual({ v: 2 });
      await store.close();
    });
  });
});

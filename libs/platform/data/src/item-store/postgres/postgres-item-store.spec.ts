import { describeWith } from '@corsac/testing/backing';
import { Client } from 'pg';
import { openPool } from '../../postgres/connections.js';
import { itemStoreSuite } from '../../suites.js';
import { ExpirySweep } from './item-tables.js';
import { openPostgresItemStore } from './postgres-item-store.js';

describeWith('postgres', (url) => {
  itemStoreSuite('postgres', async () => ({
    open: (space) => openPostgresItemStore({ url, space }),
  }));

  describe('item store in Postgres', () => {
    it('lets replicas that start at once make the tables one time', async () => {
      const stores = await Promise.all([1, 2, 3].map(() => openPostgresItemStore({ url, space: 'fresh' })));
      const epochs = await Promise.all(stores.map((store) => store.epoch()));
      expect(new Set(epochs).size).toBe(1);
      await Promise.all(stores.map((store) => store.close()));
    });

    it('keeps what it holds over a restart of the service, and the epoch', async () => {
      const first = await openPostgresItemStore({ url, space: 'token' });
      await first.put('code', { c: 1 }, 60);
      const epoch = await first.epoch();
      await first.close();
      const second = await openPostgresItemStore({ url, space: 'token' });
      expect((await second.get('code'))?.value).toEqual({ c: 1 });
      expect(await second.epoch()).toBe(epoch);
      await second.close();
    });

    it('throws out what is over and leaves what lives', async () => {
      const store = await openPostgresItemStore({ url, space: 'swept' });
      await store.put('lives', { l: 1 }, 60);
      for (let n = 0; n < 50; n++) {
        await store.put(`dies${n}`, {}, 0.05);
        await store.incr(`dies${n}`, 0.05);
        await store.addToIndex(`dies${n}`, 'm', 0.05);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
      const pool = openPool({ url, schema: 'swept' });
      await new ExpirySweep(pool).beat();
      const counts = await pool.query(`
        select (select count(*)::int from item) as items, (select count(*)::int from item_counter) as counters,
          (select count(*)::int from item_member) as members`);
      expect(counts.rows).toEqual([{ items: 1, counters: 0, members: 0 }]);
      expect((await store.get('lives'))?.value).toEqual({ l: 1 });
      await pool.end();
      await store.close();
    });

    it('sweeps a table that is larger than one beat in several', async () => {
      const store = await openPostgresItemStore({ url, space: 'large' });
      const pool = openPool({ url, schema: 'large', statement_ms: 20_000 });
      await pool.query(`
        insert into item select 'k' || n, repeat(md5(n::text), 60), null, 'v', now() - interval '1 second'
        from generate_series(1, 10000) as n`);
      const sweep = new ExpirySweep(pool);
      await sweep.beat();
      const { rows } = await pool.query('select count(*)::int as n from item');
      expect(rows[0].n).toBeGreaterThan(0);
      expect(rows[0].n).toBeLessThan(10_000);
      for (let beat = 0; beat < 5; beat++) await sweep.beat();
      expect((await pool.query('select count(*)::int as n from item')).rows).toEqual([{ n: 0 }]);
      await pool.end();
      await store.close();
    });

    it('goes on when the server ends its connections', async () => {
      const store = await openPostgresItemStore({ url, space: 'cut' });
      await store.put('k', { v: 1 }, 60);
      const admin = new Client({ connectionString: url });
      await admin.connect();
      await admin.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'corsac-cut-items'`,
      );
      await admin.end();
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect((await store.get('k'))?.value).toEqual({ v: 1 });
      await store.close();
    });
  });
});

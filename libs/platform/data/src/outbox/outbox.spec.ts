import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeWith } from '@corsac/testing/backing';
import type { DataSource } from 'typeorm';
import { openDatabase } from '../postgres/open-database.js';
import type { OutboxRow } from './outbox-batch.js';
import { OutboxPublisher, type OutboxPublisherOptions } from './outbox-publisher.js';
import { AddOutboxContext1764000000200, CreateOutbox1700000000000 } from './outbox-table.js';
import { writeOutbox, type OutboxEvent } from './write-outbox.js';

const until = async (question: () => boolean | Promise<boolean>): Promise<void> => {
  for (let waited = 0; waited < 8000; waited += 20) {
    if (await question()) return;
    await sleep(20);
  }
  throw new Error('it did not come to be in eight seconds');
};

const record = () => {
  const rows: OutboxRow[] = [];
  return { rows, publish: async (row: OutboxRow) => void rows.push(row) };
};

describeWith('postgres', (url) => {
  const sources: DataSource[] = [];
  const publishers: OutboxPublisher[] = [];
  const open = async () => {
    const source = await openDatabase({
      url,
      schema: 'session',
      entities: [],
      migrations: [CreateOutbox1700000000000, AddOutboxContext1764000000200],
    });
    sources.push(source);
    return source;
  };
  const publisherOf = (dataSource: DataSource, options: Omit<OutboxPublisherOptions, 'dataSource'>) => {
    const publisher = new OutboxPublisher({ dataSource, ...options });
    publishers.push(publisher);
    return publisher;
  };
  const write = (source: DataSource, ...events: (Partial<OutboxEvent> & { payload: object })[]) =>
    source.transaction((manager) =>
      writeOutbox(manager, ...events.map((event) => ({ id: randomUUID(), subject: 's', ...event }))),
    );
  let source: DataSource;

  beforeAll(async () => {
    source = await open();
  });
  beforeEach(() => source.query('truncate outbox'));
  afterEach(async () => {
    await Promise.all(publishers.splice(0).map((publisher) => publisher.stop()));
  });
  afterAll(() => Promise.all(sources.map((each) => each.destroy())));

  describe('writing events', () => {
    it('brings what caused an event to whoever publishes it', async () => {
      const context = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
      const seen: OutboxRow[] = [];
      await write(source, { payload: { n: 1 }, context }, { payload: { n: 2 } });
      await publisherOf(source, { publish: async (row) => void seen.push(row) }).publishDue();
      expect(seen.map((row) => row.context)).toEqual([context, undefined]);
    });

    it('happens when and only when the transaction commits', async () => {
      const failing = source.transaction(async (manager) => {
        await writeOutbox(manager, { id: 'lost', subject: 's', payload: {} });
        throw new Error('rolled back');
      });
      await expect(failing).rejects.toThrow('rolled back');
      await write(source, { id: 'kept', payload: {} });
      expect(await source.query('select id from outbox')).toEqual([{ id: 'kept' }]);
    });

    it('is refused outside a transaction', async () => {
      await expect(writeOutbox(source.manager, { id: 'x', subject: 's', payload: {} })).rejects.toThrow(
        'within a transaction',
      );
    });

    it('writes many at once in their order, and none when there is none', async () => {
      await source.transaction((manager) => writeOutbox(manager));
      await write(source, ...Array.from({ length: 50 }, (_, n) => ({ id: `e${n}`, key: `k${n % 3}`, payload: { n } })));
      const ids = (await source.query('select id from outbox order by seq')) as { id: string }[];
      expect(ids.map(({ id }) => id)).toEqual(Array.from({ length: 50 }, (_, n) => `e${n}`));
    });

    it('does not lock out writers of the same keys in another order', async () => {
      const both = (keys: string[]) => write(source, ...keys.map((key) => ({ key, payload: {} })));
      await Promise.all(Array.from({ length: 20 }, (_, i) => both(i % 2 ? ['a', 'b', 'c'] : ['c', 'b', 'a'])));
      expect(await source.query('select count(*)::int as n from outbox')).toEqual([{ n: 60 }]);
    });
  });

  describe('publishing events', () => {
    it('gives the publisher what was written', async () => {
      const { rows, publish } = record();
      const payload = { text: 'quote " é', list: [1, null] };
      await write(source, { id: 'i', subject: 'corsac.session.v1.session.ended', key: 'k', payload });
      expect(await publisherOf(source, { publish }).publishDue()).toBe(1);
      expect(rows).toEqual([
        {
          id: 'i',
          subject: 'corsac.session.v1.session.ended',
          key: 'k',
          payload,
          attempt: 1,
          created_at: expect.any(Number),
        },
      ]);
      expect(Math.abs(rows[0]!.created_at - Date.now() / 1000)).toBeLessThan(5);
    });

    it('publishes after a restart what was committed before a crash', async () => {
      await write(source, { id: 'before', payload: {} });
      const other = await open();
      const { rows, publish } = record();
      publisherOf(other, { publish }).start();
      await until(() => rows.length === 1);
      expect(rows[0]).toMatchObject({ id: 'before' });
    });

    it('publishes each row once when all goes well', async () => {
      const { rows, publish } = record();
      await write(source, { payload: {} });
      const publisher = publisherOf(source, { publish });
      await publisher.publishDue();
      expect(await publisher.publishDue()).toBe(0);
      expect(rows).toHaveLength(1);
    });

    it('is woken by a commit and does not wait for the next beat', async () => {
      const { rows, publish } = record();
      publisherOf(source, { publish }).start();
      await sleep(100);
      const began = performance.now();
      for (let n = 1; n <= 5; n++) {
        await write(source, { payload: { n } });
        await until(() => rows.length === n);
      }
      expect(performance.now() - began).toBeLessThan(900);
    });

    it('finds what a process without a publisher has written', async () => {
      const { rows, publish } = record();
      publisherOf(source, { publish }).start();
      await sleep(100);
      await write(await open(), { payload: {} });
      await until(() => rows.length === 1);
    });

    it('tries again until it is acknowledged, counting the attempts', async () => {
      const attempts: number[] = [];
      const waits: number[] = [];
      await write(source, { payload: {} });
      publisherOf(source, {
        publish: async ({ attempt }) => {
          attempts.push(attempt);
          if (attempt < 3) throw new Error('no bus');
        },
        observer: { failed: (_row, _error, wait_s) => waits.push(wait_s) },
        longest_wait_s: 0.3,
      }).start();
      await until(() => attempts.length === 3);
      expect([attempts, waits]).toEqual([
        [1, 2, 3],
        [0.2, 0.3],
      ]);
    });

    it('keeps the order of a key when its first event fails, and does not hold up other keys', async () => {
      const seen: string[] = [];
      let broken = true;
      await write(
        source,
        { id: 'a1', key: 'a', payload: {} },
        { id: 'a2', key: 'a', payload: {} },
        { id: 'b1', key: 'b', payload: {} },
      );
      const publisher = publisherOf(source, {
        publish: async ({ id }) => {
          if (id === 'a1' && broken) throw new Error('refused');
          seen.push(id);
        },
        longest_wait_s: 0.01,
      });
      await publisher.publishDue();
      expect(seen).toEqual(['b1']);
      broken = false;
      await sleep(30);
      await publisher.publishDue();
      expect(seen).toEqual(['b1', 'a1', 'a2']);
    });

    it('does not hold up an event that is written while another is not taken', async () => {
      const failures: unknown[] = [];
      const taken: string[] = [];
      const publish = (row: OutboxRow): Promise<void> =>
        row.id === 'hangs' ? new Promise(() => undefined) : Promise.resolve(void taken.push(row.id));
      publisherOf(source, { publish, observer: { failed: (...failure) => void failures.push(failure) } }).start();
      await write(source, { id: 'hangs', payload: {} });
      await sleep(300);
      for (const id of ['a', 'b', 'c']) {
        const began = performance.now();
        await write(source, { id, payload: {} });
        await until(() => taken.includes(id));
        expect(performance.now() - began).toBeLessThan(1500);
      }
      expect(failures).toEqual([]);
      expect(await source.query('select id from outbox where published_at is null')).toEqual([{ id: 'hangs' }]);
    });

    it('gets to an event behind more than it publishes at once, though none of them is taken', async () => {
      const taken: string[] = [];
      const publish = (row: OutboxRow): Promise<void> =>
        row.id.startsWith('hangs') ? new Promise(() => undefined) : Promise.resolve(void taken.push(row.id));
      await write(source, ...Array.from({ length: 40 }, (_, n) => ({ id: `hangs${n}`, payload: {} })), {
        id: 'last',
        payload: {},
      });
      const began = performance.now();
      publisherOf(source, { publish }).start();
      await until(() => taken.includes('last'));
      expect(performance.now() - began).toBeLessThan(2500);
    });

    it('takes subject and key together for order, however they are spelt', async () => {
      const { rows, publish } = record();
      await write(source, { subject: 'a b', key: 'c', payload: {} }, { subject: 'a', key: 'b c', payload: {} });
      expect(await publisherOf(source, { publish }).publishDue()).toBe(2);
      expect(rows).toHaveLength(2);
    });
  });

  describe('publishing by several replicas', () => {
    it('never gives a row to two at once, and keeps the order of every key', async () => {
      const other = await open();
      const inHand = new Set<string>();
      const order = new Map<string, number[]>();
      const counts = [0, 0];
      const overlaps: string[] = [];
      const publish = (replica: number) => async (row: OutboxRow) => {
        const lane = row.key!;
        if (inHand.has(lane)) overlaps.push(lane);
        inHand.add(lane);
        await sleep(Math.random() * 3);
        inHand.delete(lane);
        counts[replica]! += 1;
        order.set(lane, [...(order.get(lane) ?? []), (row.payload as { n: number }).n]);
      };
      publisherOf(source, { publish: publish(0) }).start();
      publisherOf(other, { publish: publish(1) }).start();
      for (let n = 0; n < 40; n++) {
        const writer = n % 2 ? source : other;
        await write(writer, ...Array.from({ length: 8 }, (_, k) => ({ key: `k${k}`, payload: { n } })));
      }
      await until(() => counts[0]! + counts[1]! >= 320);
      expect(overlaps).toEqual([]);
      expect(counts[0]! + counts[1]!).toBe(320);
      expect([...order.values()]).toEqual(Array.from({ length: 8 }, () => Array.from({ length: 40 }, (_, n) => n)));
    }, 30_000);

    it('publishes events of a key in the order of their commits when their transactions overlap', async () => {
      const seen: number[] = [];
      publisherOf(source, { publish: async ({ payload }) => void seen.push((payload as { n: number }).n) }).start();
      const commits: number[] = [];
      const slow = (n: number) =>
        source.transaction(async (manager) => {
          await writeOutbox(manager, { id: randomUUID(), subject: 's', key: 'one', payload: { n } });
          await sleep(Math.random() * 30);
          commits.push(n);
        });
      await Promise.all([1, 2, 3, 4, 5, 6].map(slow));
      await until(() => seen.length === 6);
      expect(seen).toEqual(commits);
    });

    it('publishes again when the holder of a row loses its connection, and tells the holder', async () => {
      const victim = await openDatabase({
        url,
        schema: 'session',
        entities: [],
        migrations: [CreateOutbox1700000000000, AddOutboxContext1764000000200],
        name: 'victim',
      });
      sources.push(victim);
      await write(source, { id: 'again', payload: {} });
      let told: unknown;
      const holding = publisherOf(victim, {
        publish: (_row, signal) =>
          new Promise((_, reject) => signal.addEventListener('abort', () => reject((told = signal.reason as Error)))),
      }).publishDue();
      holding.catch(() => undefined);
      await sleep(100);
      const { rows, publish } = record();
      const healthy = publisherOf(source, { publish });
      expect(await healthy.publishDue()).toBe(0);
      await source.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'victim'`);
      await expect(holding).rejects.toThrow();
      expect(await healthy.publishDue()).toBe(1);
      expect(rows).toMatchObject([{ id: 'again', attempt: 1 }]);
      expect(String(told)).toContain('lost');
    });
  });

  describe('upkeep of the outbox', () => {
    it('says how many wait and throws out what is long published', async () => {
      const depths: { waiting: number }[] = [];
      await write(source, { id: 'old', payload: {} }, { id: 'stuck', payload: {} });
      await source.query(`update outbox set published_at = now() - interval '2 hours' where id = 'old'`);
      publisherOf(source, {
        publish: () => Promise.reject(new Error('no bus')),
        observer: { depth: (depth) => depths.push(depth) },
      }).start();
      await until(() => depths.length > 0);
      expect(depths[0]!.waiting).toBe(1);
      expect(await source.query('select id from outbox')).toEqual([{ id: 'stuck' }]);
    });

    it('goes on by itself when the database was away', async () => {
      const { rows, publish } = record();
      const troubles: unknown[] = [];
      await source.query('alter table outbox rename to hidden');
      publisherOf(source, { publish, observer: { trouble: (error) => troubles.push(error) } }).start();
      await until(() => troubles.length > 0);
      await source.query('alter table hidden rename to outbox');
      await write(source, { payload: {} });
      await until(() => rows.length === 1);
    });

    it('finishes what is in hand when it is stopped, and begins nothing more', async () => {
      let finished = 0;
      const publisher = publisherOf(source, {
        publish: async () => {
          await sleep(100);
          finished += 1;
        },
      });
      await write(source, { payload: {} });
      publisher.start();
      await sleep(50);
      await publisher.stop();
      expect(finished).toBe(1);
      await write(source, { payload: {} });
      await sleep(150);
      expect(finished).toBe(1);
    });
  });
});

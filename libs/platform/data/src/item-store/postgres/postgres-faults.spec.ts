import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../postgres/embedded-postgres.js';
import { openDatabase } from '../../postgres/open-database.js';
import { findServerFiles } from '../../postgres/server-files.js';
import { attempt } from '../../postgres/store-fault.js';
import { StoreUnavailable } from '../../store-unavailable.js';
import type { ItemStore } from '../item-store.js';
import { openPostgresItemStores } from './postgres-item-store.js';

/** The one store of a process, which ends with its journal. */
const openStore = async (url: string, schema: string): Promise<ItemStore> => {
  const stores = await openPostgresItemStores({ url, spaces: ['token'], schema });
  return Object.assign(stores.of('token'), { close: () => stores.close() });
};

jest.setTimeout(30_000);

const timed = async (work: () => Promise<unknown>): Promise<{ error: unknown; ms: number }> => {
  const began = performance.now();
  const error = await work().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { error, ms: performance.now() - began };
};

const processesOf = (pid: number): number[] => {
  const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' });
  return [pid, ...children.split('\n').map(Number).filter(Boolean)];
};

const present = findServerFiles('machine') && process.platform === 'linux';
(present ? describe : describe.skip)('faults of Postgres (needs a Postgres that can be started on Linux)', () => {
  let server: EmbeddedPostgres;
  let store: ItemStore;
  let source: DataSource;

  beforeAll(async () => {
    server = await startEmbeddedPostgres({ folder: 'memory', prefer: 'machine' });
    store = await openStore(server.url, 'token');
    source = await openDatabase({ url: server.url, schema: 'token', entities: [], migrations: [] });
  }, 20_000);
  afterAll(async () => {
    await store.close();
    await source.destroy();
    await server.stop();
  });

  const untilBack = async (): Promise<number> => {
    const began = performance.now();
    while (
      (await timed(() => store.put('back', {}, 60))).error ||
      !(await attempt(() => source.query('select 1'))).ok
    ) {
      await sleep(50);
    }
    return performance.now() - began;
  };

  it('is unavailable within 3 s when the server hangs, for each of many, and serves again within 5 s', async () => {
    await store.put('code', { c: 1 }, 60);
    await store.put('other', { o: 1 }, 60);
    const hung = processesOf(server.pid);
    for (const pid of hung) process.kill(pid, 'SIGSTOP');
    const asked = [
      ...Array.from({ length: 10 }, (_, n) => timed(() => store.put(`k${n}`, {}, 60))),
      timed(() => store.take('other', { spent: 'x', spentTtl: 60 })),
      timed(() => source.query('select 1')),
      timed(() => source.transaction((manager) => manager.query('select 1'))),
    ];
    await sleep(1000);
    asked.push(timed(() => store.addToIndex('index', 'member', 60)));
    const answers = await Promise.all(asked);
    const next = await timed(() => store.put('next', {}, 60));
    const read = await store.get('code');
    const health = await store.health();
    for (const pid of hung) process.kill(pid, 'SIGCONT');
    for (const { error, ms } of [...answers, next]) {
      expect((await attempt(() => Promise.reject(error))).ok).toBe(false);
      expect(ms).toBeLessThan(3000);
    }
    expect(next.error).toBeInstanceOf(StoreUnavailable);
    expect(next.ms).toBeLessThan(100);
    expect(read?.value).toEqual({ c: 1 });
    expect(health).toMatchObject({ up: false });
    expect(await untilBack()).toBeLessThan(5000);
    // What was not acknowledged has been done or not; the memory and the journal agree on which.
    const again = await openStore(server.url, 'token');
    expect(await again.get('next')).toBeUndefined();
    for (const key of ['code', 'k0', 'k9']) expect(await again.get(key)).toEqual(await store.get(key));
    expect(await again.take('other')).toEqual(await store.take('other').catch(() => again.take('other')));
    await store.close();
    store = again;
  }, 30_000);

  it('serves again by itself after the server was killed, and has another epoch where it does not wait for the disk', async () => {
    const epoch = await store.epoch();
    process.kill(server.pid, 'SIGKILL');
    await sleep(50);
    const { error, ms } = await timed(() => store.put('k', {}, 60));
    if (error) expect(error).toBeInstanceOf(StoreUnavailable);
    expect(ms).toBeLessThan(3000);
    expect(await untilBack()).toBeLessThan(5000);
    const next = await openStore(server.url, 'token');
    expect(await next.epoch()).not.toBe(epoch);
    await next.close();
  }, 30_000);
});

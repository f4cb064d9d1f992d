import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, isOnMachine, startOnMachine, type StartedServer } from '@corsac/testing/backing';
import { StoreUnavailable } from '../../store-unavailable.js';
import type { ItemStore } from '../item-store.js';
import { openRedisItemStore } from './redis-item-store.js';

jest.setTimeout(30_000);

const timed = async (work: () => Promise<unknown>): Promise<{ error: unknown; ms: number }> => {
  const began = performance.now();
  const error = await work().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { error, ms: performance.now() - began };
};

(isOnMachine('redis') ? describe : describe.skip)('faults of Redis (needs redis-server on the machine)', () => {
  let port: number;
  let server: StartedServer;
  let store: ItemStore | undefined;

  const open = async () => (store = await openRedisItemStore({ url: server.url, space: 'authorize', patience_s: 5 }));
  beforeEach(async () => {
    port = await freePort();
    server = await startOnMachine('redis', { port });
  });
  afterEach(async () => {
    await store?.close();
    store = undefined;
    await server.stop();
  });

  it('refuses at start a server that evicts, with the mend', async () => {
    for (const policy of ['allkeys-lru', 'volatile-ttl']) {
      await server.stop();
      server = await startOnMachine('redis', { port, args: ['--maxmemory-policy', policy] });
      await expect(open()).rejects.toThrow(`maxmemory-policy ${policy}): set maxmemory-policy noeviction`);
    }
  });

  it('serves nothing from a server that came back evicting, and says so', async () => {
    const opened = await open();
    await server.stop();
    server = await startOnMachine('redis', { port, args: ['--maxmemory-policy', 'allkeys-random'] });
    await sleep(2500);
    await expect(opened.get('k')).rejects.toThrow(StoreUnavailable);
    expect(await opened.health()).toEqual({ up: false, reason: 'maxmemory-policy allkeys-random' });
  });

  it('is unavailable within 3 s when the server is gone, and serves again within 5 s of its return', async () => {
    const opened = await open();
    await server.stop();
    for (let n = 0; n < 3; n++) {
      const { error, ms } = await timed(() => opened.put('k', {}, 60));
      expect(error).toBeInstanceOf(StoreUnavailable);
      expect(ms).toBeLessThan(3000);
    }
    expect(await opened.health()).toMatchObject({ up: false });
    server = await startOnMachine('redis', { port });
    const began = performance.now();
    while ((await timed(() => opened.put('k', { back: true }, 60))).error) await sleep(50);
    expect(performance.now() - began).toBeLessThan(5000);
    expect((await opened.get('k'))?.value).toEqual({ back: true });
  }, 20_000);

  it('has another epoch after the server came back', async () => {
    const opened = await open();
    const before = await opened.epoch();
    await server.stop();
    server = await startOnMachine('redis', { port });
    while ((await timed(() => opened.epoch())).error) await sleep(50);
    expect(await opened.epoch()).not.toBe(before);
  });

  it('is unavailable within 3 s when the server hangs, for each of many commands, and recovers when it goes on', async () => {
    const opened = await open();
    await opened.put('code', { c: 1 }, 60);
    process.kill(server.pid!, 'SIGSTOP');
    const hung = await Promise.all(Array.from({ length: 20 }, () => timed(() => opened.get('code'))));
    const next = await timed(() => opened.incr('n', 60));
    process.kill(server.pid!, 'SIGCONT');
    for (const { error, ms } of [...hung, next]) {
      expect(error).toBeInstanceOf(StoreUnavailable);
      expect(ms).toBeLessThan(3000);
    }
    const began = performance.now();
    while ((await timed(() => opened.get('code'))).error) await sleep(50);
    expect(performance.now() - began).toBeLessThan(5000);
    expect((await opened.get('code'))?.value).toEqual({ c: 1 });
  }, 20_000);

  it('takes nothing on behalf of a caller that was told it failed while there was no connection', async () => {
    const opened = await open();
    await server.stop();
    expect((await timed(() => opened.incr('late', 60))).error).toBeInstanceOf(StoreUnavailable);
    server = await startOnMachine('redis', { port });
    while ((await timed(() => opened.get('x'))).error) await sleep(50);
    expect(await opened.incr('late', 60)).toBe(1);
  }, 20_000);

  it('knows its scripts again after the server forgot them', async () => {
    const opened = await open();
    await opened.put('a', {}, 60);
    expect((await opened.take('a')).state).toBe('taken');
    await server.stop();
    server = await startOnMachine('redis', { port });
    while ((await timed(() => opened.put('a', {}, 60))).error) await sleep(50);
    expect((await opened.take('a', { spentTtl: 60 })).state).toBe('taken');
  });

  it('is unavailable, not broken, while the server loads or has no memory left', async () => {
    await server.stop();
    server = await startOnMachine('redis', { port, args: ['--maxmemory', '1mb'] });
    const opened = await open();
    const { error } = await timed(async () => {
      for (let n = 0; n < 200; n++) await opened.put(`k${n}`, { long: 'x'.repeat(20_000) }, 60);
    });
    expect(error).toBeInstanceOf(StoreUnavailable);
    expect(String(error)).toContain('OOM');
  });

  it('gives up a server that is not there when the patience is over', async () => {
    await server.stop();
    const { error } = await timed(() => openRedisItemStore({ url: server.url, space: 'a', patience_s: 0.2 }));
    expect(error).toBeInstanceOf(StoreUnavailable);
  });
});

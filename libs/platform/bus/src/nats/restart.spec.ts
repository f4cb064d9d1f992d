import { setTimeout as pause } from 'node:timers/promises';
import { ok } from '@corsac/outcome';
import type { Bus } from '@corsac/contracts';
import { describeWithNatsServer, startNatsServer, suiteContracts, World, type NatsServer } from '@corsac/testing';
import type { ServiceBus } from '../service-bus.js';
import { natsBus } from './nats-bus.js';

jest.setTimeout(30_000);

const [repeatText, readText] = suiteContracts.questions;
const [promisedEvent] = suiteContracts.durableEvents;
if (!repeatText || !readText || !promisedEvent) throw new Error('the suite has lost its contracts');

/** Milliseconds until it is true. */
async function timeUntil(isTrue: () => boolean | Promise<boolean>, limit_ms = 10_000): Promise<number> {
  const began = performance.now();
  while (!(await isTrue())) {
    if (performance.now() - began > limit_ms) throw new Error('in vain');
    await pause(10);
  }
  return performance.now() - began;
}

describeWithNatsServer('when NATS goes and comes back', () => {
  let server: NatsServer;
  let world: World;
  const seen: string[] = [];
  const buses: ServiceBus[] = [];

  beforeEach(async () => {
    server = await startNatsServer();
    seen.length = 0;
    buses.length = 0;
    world = new World({
      process: async (options) => {
        const bus = natsBus({ ...options, servers: server.url, contracts: suiteContracts });
        buses.push(bus);
        return bus;
      },
      close: () => server.remove(),
    });
    await world.replica('token', { promised: async ({ text }) => void seen.push(text) });
  });
  afterEach(() => world.close());

  const answers = async (bus: Bus): Promise<boolean> => (await bus.ask(repeatText, { text: 'x' })).ok;

  it('says unavailable while NATS is away, and has full service within five seconds after', async () => {
    const [authorize, session] = [await world.voice('authorize'), await world.voice('session')];
    await session.publishDurable(promisedEvent, { text: 'before' }, 'r-1');
    await timeUntil(() => seen.includes('before'));
    expect(await answers(authorize)).toBe(true);

    await server.kill();
    await timeUntil(() => buses.every((bus) => !bus.health().ready));
    const began = performance.now();
    const asked = await authorize.ask(repeatText, { text: 'x' });
    expect(asked).toEqual({ ok: false, error: { refusal: 'unavailable', detail: expect.any(String) } });
    expect(performance.now() - began).toBeLessThan(repeatText.deadline_ms + 200);
    await expect(session.publishDurable(promisedEvent, { text: 'meanwhile' }, 'r-2')).rejects.toThrow();
    await pause(1500);

    await server.start();
    const back = performance.now();
    await timeUntil(() => answers(authorize));
    await timeUntil(() =>
      session.publishDurable(promisedEvent, { text: 'after' }, 'r-3').then(
        () => true,
        () => false,
      ),
    );
    await timeUntil(() => seen.includes('after'));
    expect(performance.now() - back).toBeLessThan(5000);
    expect(buses.every((bus) => bus.health().ready)).toBe(true);
  });

  it('delivers what JetStream had taken before it went', async () => {
    const session = await world.voice('session');
    await world.replica('session');
    await timeUntil(() => session.publishDurable(promisedEvent, { text: 'warm' }, 'r-4').then(() => true));
    await timeUntil(() => seen.includes('warm'));
    const authorize = await world.replica('authorize');
    await timeUntil(() => buses.every((bus) => bus.health().detail === 'ok'));
    await authorize.close();
    await session.publishDurable(promisedEvent, { text: 'stored' }, 'r-5');
    await server.kill();
    await pause(300);
    await server.start();
    const late: string[] = [];
    await world.replica('authorize', { promised: async ({ text }) => void late.push(text) });
    // What was acknowledged in the server's last moment may come again; nothing may be missing.
    await timeUntil(() => late.includes('stored'));
    expect(late.filter((text) => text === 'stored')).toHaveLength(1);
  });

  it('makes streams and consumers again when NATS has lost everything', async () => {
    const session = await world.voice('session');
    await session.publishDurable(promisedEvent, { text: 'before' }, 'r-6');
    await timeUntil(() => seen.includes('before'));
    await server.kill();
    await server.forget();
    await server.start();
    await timeUntil(() =>
      session.publishDurable(promisedEvent, { text: 'after' }, 'r-7').then(
        () => true,
        () => false,
      ),
    );
    await timeUntil(() => seen.includes('after'));
    expect(seen).toEqual(['before', 'after']);
  });

  it('brings a question to another replica when the first dies with it, if it may be asked twice', async () => {
    let [held, asked] = [0, 0];
    const stuck = async (): Promise<never> => {
      held += 1;
      return new Promise(() => undefined);
    };
    const well = async ({ text }: { text: string }) => {
      asked += 1;
      return ok({ text });
    };
    const bus = await world.voice('authorize');
    await world.replica('token', { read: stuck, repeat: stuck });
    await world.replica('token', { read: well, repeat: well });
    const results: boolean[] = [];
    for (let n = 0; n < 12; n += 1) results.push((await bus.ask(readText, { text: 'x' })).ok);
    expect(held).toBeGreaterThan(0);
    // Once more, to whomever: of two tries among three replicas one is well far more often than not.
    expect(results.filter(Boolean).length).toBeGreaterThan(6);
    expect(asked).toBeGreaterThan(0);
  });

  it('starts although NATS comes later, and gives up with one line at its start deadline', async () => {
    await server.kill();
    const patient = natsBus({ servers: server.url, contracts: suiteContracts, start_deadline_ms: 8000 });
    expect(await answers(patient.busFor('authorize'))).toBe(false);
    await server.start();
    await timeUntil(() => answers(patient.busFor('authorize')));
    expect(patient.health().ready).toBe(true);
    await patient.drain();

    await server.kill();
    const address = server.url.replace('nats://', 'nats://user:secret@');
    const hasty = natsBus({ servers: address, contracts: suiteContracts, start_deadline_ms: 300 });
    const taken = hasty.busFor('session').publishDurable(promisedEvent, { text: 'x' }, 'r-8');
    const error: unknown = await taken.catch((thrown: unknown) => thrown);
    const message = error instanceof Error ? error.message : '';
    expect(message).toMatch(/^NATS at nats:\/\/127\.0\.0\.1:\d+ was not reached in 300 ms: .+$/);
    expect(message).not.toContain('secret');
    await server.start();
  });
});

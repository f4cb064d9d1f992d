import type { Bus, DeadLetter, DeliveryInfo } from '@corsac/contracts';
import { textPromised } from '../contracts.js';
import type { Text } from '../replica.js';
import { pause, until, type World } from '../world.js';

interface Delivery extends DeliveryInfo {
  readonly text: string;
  readonly at_ms: number;
}

/** Listeners that note every delivery and then do what the test says. */
const noting = (then: (delivery: Delivery) => Promise<void> = async () => undefined) => {
  const deliveries: Delivery[] = [];
  const promised = async ({ text }: Text, info: DeliveryInfo): Promise<void> => {
    const delivery = { text, ...info, at_ms: performance.now() };
    deliveries.push(delivery);
    await then(delivery);
  };
  return { deliveries, promised, attempts: () => deliveries.map(({ attempt }) => attempt) };
};

const failing = () => noting(async () => Promise.reject(new Error('cannot now')));

let last = 0;
const newId = (): string => `suite-${process.pid}-${Date.now()}-${(last += 1)}`;

/**
 * What a durable event must do on every bus. Publishing is not awaited before listeners have had their turns: a bus may
 * have taken the message when it is stored, or only when everybody has done it.
 */
export function durableRules(world: () => World): void {
  const publish = async (text: string, id = newId(), bus?: Bus): Promise<{ id: string; taken: Promise<void> }> => {
    const voice = bus ?? (await world().voice('session'));
    const taken = voice.publishDurable(textPromised, { text, tenant: 'acme' }, id);
    taken.catch(() => undefined);
    return { id, taken };
  };

  it('brings a durable event to one replica of each listening service, once', async () => {
    const [one, two, authorize] = [noting(), noting(), noting()];
    await world().replicas('token', [one, two]);
    await world().replica('authorize', authorize);
    const { id, taken } = await publish('hello');
    await taken;
    await until(
      'both services have it',
      () => one.deliveries.length + two.deliveries.length + authorize.deliveries.length >= 2,
    );
    await pause(100);
    const token = [...one.deliveries, ...two.deliveries];
    expect(token).toEqual([{ text: 'hello', id, attempt: 1, at_ms: expect.any(Number) }]);
    expect(authorize.deliveries).toEqual([{ text: 'hello', id, attempt: 1, at_ms: expect.any(Number) }]);
  });

  it('brings request id and trace of what caused it, at every delivery', async () => {
    const token = noting(async ({ attempt }) => (attempt < 2 ? Promise.reject(new Error('not yet')) : undefined));
    await world().replica('token', token);
    await world().replica('authorize');
    const context = { request_id: 'r-1', traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
    const voice = await world().voice('session');
    await voice.publishDurable(textPromised, { text: 'traced', tenant: 'acme' }, newId(), context);
    await until('two deliveries', () => token.deliveries.length === 2);
    expect(token.deliveries.map((delivery) => delivery.context)).toEqual([context, context]);
  });

  it('delivers again, later each time, until the handler is done', async () => {
    const token = noting(async ({ attempt }) => (attempt < 3 ? Promise.reject(new Error('not yet')) : undefined));
    await world().replica('token', token);
    await world().replica('authorize');
    const { taken } = await publish('try');
    await until('three deliveries', () => token.deliveries.length === 3);
    await taken;
    expect(token.attempts()).toEqual([1, 2, 3]);
    const [first = 0, second = 0, third = 0] = token.deliveries.map(({ at_ms }) => at_ms);
    expect(second - first).toBeGreaterThan(50);
    expect(third - second).toBeGreaterThan(110);
    await pause(100);
    expect([token.deliveries.length, world().letters]).toEqual([3, []]);
  });

  it('brings the services that are not at fault their message meanwhile', async () => {
    const [token, authorize] = [failing(), noting()];
    await world().replica('config');
    await world().replica('token', token);
    await world().replica('authorize', authorize);
    await publish('one');
    await publish('two');
    await until('both are there', () => authorize.deliveries.length === 2 && token.deliveries.length >= 2);
    expect(authorize.attempts()).toEqual([1, 1]);
    await until('both are put aside', () => world().letters.length === 2);
  });

  it('puts a message aside after its deliveries and tells Control, once', async () => {
    const buried: DeadLetter[] = [];
    const token = failing();
    await world().replica('config', { buried: async (letter) => void buried.push(letter) });
    await world().replica('token', token);
    await world().replica('authorize');
    const { id, taken } = await publish('hopeless');
    await until('Control knows', () => buried.length > 0);
    await taken;
    await pause(200);
    const letter = {
      id,
      subject: textPromised.subject,
      service: 'token',
      attempts: 3,
      reason: 'cannot now',
      tenant: 'acme',
    };
    expect(buried).toEqual([{ ...letter, failed_ms: expect.any(Number) }]);
    expect(world().letters).toMatchObject([letter]);
    expect(token.attempts()).toEqual([1, 2, 3]);
    expect(JSON.stringify(world().lines)).not.toContain('hopeless');
  });

  it('puts a message that breaks its contract aside without trying', async () => {
    const token = noting();
    await world().replica('config');
    await world().replica('token', token);
    await world().replica('authorize', token);
    const bus = await world().voice('session');
    bus.publishDurable(textPromised, { text: 5 } as unknown as Text, newId()).catch(() => undefined);
    await until('both services put it aside', () => world().letters.length === 2);
    expect(token.deliveries).toEqual([]);
    expect(
      world()
        .letters.map(({ service }) => service)
        .sort(),
    ).toEqual(['authorize', 'token']);
  });

  it('delivers an id once, however often it is published within two minutes', async () => {
    const token = noting();
    await world().replica('token', token);
    await world().replica('authorize');
    const bus = await world().voice('session');
    const { id, taken } = await publish('first', newId(), bus);
    const again = await publish('again', id, bus);
    await Promise.all([taken, again.taken]);
    await (
      await publish('and again', id)
    ).taken;
    await (
      await publish('another')
    ).taken;
    await until('the other one is there', () => token.deliveries.some(({ text }) => text === 'another'));
    expect(token.deliveries.map(({ text }) => text)).toEqual(['first', 'another']);
  });

  it('gives somebody else what was not acknowledged in time', async () => {
    const texts: string[] = [];
    const stuck = noting(async () => new Promise<void>(() => undefined));
    await world().replica('config');
    const app = noting(async ({ text }) => void texts.push(text));
    await world().replicas('token', [stuck, app]);
    await world().replica('authorize');
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
    for (const text of ids) await publish(text);
    await until('all are done', () => new Set(texts).size + world().letters.length >= ids.length, 8000);
    expect(app.deliveries.length).toBeGreaterThan(0);
    expect(stuck.deliveries.every(({ attempt }) => attempt <= 3)).toBe(true);
  });

  it('waits for a service that starts later', async () => {
    const authorize = noting();
    await world().replica('token');
    const early = await world().replica('authorize');
    await early.close();
    const { taken } = await publish('early');
    await pause(50);
    await world().replica('authorize', authorize);
    await until('it is there', () => authorize.deliveries.length === 1);
    await taken;
    expect(authorize.deliveries[0]).toMatchObject({ text: 'early', attempt: 1 });
  });

  it('finishes and acknowledges what is at work when a replica stops', async () => {
    let [begun, ended] = [false, false];
    const first = await world().replica('token', {
      promised: async () => {
        begun = true;
        await pause(150);
        ended = true;
      },
    });
    await world().replica('authorize');
    const { taken } = await publish('slow');
    await until('the handler has begun', () => begun);
    const began = performance.now();
    await first.close();
    expect(ended).toBe(true);
    expect(performance.now() - began).toBeLessThan(1000);
    const second = noting();
    await world().replica('token', second);
    await taken;
    await pause(textPromised.ack_wait_ms + 200);
    expect(second.deliveries).toEqual([]);
  });

  it('does not let a service publish what is not its own', async () => {
    const bus = await world().voice('token');
    await expect(bus.publishDurable(textPromised, { text: 'forged' }, newId())).rejects.toThrow(
      'not for token to send',
    );
  });

  it('rejects after the bus was stopped, so that the row stays', async () => {
    const process = await world().process();
    await process.drain();
    await expect(process.busFor('session').publishDurable(textPromised, { text: 'x' }, newId())).rejects.toThrow(
      'stopped',
    );
  });

  it('carries two hundred at a time', async () => {
    const [token, authorize] = [noting(), noting()];
    await world().replica('token', token);
    await world().replica('authorize', authorize);
    const bus = await world().voice('session');
    const texts = Array.from({ length: 200 }, (_, n) => `text ${n}`);
    await Promise.all(texts.map(async (text) => (await publish(text, newId(), bus)).taken));
    await until('all are there', () => token.deliveries.length >= 200 && authorize.deliveries.length >= 200);
    expect(token.deliveries.map(({ text }) => text).sort()).toEqual([...texts].sort());
  });
}

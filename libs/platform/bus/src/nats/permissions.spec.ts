import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connect, errors, type NatsConnection } from '@nats-io/transport-node';
import {
  consumerOf,
  deadLettered,
  deadLetterSubject,
  durableEvents,
  events,
  inboxPrefix,
  natsAccounts,
  passwordVariable,
  questions,
  serviceNames,
  streamOf,
  type Contracts,
  type PermissionOptions,
  type ServiceName,
} from '@corsac/contracts';
import {
  busSuite,
  describeWithNatsServer,
  startNatsServer,
  suiteContracts,
  World,
  type NatsServer,
} from '@corsac/testing';
import { natsBus } from './nats-bus.js';
import { prepareStreams } from './prepare-streams.js';

const all: Contracts = {
  questions: [...questions, ...suiteContracts.questions],
  events: [...events, ...suiteContracts.events],
  durableEvents: [...durableEvents, ...suiteContracts.durableEvents],
};

const passOf = (user: string): string => `pass-of-${user}`;
const credentials = (user: string) => ({ user, pass: passOf(user) });
const passwords = Object.fromEntries([...serviceNames, 'setup'].map((user) => [user, passOf(user)]));

const startServer = (options: PermissionOptions = {}): Promise<NatsServer> =>
  startNatsServer({ config: natsAccounts(all, { ...options, passwords }) });

/** A service's own password in hostile hands: a bare connection and no code of ours. */
async function intrude(url: string, user: string): Promise<{ nats: NatsConnection; denied: string[] }> {
  const nats = await connect({ servers: url, ...credentials(user), inboxPrefix: inboxPrefix(user) });
  const denied: string[] = [];
  void (async () => {
    for await (const status of nats.status()) {
      if (status.type !== 'error' || !(status.error instanceof errors.PermissionViolationError)) continue;
      denied.push(`${status.error.operation} ${status.error.subject}`);
    }
  })();
  return { nats, denied };
}

/** Which of the subjects the server lets the user publish. */
async function publishable(url: string, user: string, subjects: readonly string[]): Promise<string[]> {
  const { nats, denied } = await intrude(url, user);
  for (const subject of subjects) nats.publish(subject, '{}');
  await nats.flush();
  await pause(20);
  await nats.close();
  return subjects.filter((subject) => !denied.includes(`publish ${subject}`));
}

/** Which of the subjects the server lets the user hear. */
async function hearable(url: string, user: string, subjects: readonly string[]): Promise<string[]> {
  const { nats, denied } = await intrude(url, user);
  for (const subject of subjects) nats.subscribe(subject, { callback: () => undefined });
  await nats.flush();
  await pause(20);
  await nats.close();
  return subjects.filter((subject) => !denied.includes(`subscription ${subject}`));
}

const subjectsOf = (contracts: readonly { subject: string }[]): string[] => contracts.map(({ subject }) => subject);
const everySubject = subjectsOf([...all.questions, ...all.events, ...all.durableEvents]);
const mine = (service: ServiceName) => ({
  sends: subjectsOf([
    ...all.questions.filter(({ askers }) => askers.includes(service)),
    ...all.events.filter(({ owner }) => owner === service),
    ...all.durableEvents.filter(({ owner }) => owner === service),
  ]),
  hears: subjectsOf([
    ...all.questions.filter(({ owner }) => owner === service),
    ...all.events.filter(({ listeners }) => listeners.includes(service)),
  ]),
});

const consumers = [...all.durableEvents, deadLettered].flatMap((event) =>
  event.listeners.map((service) => ({ service, stream: streamOf(event), consumer: consumerOf(event, service) })),
);
const streams = [...new Set(consumers.map(({ stream }) => stream))];

describeWithNatsServer('with credentials made from the contracts', () => {
  busSuite('on NATS with credentials', async () => {
    const server = await startServer();
    await prepareStreams({ servers: server.url, credentials, contracts: all });
    return {
      process: async (options) => natsBus({ ...options, servers: server.url, credentials, contracts: all }),
      close: () => server.remove(),
    };
  });

  describe('a service with a hostile mind', () => {
    let server: NatsServer;
    beforeAll(async () => {
      server = await startServer();
      await prepareStreams({ servers: server.url, credentials, contracts: all });
    });
    afterAll(() => server.remove());

    it.each(serviceNames)('%s can send what its contracts name and nothing else', async (service) => {
      expect(await publishable(server.url, service, everySubject)).toEqual(
        everySubject.filter((subject) => mine(service).sends.includes(subject)),
      );
    });

    it.each(serviceNames)('%s can hear what its contracts name and nothing else', async (service) => {
      expect(await hearable(server.url, service, everySubject)).toEqual(
        everySubject.filter((subject) => mine(service).hears.includes(subject)),
      );
    });

    it.each(serviceNames)('%s can read its own inbox and no other', async (service) => {
      const inboxes = [...serviceNames, 'setup'].flatMap((name) => [
        `${inboxPrefix(name)}.>`,
        `${inboxPrefix(name)}.a.b`,
      ]);
      const wide = ['>', '*.>', '_INBOX.>', '_INBOX.a', 'corsac.>', 'corsac.token.>', '$JS.>', '$SYS.>', '$JS.API.>'];
      expect(await hearable(server.url, service, [...inboxes, ...wide])).toEqual([
        `${inboxPrefix(service)}.>`,
        `${inboxPrefix(service)}.a.b`,
      ]);
    });

    it.each(serviceNames)('%s cannot write into an inbox without having been asked', async (service) => {
      const inboxes = [...serviceNames, 'setup'].map((name) => `${inboxPrefix(name)}.a.b`);
      expect(await publishable(server.url, service, [...inboxes, '_INBOX.a.b'])).toEqual([]);
    });

    it.each(serviceNames)('%s can fetch from its own consumers only', async (service) => {
      const fetching = consumers.map(({ stream, consumer }) => `$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`);
      const own = consumers.filter((one) => one.service === service);
      expect(await publishable(server.url, service, fetching)).toEqual(
        own.map(({ stream, consumer }) => `$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`),
      );
    });

    it.each(serviceNames)('%s can acknowledge for itself only', async (service) => {
      const acks = consumers.map(({ stream, consumer }) => `$JS.ACK.${stream}.${consumer}.1.1.1.1.0`);
      const own = consumers.filter((one) => one.service === service);
      expect(await publishable(server.url, service, acks)).toEqual(
        own.map(({ stream, consumer }) => `$JS.ACK.${stream}.${consumer}.1.1.1.1.0`),
      );
    });

    it.each(serviceNames)('%s cannot make, change, empty or look into streams', async (service) => {
      const verbs = [
        'STREAM.CREATE',
        'STREAM.UPDATE',
        'STREAM.DELETE',
        'STREAM.PURGE',
        'STREAM.MSG.GET',
        'STREAM.MSG.DELETE',
      ];
      const others = ['DIRECT.GET', 'CONSUMER.CREATE', 'CONSUMER.LIST', 'STREAM.SNAPSHOT', 'STREAM.RESTORE'];
      const tries = streams.flatMap((stream) => [...verbs, ...others].map((verb) => `$JS.API.${verb}.${stream}`));
      const more = consumers.flatMap(({ stream, consumer }) => [
        `$JS.API.CONSUMER.CREATE.${stream}.${consumer}`,
        `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.${consumer}`,
        `$JS.API.CONSUMER.DELETE.${stream}.${consumer}`,
      ]);
      const wide = [
        '$JS.API.INFO',
        '$JS.API.STREAM.LIST',
        '$JS.API.STREAM.NAMES',
        '$JS.API.STREAM.CREATE.MINE',
        '$SYS.REQ.USER.INFO',
      ];
      expect(await publishable(server.url, service, [...tries, ...more, ...wide])).toEqual([]);
    });

    it.each(serviceNames)('%s can write no dead letters but its own', async (service) => {
      const letters = serviceNames.map(deadLetterSubject);
      const own = consumers.some((one) => one.service === service) ? [deadLetterSubject(service)] : [];
      expect(await publishable(server.url, service, letters)).toEqual(own);
    });

    it('the setup user can neither send nor hear what services say', async () => {
      expect(await publishable(server.url, 'setup', everySubject)).toEqual([]);
      expect(await hearable(server.url, 'setup', [...everySubject, '>', `${inboxPrefix('token')}.>`])).toEqual([]);
      const deleting = streams.flatMap((stream) => [
        `$JS.API.STREAM.DELETE.${stream}`,
        `$JS.API.STREAM.MSG.GET.${stream}`,
      ]);
      expect(await publishable(server.url, 'setup', deleting)).toEqual([]);
    });

    it('lets nobody in without a password, or with the password of another', async () => {
      await expect(connect({ servers: server.url })).rejects.toThrow();
      await expect(connect({ servers: server.url, user: 'token', pass: passOf('config') })).rejects.toThrow();
    });

    it('tells a service with a wrong password so in one line, at once', async () => {
      const bus = natsBus({ servers: server.url, credentials: { user: 'token', pass: 'stale' } });
      const callback = jest.fn();
      await bus.strategyFor('token').listen(callback);
      expect(callback.mock.calls).toEqual([[expect.any(Error)]]);
      expect(callback.mock.calls[0]?.[0].message).toMatch(
        /^NATS at .* does not let token in: check its user and password$/,
      );
      await bus.drain();
    });

    it('cannot make an answerer publish for it, by naming a subject as the place for the answer', async () => {
      const world = new World({
        process: async (options) => natsBus({ ...options, servers: server.url, credentials, contracts: all }),
        close: async () => undefined,
      });
      const [question] = suiteContracts.questions;
      const [, announced] = suiteContracts.events;
      const heard: unknown[] = [];
      await world.replica('token', { announced: async (payload) => void heard.push(payload) });
      const { nats } = await intrude(server.url, 'authorize');
      const received: string[] = [];
      nats.subscribe(announced?.subject ?? '', { callback: (_, message) => void received.push(message.string()) });
      for (const reply of [announced?.subject, `${inboxPrefix('config')}.a`, `${inboxPrefix('setup')}.a`]) {
        nats.publish(question?.subject ?? '', JSON.stringify({ text: 'forged' }), { reply });
      }
      await nats.flush();
      await pause(100);
      expect([heard, received]).toEqual([[], []]);
      expect(world.lines.filter(({ message }) => message.startsWith('a question has no place'))).toHaveLength(3);
      await nats.close();
      await world.close();
    });
  });

  describe('when services make their own streams', () => {
    let server: NatsServer;
    beforeAll(async () => {
      server = await startServer({ streams_by: 'services' });
    });
    afterAll(() => server.remove());

    it('brings a durable event to its listeners without a setup', async () => {
      const world = new World({
        process: async (options) => natsBus({ ...options, servers: server.url, credentials, contracts: all }),
        close: async () => undefined,
      });
      const seen: string[] = [];
      const promised = async ({ text }: { text: string }): Promise<void> => void seen.push(text);
      await world.replica('token', { promised });
      await world.replica('authorize', { promised });
      const [event] = suiteContracts.durableEvents;
      if (event) await (await world.voice('session')).publishDurable(event, { text: 'hello' }, 'id-1');
      for (let waited = 0; seen.length < 2 && waited < 5000; waited += 10) await pause(10);
      expect(seen).toEqual(['hello', 'hello']);
      await world.close();
    });

    it.each(serviceNames)('%s can make and change no stream but its own', async (service) => {
      const owned = [...all.durableEvents, deadLettered].filter(({ owner }) => owner === service).map(streamOf);
      const making = streams.map((stream) => `$JS.API.STREAM.CREATE.${stream}`);
      expect(await publishable(server.url, service, making)).toEqual(
        streams.filter((stream) => owned.includes(stream)).map((stream) => `$JS.API.STREAM.CREATE.${stream}`),
      );
    });
  });

  describe('when the contract of a durable event has changed', () => {
    it('goes on with the consumer that setup made for the version before, and setup brings it up to date', async () => {
      const server = await startServer();
      const older = { ...all, durableEvents: all.durableEvents.map((event) => ({ ...event, ack_wait_ms: 9000 })) };
      await prepareStreams({ servers: server.url, credentials, contracts: older });
      const world = new World({
        process: async (options) => natsBus({ ...options, servers: server.url, credentials, contracts: all }),
        close: () => server.remove(),
      });
      const seen: string[] = [];
      await world.replica('token', { promised: async ({ text }) => void seen.push(text) });
      const [event] = suiteContracts.durableEvents;
      if (!event) throw new Error('the suite has no durable event');
      await (await world.voice('session')).publishDurable(event, { text: 'hello' }, 'id-4');
      for (let waited = 0; seen.length < 1 && waited < 5000; waited += 10) await pause(10);
      expect(seen).toEqual(['hello']);
      await prepareStreams({ servers: server.url, credentials, contracts: all });
      await expect(prepareStreams({ servers: server.url, credentials, contracts: all })).resolves.toEqual(
        expect.arrayContaining(['CORSAC_SESSION', 'CORSAC_CONFIG', 'CORSAC_DEAD']),
      );
      await world.close();
    });
  });

  describe('when nobody has made the streams', () => {
    it('starts all the same, says what is missing, and goes on as soon as it is there', async () => {
      const server = await startServer();
      const world = new World({
        process: async (options) => natsBus({ ...options, servers: server.url, credentials, contracts: all }),
        close: () => server.remove(),
      });
      const seen: string[] = [];
      await world.replica('token', { promised: async ({ text }) => void seen.push(text) });
      const session = await world.process();
      const [event] = suiteContracts.durableEvents;
      if (!event) throw new Error('the suite has no durable event');
      const early = session.busFor('session').publishDurable(event, { text: 'early' }, 'id-2');
      await expect(early).rejects.toThrow();
      expect(session.health()).toMatchObject({ ready: true, detail: expect.stringContaining('CORSAC_SESSION') });
      await prepareStreams({ servers: server.url, credentials, contracts: all });
      await session.busFor('session').publishDurable(event, { text: 'later' }, 'id-3');
      for (let waited = 0; seen.length < 1 && waited < 5000; waited += 10) await pause(10);
      expect(seen).toEqual(['later']);
      await world.close();
    });
  });

  describe('the files in deploy/nats', () => {
    const file = join(__dirname, '../../../../../deploy/nats/nats-server.conf');
    const check = (env: Record<string, string>) =>
      spawnSync(process.env['NATS_SERVER'] ?? 'nats-server', ['-t', '-c', file], {
        env: { PATH: process.env['PATH'], ...env },
        encoding: 'utf8',
      });
    const set = Object.fromEntries([...serviceNames, 'setup'].map((user) => [passwordVariable(user), passOf(user)]));

    it('are a configuration that nats-server takes', () => {
      expect(check(set).stderr).toContain('is valid');
    });

    it('let no server start that misses a password', () => {
      const { NATS_TOKEN_PASSWORD: _, ...rest } = set;
      expect(check(rest).status).not.toBe(0);
    });
  });
});

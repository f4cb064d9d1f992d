import { randomBytes } from 'node:crypto';
import { createClient } from 'redis';
import { prepareStreams } from '@corsac/bus';
import { durableEvents, events, natsAccounts, questions, serviceNames } from '@corsac/contracts';
import { readSettings, type Settings } from '@corsac/settings';
import { silentLogger } from '@corsac/telemetry';
import { describeWithNatsServer, startNatsServer, type NatsServer } from '@corsac/testing';
import { describeWith } from '@corsac/testing/backing';
import type { Service } from '@corsac/service';
import { call } from './fixtures/call.js';
import { tinyConfig, tinyToken } from './fixtures/tiny-services.js';
import { start, type Running } from './start/start.js';
import { distributedWiring } from './wiring/distributed.js';
import { natsPlaceOf } from './wiring/nats-place.js';

jest.setTimeout(60_000);

const passwords = Object.fromEntries([...serviceNames, 'setup'].map((user) => [user, `${user}-secret-word`]));
const master = randomBytes(32).toString('base64url');

const settingsOf = (env: NodeJS.ProcessEnv): Settings => {
  const read = readSettings(
    {
      PORT: '0',
      CORSAC_BASE_URL: 'https://id.example.com',
      CORSAC_MASTER_KEY: master,
      CORSAC_DRAIN_SECONDS: '0',
      ...env,
    },
    'distributed',
  );
  if (!read.ok) throw new Error(read.error.join());
  return read.value;
};

describeWith('postgres', (databaseUrl) => {
  describeWith('redis', (redisUrl) => {
    describeWithNatsServer('services in processes of their own', () => {
      let nats: NatsServer;
      const running: Running[] = [];

      const startOne = async (service: Service, env: NodeJS.ProcessEnv = {}): Promise<Running> => {
        const settings = settingsOf({
          DATABASE_URL: databaseUrl,
          REDIS_URL: redisUrl,
          NATS_URL: nats.url,
          CORSAC_NATS_USER: service.name,
          CORSAC_NATS_PASSWORD: passwords[service.name],
          ...env,
        });
        const one = await start({ services: [service], wiring: distributedWiring, settings, logger: silentLogger });
        running.push(one);
        return one;
      };

      beforeAll(async () => {
        nats = await startNatsServer({ config: natsAccounts({ questions, events, durableEvents }, { passwords }) });
        await prepareStreams({ servers: nats.url, credentials: { user: 'setup', pass: passwords['setup']! } });
      }, 30_000);

      afterAll(async () => {
        await Promise.all(running.map((one) => one.stop()));
        await nats.remove();
      }, 30_000);

      it('ask and hear one another, each with its own credentials, every replica of it', async () => {
        const config = await startOne(tinyConfig);
        const tokens = [await startOne(tinyToken), await startOne(tinyToken)];
        const discovery = async (port: number) =>
          JSON.parse((await call(port, '/acme/-/shop/.well-known/openid-configuration')).text) as Record<
            string,
            unknown
          >;
        for (const { port } of tokens) {
          expect(await discovery(port)).toMatchObject({
            answer: { ok: true, value: { latest: 42, reset: false } },
            base_url: 'https://id.example.com',
            embedded: false,
            heard: 0,
          });
        }
        await call(config.port, '/api/acme/-/notice', '');
        await new Promise((resolve) => setTimeout(resolve, 200));
        for (const { port } of tokens) expect(await discovery(port)).toMatchObject({ heard: 1 });
        expect((await call(tokens[0]!.port, '/acme/-/shop/oauth/token', 'a=1')).text).toContain('a=1');
        // A process answers its own service's addresses only.
        expect((await call(tokens[0]!.port, '/api/acme/-/notice', '')).status).toBe(404);
        const ready = JSON.parse((await call(tokens[0]!.port, '/health/ready')).text) as unknown;
        expect(ready).toEqual({ status: 'ready', checks: { database: 'up', items: 'up', bus: 'up' } });
      }, 60_000);

      it('stay ready while a store or the bus is away, and say so', async () => {
        const token = await startOne(tinyToken);
        await nats.kill();
        await new Promise((resolve) => setTimeout(resolve, 300));
        const { status, text } = await call(token.port, '/health/ready');
        await nats.start();
        expect([status, JSON.parse(text)]).toMatchObject([
          200,
          { checks: { database: 'up', items: 'up', bus: 'down' } },
        ]);
      }, 30_000);

      it('say which credentials NATS refuses', async () => {
        await expect(startOne(tinyToken, { CORSAC_NATS_PASSWORD: 'wrong' })).rejects.toThrow(
          /NATS at .* does not let token in/,
        );
      }, 60_000);
    });

    it('refuses a Redis that may evict', async () => {
      const redis = createClient({ url: redisUrl });
      await redis.connect();
      const { 'maxmemory-policy': before } = await redis.configGet('maxmemory-policy');
      await redis.configSet('maxmemory-policy', 'allkeys-lru');
      const settings = settingsOf({ DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, NATS_URL: 'nats://127.0.0.1:1' });
      const started = start({ services: [tinyToken], wiring: distributedWiring, settings, logger: silentLogger });
      await expect(started).rejects.toThrow(
        'REDIS_URL: Redis evicts keys (maxmemory-policy allkeys-lru): set maxmemory-policy noeviction',
      );
      await redis.configSet('maxmemory-policy', before ?? 'noeviction');
      await redis.close();
    }, 60_000);
  });
});

describe('NATS settings', () => {
  it('take user and password from the address when they are not given apart', () => {
    expect(natsPlaceOf({ nats_url: 'nats://token:p%40ss@a:4222, nats://b:4222' })).toEqual({
      servers: ['nats://a:4222', 'nats://b:4222'],
      credentials: { user: 'token', pass: 'p@ss' },
    });
    expect(natsPlaceOf({ nats_url: 'nats://x:y@a', nats_user: 'token', nats_password: 'z' })).toEqual({
      servers: ['nats://a'],
      credentials: { user: 'token', pass: 'z' },
    });
  });

  it('ask for TLS by scheme or authority', () => {
    expect(natsPlaceOf({ nats_url: 'tls://a:4222' })).toMatchObject({ tls: {} });
    expect(() => natsPlaceOf({ nats_url: 'nats://a', nats_ca: '/nowhere' })).toThrow('CORSAC_NATS_CA: ENOENT');
  });
});

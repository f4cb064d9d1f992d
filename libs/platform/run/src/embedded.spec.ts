import { createServer, type AddressInfo, type Server } from 'node:net';
import { readSettings, type Settings } from '@corsac/settings';
import { silentLogger } from '@corsac/telemetry';
import { call } from './fixtures/call.js';
import { tinyConfig, tinyToken } from './fixtures/tiny-services.js';
import { start, type Running } from './start/start.js';
import { embeddedWiring } from './wiring/embedded.js';

jest.setTimeout(60_000);

const settingsOf = (env: NodeJS.ProcessEnv): Settings => {
  const read = readSettings(
    { PORT: '0', CORSAC_DATA: 'memory', CORSAC_BASE_URL: 'http://localhost:4400', ...env },
    'embedded',
  );
  if (!read.ok) throw new Error(read.error.join());
  return read.value;
};

const startTiny = (env: NodeJS.ProcessEnv = {}): Promise<Running> =>
  start({ services: [tinyConfig, tinyToken], wiring: embeddedWiring, settings: settingsOf(env), logger: silentLogger });

const jsonOf = async (port: number, path: string, body?: string): Promise<Record<string, unknown>> =>
  JSON.parse((await call(port, path, body)).text) as Record<string, unknown>;

describe('services in one process', () => {
  let running: Running;

  beforeAll(async () => {
    running = await startTiny();
  }, 30_000);

  afterAll(() => running.stop());

  it('answer on one listener, each its own addresses', async () => {
    expect(await jsonOf(running.port, '/acme/-/shop(login)/.well-known/openid-configuration')).toMatchObject({
      params: { tenant: 'acme', track: '-', party: 'shop(login)' },
      base_url: 'http://localhost:4400',
      embedded: true,
    });
    expect((await call(running.port, '/api/acme/-/notice', '')).status).toBe(200);
  });

  it('ask one another over the bus, each with its own schema', async () => {
    const { answer } = await jsonOf(running.port, '/acme/-/shop/.well-known/openid-configuration');
    expect(answer).toEqual({ ok: true, value: { latest: 42, reset: false, changes: [] } });
  });

  it('hear events', async () => {
    const before = (await jsonOf(running.port, '/acme/-/shop/.well-known/openid-configuration'))['heard'] as number;
    await call(running.port, '/api/acme/-/notice', '');
    expect(await jsonOf(running.port, '/acme/-/shop/.well-known/openid-configuration')).toMatchObject({
      heard: before + 1,
    });
  });

  it('keep items in their own space', async () => {
    expect(await jsonOf(running.port, '/acme/-/shop/oauth/token', 'a=1')).toEqual({
      kept: { content: { kind: 'form', text: 'a=1' } },
    });
  });

  it('answer 404 to addresses of nobody, and to those of a service that is not here', async () => {
    for (const path of ['/', '/acme', '/acme/-/shop/oauth/other', '/acme/-/shop/oauth/authorize', '/api']) {
      expect((await call(running.port, path)).status).toBe(404);
    }
  });

  it('tell health and metrics once for all', async () => {
    const ready = await call(running.port, '/health/ready');
    expect([ready.status, JSON.parse(ready.text)]).toEqual([
      200,
      { status: 'ready', checks: { database: 'up', bus: 'up' } },
    ]);
    const { text } = await call(running.port, '/metrics');
    expect(text).toMatch(
      /corsac_http_requests_total\{service="token",route="\.well-known\/openid-configuration",status="200",tenant="acme",track="-"\} \d+/,
    );
    expect(text).toMatch(
      /corsac_bus_messages_total\{kind="asked",subject="corsac\.config\.v1\.changes\.list",result="ok",service="token"\} \d+/,
    );
    expect(text).toMatch(/corsac_database_up\{service="token"\} 1/);
  });
});

describe('a stop', () => {
  it('lets running requests end, and is done once however often it is asked for', async () => {
    const running = await startTiny();
    const slow = call(running.port, '/api/slow');
    await new Promise((resolve) => setTimeout(resolve, 100));
    await Promise.all([running.stop(), running.stop()]);
    expect((await slow).status).toBe(200);
    await expect(call(running.port, '/health/live')).rejects.toThrow('ECONNREFUSED');
  }, 30_000);
});

describe('a start that cannot work says cause and mend', () => {
  const busy: Server[] = [];
  afterAll(() => busy.forEach((server) => server.close()));

  it('when the port is taken', async () => {
    const server = createServer();
    busy.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await expect(startTiny({ PORT: String(port) })).rejects.toThrow(
      `port ${port} on 127.0.0.1 is taken: stop the other process or set PORT to a free one`,
    );
  });

  it.each([
    [{ HOST: '192.0.2.1' }, '192.0.2.1 is no address of this machine: set HOST'],
    [
      { CORSAC_CONFIG: '/nowhere/corsac.yaml' },
      'CORSAC_CONFIG names /nowhere/corsac.yaml, which is not there: name a file',
    ],
    [{ CORSAC_OUTBOUND_CA: '/nowhere/ca.pem' }, 'CORSAC_OUTBOUND_CA: ENOENT'],
    [{ CORSAC_MASTER_KEY: 'short' }, 'CORSAC_MASTER_KEY cannot be used: master key 1 is not 32 bytes'],
  ])(
    'with %p',
    async (env, message) => {
      await expect(startTiny(env)).rejects.toThrow(message);
    },
    30_000,
  );

  it('when the database is not there', async () => {
    await expect(startTiny({ DATABASE_URL: 'postgresql://corsac:hidden@127.0.0.1:1/corsac' })).rejects.toThrow(
      /^the database cannot be opened: .*check DATABASE_URL/,
    );
  }, 30_000);
});

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { routes } from '@corsac/model';
import { call } from './fixtures/call.js';
import { ingressRoutes } from './routes/ingress-routes.js';
import { endLeftover, noteServer } from './supervisor/servers/leftover.js';

jest.setTimeout(60_000);

const root = join(__dirname, '../../../..');
const dist = join(root, 'libs/platform/run/dist');
const { PATH, HOME } = process.env;

interface Started {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly ended: Promise<number | string | null>;
}

const started: ChildProcess[] = [];

const launch = (main: string, env: NodeJS.ProcessEnv): Started => {
  const child = spawn(process.execPath, [join(dist, 'fixtures', main)], {
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (said += String(chunk)));
  return {
    child,
    out: () => said,
    ended: new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code))),
  };
};

const saying = async ({ out, child }: Started, text: string): Promise<string> => {
  while (!out().includes(text)) {
    if (child.exitCode !== null) throw new Error(`it ended: ${out()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return out();
};

const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};

let data: string;

beforeAll(() => {
  // Processes run what was built.
  expect(spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], { stdio: 'inherit' }).status).toBe(0);
  data = mkdtempSync(join(tmpdir(), 'corsac-run-'));
  // As root, Postgres runs as somebody else and must be let through.
  chmodSync(data, 0o755);
}, 60_000);

afterAll(() => {
  for (const child of started) if (child.exitCode === null) child.kill('SIGKILL');
  rmSync(data, { recursive: true, force: true, maxRetries: 3 });
});

describe('a process', () => {
  it('says in under ten lines where to log in, keeps what it made, stops in order on SIGINT', async () => {
    const port = await freePort();
    const one = launch('tiny-embedded-main.js', { PORT: String(port), CORSAC_DATA: data });
    const text = await saying(one, 'Stop with Ctrl-C');
    expect(text.trim().split('\n').length).toBeLessThan(10);
    expect(text).toMatch(new RegExp(`^Corsac is ready in \\d+\\.\\d s: http://localhost:${port}\n`));
    expect(text).toContain('as ada@example.com / Corsac-demo-1');
    expect((await call(port, '/health/ready')).status).toBe(200);
    for (const file of ['master.key', 'demo.env']) expect(statSync(join(data, file)).mode & 0o777).toBe(0o600);
    one.child.kill('SIGINT');
    expect(await one.ended).toBe(0);
  }, 60_000);

  it('starts again on what was kept after it was killed', async () => {
    const port = await freePort();
    const env = { PORT: String(port), CORSAC_DATA: data };
    const killed = launch('tiny-embedded-main.js', env);
    await saying(killed, 'Stop with Ctrl-C');
    killed.child.kill('SIGKILL');
    await killed.ended;
    const again = launch('tiny-embedded-main.js', env);
    await saying(again, 'Stop with Ctrl-C');
    expect((await call(port, '/health/ready')).status).toBe(200);
    again.child.kill('SIGTERM');
    expect(await again.ended).toBe(0);
  }, 60_000);

  it('ends with code 1 and one line when its port is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const one = launch('tiny-embedded-main.js', { PORT: String(port), CORSAC_DATA: 'memory' });
    expect([await one.ended, one.out()]).toEqual([
      1,
      `corsac: port ${port} on 127.0.0.1 is taken: stop the other process or set PORT to a free one\n`,
    ]);
    server.close();
  }, 60_000);

  it('ends with code 1 and a line per setting that is missing', async () => {
    const one = launch('tiny-main.js', {});
    expect(await one.ended).toBe(1);
    const lines = one.out().trim().split('\n');
    expect(lines).toHaveLength(5);
    for (const line of lines) expect(line).toMatch(/^corsac: [A-Z_]+ is not set: set it, for example [A-Z_]+=/);
  }, 60_000);

  it('is ended at once by a signal while it starts', async () => {
    const one = launch('tiny-main.js', {
      CORSAC_BASE_URL: 'https://id.example.com',
      CORSAC_NATS_USER: 'token',
      CORSAC_MASTER_KEY: 'A'.repeat(43),
      CORSAC_LOG_LEVEL: 'debug',
      DATABASE_URL: 'postgresql://x@127.0.0.1:1/x',
      REDIS_URL: 'redis://127.0.0.1:1',
      NATS_URL: 'nats://127.0.0.1:1',
      PORT: '0',
    });
    await saying(one, 'code is loaded');
    one.child.kill('SIGTERM');
    expect(await one.ended).toBe(143);
  }, 60_000);
});

describe('routes of an ingress', () => {
  it('are those of the listener, without what only one process has', () => {
    const outside = routes.filter(({ embeddedOnly }) => !embeddedOnly);
    expect(ingressRoutes()).toEqual(outside.map(({ service, pattern }) => ({ service, path: pattern })));
    expect(ingressRoutes().some(({ path }) => new RegExp(path).test('/outbox'))).toBe(false);
  });

  it.each([
    ['/acme/-/shop(login)/oauth/token', 'token'],
    ['/acme/-/shop%28login%29/oauth/authorize', 'authorize'],
    ['/acme/-/shop/.well-known/openid-configuration/keys', 'token'],
    ['/.well-known/oauth-authorization-server/acme/-/shop(*)', 'token'],
    ['/acme/-/(azure)/saml/acs', 'authorize'],
    ['/acme/-/(login)/login/password', 'authorize'],
    ['/api/acme/-/down-parties', 'config'],
    ['/control/', 'config'],
    ['/health/ready', undefined],
    ['/metrics', undefined],
  ])('send %s to %s', (path, service) => {
    expect(ingressRoutes().find((route) => new RegExp(route.path).test(path))?.service).toBe(service);
  });

  it('are printed as JSON', () => {
    const { stdout } = spawnSync(process.execPath, [join(root, 'scripts/routes.mjs')], { encoding: 'utf8' });
    expect(JSON.parse(stdout)).toEqual(ingressRoutes());
  }, 60_000);
});

describe('a server that a killed supervisor left behind', () => {
  it('is ended when it works on the folder, and nobody else is', async () => {
    const folder = join(data, 'redis');
    mkdirSync(folder);
    const sleeping = (words: string) =>
      spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)', words], { stdio: 'ignore' });
    const [left, stranger] = [sleeping(folder), sleeping('elsewhere')];
    started.push(left, stranger);
    noteServer(folder, left.pid ?? 0);
    const ended = new Promise((resolve) => left.once('exit', (_code, signal) => resolve(signal)));
    await endLeftover(folder);
    expect(await ended).toBe('SIGTERM');
    noteServer(folder, stranger.pid ?? 0);
    await endLeftover(folder);
    writeFileSync(join(folder, 'server.pid'), 'no number');
    await endLeftover(folder);
    expect(stranger.exitCode).toBeNull();
  });
});

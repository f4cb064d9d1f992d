import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, request as httpRequest, type RequestListener, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { call } from './fixtures/call.js';
import { Router } from './supervisor/router/router.js';
import { targetOf, type Target } from './supervisor/router/target.js';
import { supervise, type Supervised } from './supervisor/supervise.js';

jest.setTimeout(60_000);

const root = join(__dirname, '../../../..');
const tinyMain = join(root, 'libs/platform/run/dist/fixtures/tiny-main.js');

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('the router', () => {
  const servers: Server[] = [];
  const targets: Target[] = [];
  let router: Router;
  let port: number;

  const replica = async (handler: RequestListener): Promise<Target> => {
    const server = createServer(handler);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return targetOf((server.address() as AddressInfo).port);
  };

  beforeAll(async () => {
    router = new Router({ host: '127.0.0.1', port: 0, targetsOf: (service) => (service === 'token' ? targets : []) });
    ({ port } = await router.listen());
  });

  afterEach(() => {
    targets.length = 0;
  });

  afterAll(async () => {
    await router.close();
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  });

  const path = '/acme/-/shop(login)/oauth/token';

  it('takes turns among ready replicas', async () => {
    for (const name of ['one', 'two']) targets.push(await replica((_request, response) => response.end(name)));
    const answers = [];
    for (let count = 0; count < 6; count += 1) answers.push((await call(port, path)).text);
    expect(answers.sort()).toEqual(['one', 'one', 'one', 'two', 'two', 'two']);
  });

  it('passes method, path, query, headers and body as they are', async () => {
    targets.push(
      await replica((request, response) => {
        let body = '';
        request.on('data', (chunk) => (body += String(chunk)));
        request.on('end', () => {
          response.writeHead(201, { 'set-cookie': ['a=1', 'b=2'], 'x-own': 'yes' });
          response.end(`${request.method} ${request.url} ${request.headers['content-type']} ${body}`);
        });
      }),
    );
    const { status, headers, text } = await call(port, `${path}?a=%20&a=2`, 'x=ä');
    expect(text).toBe(`POST ${path}?a=%20&a=2 application/x-www-form-urlencoded x=ä`);
    expect([status, headers['set-cookie'], headers['x-own']]).toEqual([201, ['a=1', 'b=2'], 'yes']);
  });

  it('says itself who asked and believes nothing that the client says', async () => {
    targets.push(await replica((request, response) => response.end(JSON.stringify(request.headers))));
    const text = await new Promise<string>((resolve) => {
      const headers = {
        'x-forwarded-for': '203.0.113.1',
        'x-forwarded-host': 'evil',
        forwarded: 'for=1',
        'x-real-ip': '9',
      };
      httpRequest(
        {
          port,
          path,
          agent: false,
          headers: { ...headers, connection: 'x-secret-hop', 'x-secret-hop': '1', host: 'id.test' },
        },
        (answer) => {
          let all = '';
          answer.on('data', (chunk) => (all += String(chunk)));
          answer.on('end', () => resolve(all));
        },
      ).end();
    });
    const seen = JSON.parse(text) as Record<string, string>;
    expect(seen).toMatchObject({
      host: 'id.test',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-host': 'id.test',
      'x-forwarded-proto': 'http',
    });
    for (const name of ['forwarded', 'x-real-ip', 'x-secret-hop']) expect(seen[name]).toBeUndefined();
  });

  it('answers 404 to addresses of nobody, health and metrics among them', async () => {
    for (const other of ['/', '/health/ready', '/metrics', '/outbox', '/acme/-/shop/oauth/nothing']) {
      expect((await call(port, other)).status).toBe(404);
    }
  });

  it('answers 503 with Retry-After when no replica is ready', async () => {
    const { status, headers } = await call(port, path);
    expect([status, headers['retry-after']]).toEqual([503, '1']);
  });

  it('asks another replica when one does not listen any more, also for a POST', async () => {
    targets.push(targetOf(1), await replica((_request, response) => response.end('alive')));
    for (let count = 0; count < 4; count += 1) expect((await call(port, path, 'a=1')).text).toBe('alive');
  });

  it('does not send a POST twice when the replica broke off', async () => {
    let seen = 0;
    const breaking: RequestListener = (request) => {
      seen += 1;
      request.socket.destroy();
    };
    targets.push(await replica(breaking), await replica(breaking));
    expect((await call(port, path, 'a=1')).status).toBe(503);
    expect(seen).toBe(1);
  });

  it('lets the replica know when the browser leaves', async () => {
    let arrived: () => void = () => undefined;
    const arriving = new Promise<void>((resolve) => (arrived = resolve));
    let left: () => void = () => undefined;
    const leaving = new Promise<void>((resolve) => (left = resolve));
    targets.push(
      await replica((_request, response) => {
        response.on('close', left);
        arrived();
      }),
    );
    const socket = connect(port, '127.0.0.1', () => socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`));
    await arriving;
    socket.destroy();
    await leaving;
  });
});

const has = (program: string): boolean => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
const missing = ['redis-server', 'nats-server'].filter((program) => !has(program));
const when = missing.length === 0 ? describe : describe.skip;

when(`an installation of processes${missing.length ? ` (not here: ${missing.join(', ')})` : ''}`, () => {
  let data: string;
  let supervised: Supervised;
  const said: string[] = [];
  const discovery = '/acme/-/shop/.well-known/openid-configuration';

  beforeAll(async () => {
    // Processes run what was built.
    expect(spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], { stdio: 'inherit' }).status).toBe(0);
    data = mkdtempSync(join(tmpdir(), 'corsac-supervised-'));
    // As root, Postgres runs as somebody else and must be let through.
    chmodSync(data, 0o755);
    const { PATH, HOME } = process.env;
    supervised = await supervise({
      env: { PATH, HOME, PORT: '0', CORSAC_DATA: data, CORSAC_LOG_LEVEL: 'silent' },
      replicas: 2,
      mainOf: () => tinyMain,
      say: (line) => void said.push(line),
    });
  }, 120_000);

  afterAll(async () => {
    await supervised?.stop();
    rmSync(data, { recursive: true, force: true, maxRetries: 3 });
  }, 60_000);

  const pidOf = async (): Promise<number> =>
    (JSON.parse((await call(supervised.port, discovery)).text) as { pid: number }).pid;

  it('serves by all replicas of a service, and says their pids', async () => {
    const pids = new Set<number>();
    for (let count = 0; count < 6; count += 1) pids.add(await pidOf());
    expect([...pids].sort()).toEqual([...(supervised.pids()['token'] ?? [])].sort());
    expect(pids.size).toBe(2);
    for (const pid of pids) expect(said.some((line) => line.startsWith(`token ready, pid ${pid}, port `))).toBe(true);
  });

  it('starts a process again that was killed, and asks the other one meanwhile', async () => {
    const [victim = 0] = supervised.pids()['token'] ?? [];
    process.kill(victim, 'SIGKILL');
    const statuses = [];
    for (let count = 0; count < 30; count += 1) {
      statuses.push((await call(supervised.port, discovery)).status);
      await pause(20);
    }
    expect(new Set(statuses)).toEqual(new Set([200]));
    while ((supervised.pids()['token'] ?? []).includes(victim) || new Set([await pidOf(), await pidOf()]).size < 2)
      await pause(50);
  }, 30_000);

  it.each(['redis', 'nats', 'postgres'])(
    'starts its own %s again that was killed, and serves within five seconds of its return',
    async (name) => {
      const victim = supervised.serverPids()[name] ?? 0;
      process.kill(victim, 'SIGKILL');
      while ([0, victim].includes(supervised.serverPids()[name] ?? 0)) await pause(20);
      const back = Date.now();
      const works = async (): Promise<boolean> => {
        const { status, text } = await call(supervised.port, '/acme/-/shop/oauth/token', 'a=1');
        if (status !== 200)
          expect([status, JSON.parse(text)]).toMatchObject([503, { error: 'temporarily_unavailable' }]);
        const asked = JSON.parse((await call(supervised.port, discovery)).text) as { answer: { ok: boolean } };
        return status === 200 && asked.answer.ok;
      };
      while (!(await works())) {
        expect(Date.now() - back).toBeLessThan(15_000);
        await pause(50);
      }
    },
    60_000,
  );

  it('restarts the processes of a service under load without losing a request', async () => {
    const before = supervised.pids()['token'] ?? [];
    const lost: unknown[] = [];
    let rolling = true;
    let served = 0;
    const load = Array.from({ length: 4 }, async (_each, worker) => {
      while (rolling) {
        const answer = await call(
          supervised.port,
          worker % 2 ? discovery : '/acme/-/shop/oauth/token',
          worker % 2 ? undefined : 'a=1',
        ).catch((error: unknown) => ({ status: String(error) }));
        if (answer.status === 200) served += 1;
        else lost.push(answer);
        await pause(5);
      }
    });
    await supervised.roll(['token']);
    rolling = false;
    await Promise.all(load);
    expect(lost).toEqual([]);
    expect(served).toBeGreaterThan(100);
    expect((supervised.pids()['token'] ?? []).filter((pid) => before.includes(pid))).toEqual([]);
  }, 120_000);
});

describe('npm run start:services', () => {
  /** A supervisor with tiny services, as the script runs it. */
  const startTiny = (folder: string): { child: ChildProcess; said: () => string } => {
    const code = `require(${JSON.stringify(join(root, 'libs/platform/run/dist/supervisor.js'))}).runSupervisor(['--replicas', '1'], {
      env: process.env, mainOf: () => ${JSON.stringify(tinyMain)} })`;
    const child = spawn(process.execPath, ['-e', code], {
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], CORSAC_DATA: folder, PORT: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (text += String(chunk)));
    return { child, said: () => text };
  };
  const ownFolder = (): string => {
    const folder = mkdtempSync(join(tmpdir(), 'corsac-early-'));
    chmodSync(folder, 0o755);
    return folder;
  };
  const until = async (isTrue: () => boolean): Promise<void> => {
    for (let waited = 0; !isTrue() && waited < 30_000; waited += 20) await pause(20);
    expect(isTrue()).toBe(true);
  };
  const naming = (folder: string): string =>
    spawnSync('sh', ['-c', `ps -eo pid,args | grep -F ${JSON.stringify(folder)} | grep -v -e grep -e 'sh -c'`], {
      encoding: 'utf8',
    }).stdout;
  const ofEnvironment = (folder: string): string[] =>
    spawnSync('sh', ['-c', 'grep -lzF "CORSAC_DATA=$FOLDER" /proc/[0-9]*/environ 2>/dev/null'], {
      encoding: 'utf8',
      env: { ...process.env, FOLDER: folder },
    })
      .stdout.split('\n')
      .filter(Boolean);

  const whenThere = missing.length === 0 ? it : it.skip;
  whenThere.each([
    ['servers are being started', 0],
    ['services are being started', 1],
  ])(
    'ended by a signal while %s, leaves nothing running',
    async (_when, stage) => {
      const folder = ownFolder();
      const { child, said } = startTiny(folder);
      await until(() => (stage === 0 ? naming(folder) !== '' : said().includes('nats started')));
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      await until(() => naming(folder) === '' && ofEnvironment(folder).length === 0);
      rmSync(folder, { recursive: true, force: true });
    },
    60_000,
  );

  whenThere(
    'told to restart its processes while it starts, does so when it is ready',
    async () => {
      const folder = ownFolder();
      const { child, said } = startTiny(folder);
      await until(() => said().includes('nats started'));
      child.kill('SIGHUP');
      await until(() => said().includes('all processes are new'));
      expect(said().indexOf('Corsac is ready')).toBeLessThan(said().indexOf('restarting process after process'));
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      expect(await ended).toBe(0);
      expect(naming(folder)).toBe('');
      rmSync(folder, { recursive: true, force: true });
    },
    60_000,
  );

  it('says cause and mend when it cannot start', async () => {
    const child: ChildProcess = spawn(process.execPath, [join(root, 'scripts/start-services.mjs'), '--replicas', '0'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let complaint = '';
    child.stderr?.on('data', (chunk) => (complaint += String(chunk)));
    const code = await new Promise((resolve) => child.once('exit', resolve));
    expect([code, complaint.trim().split('\n').pop()]).toEqual([
      1,
      'corsac: --replicas 0 cannot be started: give a whole number from 1 to 16',
    ]);
  }, 60_000);
});

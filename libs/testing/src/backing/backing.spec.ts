import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { describeWith, freePort, isOnMachine, resolveBacking, startOnMachine } from '../backing.js';
import { publishBacking, publishedBacking } from './backing.js';

jest.setTimeout(60_000);

const isListening = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.once('connect', () => socket.destroy(void resolve(true) as undefined)).once('error', () => resolve(false));
  });

const databases: string[] = [];

describeWith('postgres', (url) => {
  it('gives a group a database of its own', async () => {
    databases.push(url);
    const client = new Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query('select current_database() as name');
    await client.end();
    expect(rows[0].name).toMatch(/^corsac_t[0-9a-f]{10}$/);
  });
});

describeWith('postgres', (url) => {
  it('gives another group another database and drops the first', async () => {
    expect(databases).not.toContain(url);
    const client = new Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query('select 1 from pg_database where datname = $1', [
      new URL(databases[0]!).pathname.slice(1),
    ]);
    await client.end();
    expect(rows).toEqual([]);
  });
});

describeWith('redis', (url, { prefix }) => {
  it('gives a group the shared server and a prefix of its own', async () => {
    expect(url).toMatch(/^redis:\/\//);
    expect(prefix).toMatch(/^t[0-9a-f]{10}$/);
    expect(await isListening(url)).toBe(true);
  });
});

describeWith('nats', (url) => {
  it('gives a group a server with JetStream', async () => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const [hello] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(JSON.parse(hello.toString().slice(5).split('\r\n')[0]!)).toMatchObject({ jetstream: true });
  });
});

describe('finding a real server', () => {
  const kinds = ['postgres', 'redis', 'nats'] as const;
  const saved = kinds.map((kind) => [kind, publishedBacking(kind)] as const);
  beforeEach(() => kinds.forEach((kind) => delete process.env[`CORSAC_TEST_${kind.toUpperCase()}`]));
  afterEach(() => {
    for (const name of ['DATABASE_URL', 'REDIS_URL', 'NATS_URL']) delete process.env[name];
    for (const [kind, backing] of saved) if (backing) publishBacking(kind, backing);
  });

  it.each([
    ['postgres', 'DATABASE_URL'],
    ['redis', 'REDIS_URL'],
    ['nats', 'NATS_URL'],
  ] as const)('takes the URL of %s that is given, before anything else', async (kind, name) => {
    process.env[name] = `${kind}://given:1`;
    expect(await resolveBacking(kind)).toEqual({
      backing: { state: 'there', how: 'given', url: `${kind}://given:1` },
    });
  });

  it('takes what the run has already, so that nothing is started twice', async () => {
    publishBacking('redis', { state: 'there', how: 'machine', url: 'redis://run:1' });
    expect((await resolveBacking('redis')).backing).toMatchObject({ url: 'redis://run:1' });
  });

  it('names the reason when there is none', async () => {
    const path = process.env['PATH'];
    Object.assign(process.env, { PATH: '/nowhere', CORSAC_TEST_CONTAINERS: '0' });
    try {
      const reason = 'NATS_URL is not set, and no container engine, and no nats-server on this machine';
      expect(await resolveBacking('nats')).toEqual({ backing: { state: 'missing', reason } });
    } finally {
      process.env['PATH'] = path;
      delete process.env['CORSAC_TEST_CONTAINERS'];
    }
  });

  (isOnMachine('redis') ? it : it.skip)(
    'ends what it started and removes its folder (needs redis-server)',
    async () => {
      const port = await freePort();
      const server = await startOnMachine('redis', { port });
      expect(server.url).toBe(`redis://127.0.0.1:${port}`);
      expect(await isListening(server.url)).toBe(true);
      await server.stop();
      expect(await isListening(server.url)).toBe(false);
    },
  );
});

describe('a run of tests', () => {
  const root = join(__dirname, '../../../..');
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(root, 'libs/testing/.run-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const runOf = (spec: string, env: NodeJS.ProcessEnv = {}) => {
    const config = { preset: join(root, 'jest.preset.cjs'), rootDir: folder, testMatch: ['<rootDir>/src/*.spec.ts'] };
    writeFileSync(join(folder, 'jest.config.json'), JSON.stringify(config));
    mkdirSync(join(folder, 'src'), { recursive: true });
    writeFileSync(join(folder, 'src/a.spec.ts'), spec);
    const clean = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(CORSAC_TEST_|REQUIRE_BACKING$)/.test(name)),
    );
    return {
      args: [join(root, 'node_modules/jest/bin/jest.js'), '-c', join(folder, 'jest.config.json')],
      env: { ...clean, ...env },
    };
  };
  const importing = `import { describeWith, describeWithInstalled } from ${JSON.stringify(join(__dirname, 'describe-with.ts'))};\n`;

  it('starts nothing where no spec asks for a server', () => {
    const { args, env } = runOf(`it('passes', () => undefined);`);
    const { stderr, status } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
    expect(status).toBe(0);
    expect(stderr).not.toContain('Real servers');
  });

  it('skips by name what has no server, and fails it under REQUIRE_BACKING=1', () => {
    const spec = `${importing}describeWith('nats', () => it('needs it', () => undefined));`;
    const none = { PATH: '/nowhere', CORSAC_TEST_CONTAINERS: '0' };
    const skipped = runOf(spec, none);
    const first = spawnSync(process.execPath, [...skipped.args, '--json'], { env: skipped.env, encoding: 'utf8' });
    expect(first.stdout).toContain('needs a real server: NATS_URL is not set');
    expect(first.status).toBe(0);
    const required = runOf(spec, { ...none, REQUIRE_BACKING: '1' });
    expect(spawnSync(process.execPath, required.args, { env: required.env }).status).toBe(1);
  });

  it('skips by name what is not installed, and fails it under REQUIRE_BACKING=1', () => {
    const spec = `${importing}describeWithInstalled('mod_x', ['/', '/nowhere/mod_x.so'], () => it('needs it', () => undefined));`;
    const skipped = runOf(spec);
    const first = spawnSync(process.execPath, [...skipped.args, '--json'], { env: skipped.env, encoding: 'utf8' });
    expect(first.stdout).toContain('needs mod_x on this machine: there is no /nowhere/mod_x.so');
    expect(first.status).toBe(0);
    const required = runOf(spec, { REQUIRE_BACKING: '1' });
    expect(spawnSync(process.execPath, required.args, { env: required.env }).status).toBe(1);
    const there = runOf(`${importing}describeWithInstalled('/', ['/'], () => it('runs', () => undefined));`);
    expect(spawnSync(process.execPath, there.args, { env: there.env, encoding: 'utf8' }).stderr).toContain('1 passed');
  });

  (isOnMachine('redis') ? it : it.skip)('leaves no server behind when it is killed (needs redis-server)', async () => {
    const note = join(folder, 'url');
    const { args, env } = runOf(
      `${importing}import { writeFileSync } from 'node:fs';
      describeWith('redis', (url) => it('hangs', async () => {
        writeFileSync(${JSON.stringify(note)}, url);
        await new Promise((resolve) => setTimeout(resolve, 20000));
      }));`,
      { CORSAC_TEST_CONTAINERS: '0' },
    );
    const run = spawn(process.execPath, args, { env, stdio: 'ignore' });
    for (let waited = 0; waited < 20_000 && !existsSync(note); waited += 50) await sleep(50);
    await sleep(100);
    const url = readFileSync(note, 'utf8');
    expect(await isListening(url)).toBe(true);
    run.kill('SIGKILL');
    await once(run, 'exit');
    for (let waited = 0; waited < 5000 && (await isListening(url)); waited += 50) await sleep(50);
    expect(await isListening(url)).toBe(false);
  });
});

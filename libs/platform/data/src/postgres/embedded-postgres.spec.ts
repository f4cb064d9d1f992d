import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { prepareDataFolder } from './data-folder.js';
import { startEmbeddedPostgres, type EmbeddedPostgres, type EmbeddedPostgresOptions } from './embedded-postgres.js';
import { isAlive } from './postmaster.js';
import { runAs } from './run-as.js';
import { serverArguments } from './server-arguments.js';
import { findServerFiles } from './server-files.js';

const ask = async (url: string, sql: string): Promise<unknown> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows[0]?.[0];
  } finally {
    await client.end();
  }
};

const eventually = async (question: () => Promise<unknown>): Promise<unknown> => {
  for (let attempt = 0; attempt < 100; attempt++) {
    const answer = await question().catch(() => undefined);
    if (answer) return answer;
    await sleep(50);
  }
  return undefined;
};

const DEAD = 4_000_000;

jest.setTimeout(60_000);

describe('command line of the embedded server', () => {
  it('opens no TCP port', () => {
    const args = serverArguments({ folder: '/d', socketFolder: '/s', port: 1, durable: true });
    expect(args).toEqual(expect.arrayContaining(['listen_addresses=', 'unix_socket_directories=/s']));
  });

  it('gives up durability only for a temporary database', () => {
    const place = { folder: '/d', socketFolder: '/s', port: 1 };
    expect(serverArguments({ ...place, durable: true }).join()).not.toMatch(
      /fsync|synchronous_commit|full_page_writes/,
    );
    expect(serverArguments({ ...place, durable: false })).toContain('fsync=off');
  });
});

const files = findServerFiles();
(files ? describe : describe.skip)('embedded Postgres (needs @embedded-postgres or a Postgres on the machine)', () => {
  let base: string;
  let folder: string;
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'corsac-data-'));
    chmodSync(base, 0o711);
    folder = join(base, 'postgres');
  });
  afterEach(async () => {
    await Promise.all(started.splice(0).map((server) => server.stop()));
    rmSync(base, { recursive: true, force: true });
  });
  const started: EmbeddedPostgres[] = [];
  const start = async (options: EmbeddedPostgresOptions) => {
    const server = await startEmbeddedPostgres(options);
    started.push(server);
    return server;
  };

  it('keeps what was written over a stop and a start, and leaves no process', async () => {
    const first = await start({ folder });
    const { pid } = first;
    await ask(first.url, 'create table t as select 42 as n');
    await first.stop();
    expect(isAlive(pid)).toBe(false);
    const second = await start({ folder });
    expect(await ask(second.url, 'select n from t')).toBe(42);
    expect(second.ready_ms).toBeLessThan(3000);
    await second.stop();
  });

  it('adopts the server that outlived a killed parent', async () => {
    const load = join(__dirname, '../../../../testing/jest/load-source.cjs');
    const program = `require(${JSON.stringify(load)})(${JSON.stringify(join(__dirname, 'embedded-postgres.ts'))})
      .startEmbeddedPostgres({ folder: ${JSON.stringify(folder)} }).then(({ pid }) => console.log(pid))`;
    const parent = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [printed] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(printed.toString());
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    const adopter = await start({ folder });
    expect(adopter.pid).toBe(pid);
    expect(await ask(adopter.url, 'select 1')).toBe(1);
    await adopter.stop();
    expect(isAlive(pid)).toBe(false);
  });

  it('starts over the file that a killed server left, also when its process id is another program now', async () => {
    const first = await start({ folder });
    await ask(first.url, 'create table t as select 1 as n');
    await first.stop();
    for (const pid of [DEAD, process.ppid]) {
      writeFileSync(join(folder, 'postmaster.pid'), `${pid}\n${folder}\n1\n5432\n${folder}\n\n1 1\nready   \n`);
      const next = await start({ folder });
      expect(await ask(next.url, 'select n from t')).toBe(1);
      await next.stop();
    }
  });

  it('comes back with what was committed when the server is killed', async () => {
    const lines: string[] = [];
    const server = await start({ folder, onRestart: (line) => lines.push(line) });
    await ask(server.url, 'create table t as select 42 as n');
    process.kill(server.pid, 'SIGKILL');
    expect(await eventually(() => ask(server.url, 'select n from t'))).toBe(42);
    expect(lines.length).toBeGreaterThan(0);
    await server.stop();
  });

  it('makes a data folder anew when its making was cut short', async () => {
    mkdirSync(`${folder}.making/base`, { recursive: true });
    const server = await start({ folder });
    expect(await ask(server.url, 'select 1')).toBe(1);
    await server.stop();
    expect(existsSync(`${folder}.making`)).toBe(false);
  });

  it('refuses a folder that another process uses', async () => {
    const other = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 20000)'], { stdio: 'ignore' });
    writeFileSync(`${folder}.owner`, String(other.pid));
    await expect(start({ folder })).rejects.toThrow(`in use by process ${other.pid}`);
    other.kill();
    await once(other, 'exit');
    await (await start({ folder })).stop();
  });

  it('refuses a folder of something else and leaves it as it was', async () => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'letter.txt'), 'dear');
    await expect(start({ folder })).rejects.toThrow('holds no database: name another folder');
    expect(readdirSync(folder)).toEqual(['letter.txt']);
  });

  it('refuses the data of another major version, with the mend', () => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'PG_VERSION'), '9\n');
    expect(() => prepareDataFolder(folder, files!, {})).toThrow(
      /made by Postgres 9, and here is Postgres \d+: use version 9/,
    );
  });

  it('has a memory mode whose folder goes with it', async () => {
    const server = await start({ folder: 'memory' });
    const socketFolder = new URL(server.url).searchParams.get('host')!;
    expect(await ask(server.url, 'select 1')).toBe(1);
    await server.stop();
    expect(existsSync(socketFolder)).toBe(false);
  });

  it('takes a folder whose path is too long for a socket', async () => {
    const long = join(base, 'x'.repeat(60), 'y'.repeat(60), 'postgres');
    const server = await start({ folder: long });
    expect(await ask(server.url, 'select 1')).toBe(1);
    await server.stop();
    rmSync(dirname(long), { recursive: true, force: true });
  });
});

(process.getuid?.() === 0 ? describe : describe.skip)('running as root (needs root)', () => {
  it('says what to do when the unprivileged user cannot reach a folder', () => {
    const cwd = mkdtempSync(join(tmpdir(), 'corsac-private-'));
    const nobody = { uid: 65534, gid: 65534 };
    expect(() => runAs(nobody, join(cwd, 'initdb'), { args: [], cwd })).toThrow(/may not reach .* set DATABASE_URL/);
    rmSync(cwd, { recursive: true });
  });
});

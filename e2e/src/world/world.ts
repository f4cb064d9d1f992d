import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@corsac/testing/backing';

export const repository = join(__dirname, '../../..');

/** An installation of Corsac that journeys go through, as its users see it: an address. */
export interface World {
  readonly base: string;
  /** Secrets of the demo's applications by name, without `DEMO_` and `_SECRET`. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Where the demo's shop is expected, of this world alone: several worlds may run at once. */
  readonly shop: string;
  /** Kills a service's processes (or the whole, where all are one) and waits until what replaces them is ready. */
  restart(service: 'authorize' | 'token' | 'session' | 'config', signal?: NodeJS.Signals): Promise<void>;
  stop(): Promise<void>;
}

/** A world that was started here. */
export interface OwnWorld extends World {
  /** Puts other files in the place of those that it has beside the demo, and starts it again. */
  configure(further: Further): Promise<void>;
  /** Address of its Postgres, for what nothing else shows. */
  database(): Promise<string>;
  /** What its processes have said so far, from `info` on. */
  log(): string;
}

const secretNames = ['SHOP', 'ORDERS', 'WORKER', 'PARTNER', 'LEGACY'] as const;

const newSecrets = (): Record<(typeof secretNames)[number], string> =>
  Object.fromEntries(secretNames.map((name) => [name, randomBytes(24).toString('base64url')])) as never;

const demoVariables = (secrets: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(secrets).map(([name, value]) => [`DEMO_${name}_SECRET`, value]));

/** Variables of the machine that are not a setting of Corsac. */
const machineVariables = (): Record<string, string | undefined> =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(CORSAC_|DATABASE_URL|REDIS_URL|NATS_URL|NODE_OPTIONS|PORT|HOST)/.test(name),
    ),
  );

const untilReady = async (base: string, process_: ChildProcess, log: () => string): Promise<void> => {
  for (let tries = 0; tries < 600; tries += 1) {
    if (process_.exitCode !== null) throw new Error(`the process ended with ${process_.exitCode}:\n${log()}`);
    // The whole demo is there when each of its tracks has its keys.
    const keys = (track: string): string => `${base}/acme/${track}/.well-known/openid-configuration/keys`;
    const answers = await Promise.all(
      ['-', 'partner', 'legacy', 'master'].map((track) => fetch(keys(track)).catch(() => undefined)),
    );
    if (answers.every((answer) => answer?.status === 200)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`not ready within a minute:\n${log()}`);
};

interface Started {
  readonly child: ChildProcess;
  readonly log: () => string;
}

const start = (args: readonly string[], variables: Record<string, string | undefined>): Started => {
  const child = spawn(process.execPath, args, {
    cwd: repository,
    env: { ...machineVariables(), ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const keep = (chunk: Buffer): void => void (text = (text + chunk.toString()).slice(-2_000_000));
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  return { child, log: () => text };
};

const end = async ({ child }: Started, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await ended;
  clearTimeout(late);
};

/** A folder for what an installation keeps; the database's own user must be able to reach it. */
const newDataFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'corsac-e2e-'));
  await chmod(folder, 0o755);
  return folder;
};

/**
 * A folder with the demo's file, the shop at an address of its own and further applications where they were moved, and
 * with a file of what a suite has beside the demo.
 */
const demoWithShopAt = async (
  folder: string,
  shop: string,
  moved: Moved = {},
  further: Further = [],
): Promise<string> => {
  const text = await readFile(join(repository, 'deploy/demo/demo.yaml'), 'utf8');
  const addresses = Object.entries({ 'http://localhost:4410': shop, ...moved });
  const files = join(folder, 'config');
  await mkdir(files);
  await writeFile(
    join(files, 'demo.yaml'),
    addresses.reduce((demo, [from, to]) => demo.replaceAll(from, to), text),
  );
  await writeFurther(files, further);
  return files;
};

/** One declarative file or several, of a suite. */
export type Further = string | readonly string[];

const writeFurther = async (folder: string, further: Further): Promise<void> => {
  for (const name of await readdir(folder)) if (name.startsWith('further-')) await rm(join(folder, name));
  for (const [index, text] of [further].flat().entries()) await writeFile(join(folder, `further-${index}.yaml`), text);
};

/** Addresses of the demo's applications, by those that the demo's file has. */
type Moved = Readonly<Record<string, string>>;

/** Postgres of the embedded shape listens on a socket in the folder that its own file names. */
const embeddedDatabase = async (data: string): Promise<string> => {
  const [, , , , folder = ''] = (await readFile(join(data, 'postgres/postmaster.pid'), 'utf8')).split('\n');
  return `postgresql://corsac@localhost:5432/postgres?host=${encodeURIComponent(folder.trim())}`;
};

/**
 * Everything in one process, on a Postgres of its own: what `npm start` starts, with the demo.
 * @param further parties beside the demo's, as declarative files
 * @param logLevel `debug` to see all that it can say
 */
export const embeddedWorld = async (
  moved: Moved = {},
  further: Further = [],
  logLevel: 'info' | 'debug' = 'info',
): Promise<OwnWorld> => {
  const data = await newDataFolder();
  const port = await freePort();
  const secrets = newSecrets();
  const base = `http://localhost:${port}`;
  const shop = `http://localhost:${await freePort()}`;
  const config = await demoWithShopAt(data, shop, moved, further);
  const variables = {
    PORT: String(port),
    CORSAC_DATA: data,
    CORSAC_CONFIG: config,
    CORSAC_LOG_LEVEL: logLevel,
    ...demoVariables(secrets),
  };
  const begin = async (): Promise<Started> => {
    const started = start([join(repository, 'apps/embedded/dist/main.js')], variables);
    await untilReady(base, started.child, started.log);
    return started;
  };
  let running = await begin();
  const again = async (signal: NodeJS.Signals): Promise<void> => {
    await end(running, signal);
    running = await begin();
  };
  return {
    base,
    secrets,
    shop,
    database: () => embeddedDatabase(data),
    log: () => running.log(),
    configure: async (further) => {
      await writeFurther(config, further);
      await again('SIGTERM');
    },
    restart: (_service, signal = 'SIGKILL') => again(signal),
    stop: async () => {
      await end(running);
      await rm(data, { recursive: true, force: true });
    },
  };
};

export interface Servers {
  readonly database: string;
  readonly redis: string;
  readonly nats: string;
}

/**
 * A process per service over real NATS, Redis and Postgres, behind the router: what `npm run start:services` starts.
 * @param further parties beside the demo's, as declarative files
 */
export const distributedWorld = async (servers: Servers, replicas = 1, further: Further = []): Promise<OwnWorld> => {
  const data = await newDataFolder();
  const port = await freePort();
  const secrets = newSecrets();
  const base = `http://localhost:${port}`;
  const shop = `http://localhost:${await freePort()}`;
  const config = await demoWithShopAt(data, shop, {}, further);
  const started = start([join(repository, 'scripts/start-services.mjs'), '--replicas', String(replicas)], {
    PORT: String(port),
    CORSAC_BASE_URL: base,
    CORSAC_DATA: data,
    CORSAC_CONFIG: config,
    CORSAC_LOG_LEVEL: 'info',
    CORSAC_MASTER_KEY: randomBytes(32).toString('base64url'),
    DATABASE_URL: servers.database,
    REDIS_URL: servers.redis,
    NATS_URL: servers.nats,
    ...demoVariables(secrets),
  });
  await untilReady(base, started.child, started.log);
  const restart: World['restart'] = async (service, signal = 'SIGKILL') => {
    const pids = pidsOf(started.log(), service);
    if (pids.length === 0) throw new Error(`no process of ${service} is named:\n${started.log()}`);
    for (const pid of pids.slice(-replicas)) process.kill(pid, signal);
    const before = pids.length;
    for (let tries = 0; tries < 300 && pidsOf(started.log(), service).length < before + replicas; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 100));
    await untilReady(base, started.child, started.log);
  };
  return {
    base,
    secrets,
    shop,
    database: async () => servers.database,
    log: started.log,
    configure: async (further) => {
      await writeFurther(config, further);
      await restart('config', 'SIGTERM');
    },
    restart,
    stop: async () => {
      await end(started);
      await rm(data, { recursive: true, force: true });
    },
  };
};

/** Process ids as the supervisor prints them, oldest first: `token ready, pid 4711, port 40001`. */
const pidsOf = (log: string, service: string): number[] =>
  [...log.matchAll(new RegExp(`^${service} ready, pid (\\d+)`, 'gm'))].map(([, pid]) => Number(pid));

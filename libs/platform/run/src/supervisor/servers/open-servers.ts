import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepareStreams } from '@corsac/bus';
import { durableEvents, events, natsAccounts, questions, serviceNames } from '@corsac/contracts';
import { startEmbeddedPostgres } from '@corsac/data/embedded-postgres';
import { startOwnServer } from './own-server.js';

/** Stores and bus of an installation on this machine: those given, and our own for those that are not. */
export interface Servers {
  /** Variables for the process of a service. */
  environmentOf(service: string): Record<string, string>;
  /** Pids of those that are ours. */
  own(): Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

interface One {
  readonly environmentOf: (service: string) => Record<string, string>;
  readonly own?: { readonly name: string; readonly server: { readonly pid: number } };
  stop(): Promise<void>;
}

const given = (variable: string, url: string): One => ({
  environmentOf: () => ({ [variable]: url }),
  stop: async () => undefined,
});

const openPostgres = async (folder: string, url: string | undefined): Promise<One> => {
  if (url) return given('DATABASE_URL', url);
  const server = await startEmbeddedPostgres({ folder: join(folder, 'postgres') });
  return {
    environmentOf: () => ({ DATABASE_URL: server.url }),
    own: { name: 'postgres', server },
    stop: () => server.stop(),
  };
};

const openRedis = async (folder: string, url: string | undefined): Promise<One> => {
  if (url) return given('REDIS_URL', url);
  const data = join(folder, 'redis');
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const server = await startOwnServer({
    program: 'redis-server',
    scheme: 'redis',
    folder: data,
    args: (port) =>
      [
        '--port',
        port,
        '--bind',
        '127.0.0.1',
        '--dir',
        data,
        '--appendonly',
        'yes',
        '--maxmemory-policy',
        'noeviction',
      ].map(String),
    mend: 'install redis-server or set REDIS_URL',
  });
  return {
    environmentOf: () => ({ REDIS_URL: server.url }),
    own: { name: 'redis', server },
    stop: server.stop,
  };
};

/** One password per user of the bus, made once. */
const passwordsIn = (file: string): Record<string, string> => {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
  const users = [...serviceNames, 'setup'].map((user) => [user, randomBytes(24).toString('base64url')] as const);
  const passwords = Object.fromEntries(users);
  writeFileSync(file, JSON.stringify(passwords), { mode: 0o600 });
  return passwords;
};

const openNats = async (folder: string, url: string | undefined): Promise<One> => {
  if (url) return given('NATS_URL', url);
  const data = join(folder, 'nats');
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const passwords = passwordsIn(join(data, 'passwords.json'));
  const accounts = natsAccounts({ questions, events, durableEvents }, { passwords });
  const config = join(data, 'nats.conf');
  writeFileSync(config, `max_payload: 8MB\njetstream { store_dir: ${JSON.stringify(data)} }\n${accounts}`, {
    mode: 0o600,
  });
  const server = await startOwnServer({
    program: 'nats-server',
    scheme: 'nats',
    folder: data,
    args: (port) => ['-a', '127.0.0.1', '-p', String(port), '-c', config],
    mend: 'install nats-server or set NATS_URL',
  });
  await prepareStreams({ servers: server.url, credentials: { user: 'setup', pass: passwords['setup'] ?? '' } });
  return {
    environmentOf: (service) => ({
      NATS_URL: server.url,
      CORSAC_NATS_USER: service,
      CORSAC_NATS_PASSWORD: passwords[service] ?? '',
    }),
    own: { name: 'nats', server },
    stop: server.stop,
  };
};

/**
 * Takes the servers that the environment names, and starts those that it does not on free loopback ports, with what
 * they store in `folder`. NATS gets an account per service, made from the contracts.
 * @throws StartProblem; what was started is stopped
 */
export const openServers = async (folder: string, env: NodeJS.ProcessEnv): Promise<Servers> => {
  mkdirSync(folder, { recursive: true });
  const opened = await Promise.allSettled([
    openPostgres(folder, env['DATABASE_URL']),
    openRedis(folder, env['REDIS_URL']),
    openNats(folder, env['NATS_URL']),
  ]);
  const there = opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const stop = async (): Promise<void> => {
    await Promise.all(there.map((one) => one.stop()));
  };
  const failed = opened.find((result) => result.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  return {
    environmentOf: (service) =>
      Object.assign({}, ...there.map((one) => one.environmentOf(service))) as Record<string, string>,
    own: () => Object.fromEntries(there.flatMap(({ own }) => (own ? [[own.name, own.server.pid] as const] : []))),
    stop,
  };
};

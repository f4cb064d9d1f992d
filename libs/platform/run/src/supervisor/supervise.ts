import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadMasterKeyFile } from '@corsac/data';
import type { ServiceName } from '@corsac/contracts';
import { readSettings, type Settings } from '@corsac/settings';
import { loadDemo, type Demo } from '../demo/demo.js';
import { listenProblem } from '../start/listen-problem.js';
import { StartProblem } from '../start/start-problem.js';
import { Fleet } from './fleet/fleet.js';
import type { ReplicaOptions } from './fleet/replica.js';
import { Router } from './router/router.js';
import { openServers, type Servers } from './servers/open-servers.js';

export interface SuperviseOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Processes of each service. */
  readonly replicas: number;
  /** The built main file of an app. */
  readonly mainOf: (service: ServiceName) => string;
  readonly say: (line: string) => void;
}

/** An installation on this machine: router, processes of services, and those servers that nobody else gave. */
export interface Supervised {
  readonly port: number;
  readonly base_url: string;
  /** Of the services' processes. */
  pids(): Record<string, number[]>;
  /** Of the servers that were started here, by name. */
  serverPids(): Readonly<Record<string, number>>;
  /** Restarts every process (of some services), one after the other, without losing a request. */
  roll(services?: readonly ServiceName[]): Promise<void>;
  stop(): Promise<void>;
}

/** The embedded reader knows the defaults of an installation on this machine; stores are looked at apart. */
const settingsOf = (env: NodeJS.ProcessEnv): Settings => {
  const read = readSettings({ ...env, DATABASE_URL: undefined, REDIS_URL: undefined, NATS_URL: undefined }, 'embedded');
  if (read.ok) return read.value;
  const [first] = read.error;
  throw new StartProblem(`${first?.variable} ${first?.problem}`, first?.mend ?? '');
};

const masterKeyIn = (data: string): string => {
  const file = join(data, 'master.key');
  loadMasterKeyFile(file);
  return readFileSync(file, 'utf8');
};

interface Surroundings {
  readonly settings: Settings;
  readonly servers: Servers;
  readonly demo: Demo | undefined;
  readonly data: string;
}

const environment = (service: ServiceName, env: NodeJS.ProcessEnv, around: Surroundings): NodeJS.ProcessEnv => ({
  CORSAC_DRAIN_SECONDS: '0',
  CORSAC_LOG_LEVEL: 'warn',
  // Node 22 and later start faster with it; older ones do not know it.
  NODE_COMPILE_CACHE: join(around.data, 'services', 'compiled'),
  CORSAC_MASTER_KEY: env['CORSAC_MASTER_KEY'] ?? masterKeyIn(around.data),
  ...(around.demo && { CORSAC_CONFIG: around.demo.file, ...around.demo.secrets }),
  ...env,
  // As deploy/Dockerfile: most of what a request leaves behind is over before the young generation is collected.
  NODE_OPTIONS: `${env['NODE_OPTIONS'] ?? ''} --max-semi-space-size=32`,
  ...around.servers.environmentOf(service),
  CORSAC_BASE_URL: around.settings.base_url,
  // The router alone stands before them, and it says who asked.
  CORSAC_TRUSTED_PROXIES: ['127.0.0.1', ...around.settings.trusted_proxies].join(','),
  HOST: '127.0.0.1',
  PORT: '0',
});

/**
 * Starts every service as processes of their own, with a router before them.
 * @throws StartProblem; what was started is stopped
 */
export const supervise = async ({ env, replicas, mainOf, say }: SuperviseOptions): Promise<Supervised> => {
  const settings = settingsOf(env);
  if (settings.data === 'memory')
    throw new StartProblem('CORSAC_DATA=memory', 'processes share what they keep: name a folder');
  const data = resolve(settings.data);
  let fleet: Fleet | undefined;
  let servers: Servers | undefined;
  const router = new Router({
    host: settings.host,
    port: settings.port,
    targetsOf: (service) => fleet?.targetsOf(service) ?? [],
  });
  const close = async (): Promise<void> => {
    await router.close();
    await fleet?.stop();
    await servers?.stop();
  };
  try {
    const { port } = await router.listen().catch((error: unknown) => {
      throw listenProblem(error, settings);
    });
    servers = await openServers(join(data, 'services'), env);
    for (const [name, pid] of Object.entries(servers.own())) say(`${name} started, pid ${pid}`);
    const demo = settings.loopback && settings.config === undefined ? loadDemo(data) : undefined;
    const around: Surroundings = { settings, servers, demo, data };
    const started = new Fleet({ replicas, optionsOf: (service) => replicaOf(service, { env, mainOf, say }, around) });
    fleet = started;
    await started.untilReady();
    return supervised(started, servers, { port, base_url: settings.base_url, close });
  } catch (error) {
    await close();
    throw error;
  }
};

const replicaOf = (
  service: ServiceName,
  { env, mainOf, say }: Omit<SuperviseOptions, 'replicas'>,
  around: Surroundings,
): ReplicaOptions => ({ service, main: mainOf(service), env: environment(service, env, around), say });

interface Outside {
  readonly port: number;
  readonly base_url: string;
  close(): Promise<void>;
}

const supervised = (fleet: Fleet, servers: Servers, { port, base_url, close }: Outside): Supervised => {
  let stopping: Promise<void> | undefined;
  return {
    port,
    base_url,
    pids: () => fleet.pids(),
    serverPids: () => servers.own(),
    roll: (services) => fleet.roll(services),
    stop: () => (stopping ??= close()),
  };
};

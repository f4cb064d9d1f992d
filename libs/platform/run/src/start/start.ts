import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceName } from '@corsac/contracts';
import type { SealAnew } from '@corsac/data';
import { clientAddressReader, Health, Listener, type HttpApp, type RequestHandler } from '@corsac/http';
import { routeOf } from '@corsac/model';
import { createOutboundClient, type OutboundClient } from '@corsac/outbound';
import type { Service, ServiceSettings } from '@corsac/service';
import type { Settings } from '@corsac/settings';
import { createMetrics, type Logger, type MetricsRegistry, type SpanAround } from '@corsac/telemetry';
import { demoOf, type Demo } from '../demo/demo.js';
import { gaugeBus } from '../wiring/measure-bus.js';
import type { Wiring, World } from '../wiring/wiring.js';
import { listenProblem } from './listen-problem.js';
import { checkMasterKeys, sealAnew } from './master-key.js';
import { beginWork, joinBus, type Common } from './service-app.js';
import { asStartProblem, StartProblem } from './start-problem.js';

/** A process that has started. */
export interface Running {
  readonly port: number;
  readonly health: Health;
  /** Where to log in, when the demo is loaded. */
  readonly demo: Demo | undefined;
  /** Drains and lets go: readiness, listener, applications with the bus, stores, in this order. The second call waits for the first. */
  stop(): Promise<void>;
}

/** How long running requests may take when the process stops, milliseconds. */
const graceMs = 10_000;

const outboundOf = ({ outbound_allow, outbound_ca, loopback }: Settings): OutboundClient => {
  try {
    const ca = outbound_ca === undefined ? undefined : readFileSync(outbound_ca, 'utf8');
    return createOutboundClient({ allow: outbound_allow, loopback, ca });
  } catch (error) {
    throw asStartProblem(
      error,
      'CORSAC_OUTBOUND_CA',
      'name a file with certificates (PEM) that can be read, or unset it',
    );
  }
};

const checkConfig = ({ config }: Settings): void => {
  if (config === undefined || statSync(config, { throwIfNoEntry: false })) return;
  throw new StartProblem(
    `CORSAC_CONFIG names ${config}, which is not there`,
    'name a file or folder that is, or unset it',
  );
};

const ourSecrets = ['CORSAC_MASTER_KEY', 'CORSAC_NATS_PASSWORD', 'DATABASE_URL', 'REDIS_URL', 'NATS_URL'];

/** What keeps the installation itself together is nobody's to put into a party's settings. */
const withoutOurSecrets = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !ourSecrets.includes(name)));

/** The same place in the repository and in an image. */
const builtConsole = join(__dirname, '../../../../../apps/console/dist/browser');

const settingsOf = (settings: Settings, demo: Demo | undefined): ServiceSettings => ({
  base_url: settings.base_url,
  embedded: settings.shape === 'embedded',
  config_path: settings.config ?? demo?.file,
  console_path: builtConsole,
  environment: { ...withoutOurSecrets(process.env), CORSAC_BASE_URL: settings.base_url, ...demo?.secrets },
  ...(settings.shape === 'embedded' && settings.data !== 'memory' && { data_dir: settings.data }),
});

/** Paths remembered at most, as anybody can make up any number of them. */
const mostPaths = 500;

/** Paths are matched by the one list of routes that the ingress is made of too; most requests are for a few paths. */
const handlersOf = (apps: ReadonlyMap<ServiceName, HttpApp>) => {
  const known = new Map<string, RequestHandler>();
  return (path: string): RequestHandler | undefined => {
    const there = known.get(path);
    if (there) return there;
    const route = routeOf(path);
    const handler = route && apps.get(route.service)?.handle;
    if (!handler) return undefined;
    if (known.size >= mostPaths) known.clear();
    known.set(path, handler);
    return handler;
  };
};

const later: RequestHandler = (_request, response) => {
  response.writeHead(503, { 'retry-after': '1', 'cache-control': 'no-store' }).end();
};

interface Opened {
  readonly listener: Listener;
  readonly apps: Map<ServiceName, HttpApp>;
  world?: World;
  sealing?: readonly SealAnew[];
}

const closeAll = async ({ listener, apps, world, sealing = [] }: Opened): Promise<void> => {
  await listener.close(graceMs);
  await Promise.all(sealing.map((work) => work.stop()));
  // An application stops its own work before it leaves the bus, so that nothing is begun that cannot be ended.
  for (const { app } of [...apps.values()].reverse()) await app.close();
  await world?.bus.drain();
  await world?.close();
};

export interface StartOptions {
  readonly services: readonly Service[];
  readonly wiring: Wiring;
  readonly settings: Settings;
  readonly logger: Logger;
  readonly spanAround?: SpanAround;
}

const pause = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/**
 * Starts services in this process, in the order given. The port is taken first, as that is what most often fails, and
 * answers 503 until the services stand.
 * @throws StartProblem; everything opened so far is let go
 */
export const start = async ({ services, wiring, settings, logger, spanAround }: StartOptions): Promise<Running> => {
  const health = new Health();
  const metrics = createMetrics({ process: true });
  let handlerOf = (path: string): RequestHandler | undefined => (routeOf(path) ? later : undefined);
  const listener = new Listener({
    host: settings.host,
    port: settings.port,
    handlerOf: (path) => handlerOf(path),
    health,
    metrics: async () => ({ text: await metrics.text(), contentType: metrics.contentType }),
  });
  const opened: Opened = { listener, apps: new Map() };
  try {
    checkConfig(settings);
    const outbound = outboundOf(settings);
    const { port } = await listener.listen().catch((error: unknown) => {
      throw listenProblem(error, settings);
    });
    const demo = demoOf(settings);
    const parts = { health, metrics, outbound, logger };
    opened.world = await wiring.open({ settings, services, logger, metrics, spanAround });
    await checkMasterKeys(services, opened.world);
    await startApps(services, opened, { ...parts, ...commonOf(settings, demo, opened.world) });
    handlerOf = handlersOf(opened.apps);
    opened.sealing = sealAnew(services, opened.world, logger);
    health.markStarted();
    return { port, health, demo, stop: stopOnce(opened, health, settings.drain_s) };
  } catch (error) {
    await closeAll(opened).catch((further: unknown) => logger.warn({ error: further }, 'not everything was let go'));
    throw error;
  }
};

const commonOf = (
  settings: Settings,
  demo: Demo | undefined,
  world: World,
): Pick<Common, 'world' | 'settings' | 'clientAddressOf' | 'logRequests'> => ({
  world,
  settings: settingsOf(settings, demo),
  clientAddressOf: clientAddressReader(settings.trusted_proxies),
  logRequests: settings.log_level === 'debug',
});

const startApps = async (services: readonly Service[], { apps, world }: Opened, common: Common): Promise<void> => {
  for (const [name, check] of Object.entries(world?.checks ?? {})) common.health.check(name, check);
  for (const service of services) {
    apps.set(service.name, await joinBus(service, common));
    tellStores(common.metrics, common.world, service.name);
  }
  for (const [name, app] of apps) await beginWork(name, app, common.logger);
};

/** What `/health/ready` tells of stores and bus stands in the metrics as well. */
const tellStores = (metrics: MetricsRegistry, world: World, service: ServiceName): void => {
  gaugeBus(metrics, world.bus, service);
  for (const [name, check] of Object.entries(world.checks)) {
    metrics
      .forService(service)
      .gaugeOf({ name: `${name}_up`, help: `Whether the ${name} answers.` }, async () => ((await check()) ? 1 : 0));
  }
};

const stopOnce = (opened: Opened, health: Health, drain_s: number): (() => Promise<void>) => {
  let stopping: Promise<void> | undefined;
  return () => {
    health.beginDraining();
    stopping ??= pause(drain_s).then(() => closeAll(opened));
    return stopping;
  };
};

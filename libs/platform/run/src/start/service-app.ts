import { createHttpApp, type ClientAddressOf, type Health, type HttpApp } from '@corsac/http';
import type { OutboundClient } from '@corsac/outbound';
import { Sealer } from '@corsac/data';
import type { Service, ServiceParts, ServiceSettings } from '@corsac/service';
import type { Logger, MetricsRegistry } from '@corsac/telemetry';
import type { World } from '../wiring/wiring.js';
import { asStartProblem } from './start-problem.js';

/** What the services of a process have in common. */
export interface Common {
  readonly world: World;
  readonly settings: ServiceSettings;
  readonly outbound: OutboundClient;
  readonly health: Health;
  readonly clientAddressOf: ClientAddressOf;
  readonly logRequests: boolean;
  readonly logger: Logger;
  readonly metrics: MetricsRegistry;
}

const partsOf = ({ name }: Service, common: Common, logger: Logger): ServiceParts => ({
  bus: common.world.bus.busFor(name),
  items: common.world.itemsOf(name),
  database: common.world.databaseOf(name),
  sealer: new Sealer(common.world.masterKeys),
  masterKeys: common.world.masterKeys,
  outbound: common.outbound,
  clock: { nowMs: () => Date.now() },
  logger,
  metrics: common.metrics.forService(name),
  settings: common.settings,
  readiness: {
    waitFor: (what, isDone) => common.health.waitFor(`${name}: ${what}`, isDone),
  },
});

const doing = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    throw asStartProblem(error, `the ${name} service does not start`, 'see the line above, or CORSAC_LOG_LEVEL=debug');
  }
};

/**
 * Makes one service's own Nest application, so that no filter or provider of one service reaches into another, also
 * where they share a process, and lets it hear and answer on the bus.
 * @throws StartProblem
 */
export const joinBus = (service: Service, common: Common): Promise<HttpApp> =>
  doing(service.name, async () => {
    const { name } = service;
    const logger = common.logger.child({ service: name });
    const http = await createHttpApp(service.module(partsOf(service, common, logger)), {
      logger,
      metrics: common.metrics.forService(name),
      clientAddressOf: common.clientAddressOf,
      logRequests: common.logRequests,
    });
    http.app.connectMicroservice({ strategy: common.world.bus.strategyFor(name) });
    await http.app.startAllMicroservices();
    return http;
  });

/**
 * Starts a service's own work and its addresses. All services of the process are on the bus by then, so that their
 * first questions find each other.
 * @throws StartProblem
 */
export const beginWork = (name: string, http: HttpApp, logger: Logger): Promise<void> =>
  doing(name, async () => {
    await http.init();
    logger.debug({ service: name, uptime_s: process.uptime() }, 'the service stands');
  });

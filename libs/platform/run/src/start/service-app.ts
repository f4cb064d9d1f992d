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

/**
 * Starts one service: its own Nest application, so that no filter or provider of one service reaches into another, also
 * where they share a process. It hears and answers on the bus when this resolves.
 * @throws StartProblem
 */
export const startServiceApp = async (service: Service, common: Common): Promise<HttpApp> => {
  const { name } = service;
  const logger = common.logger.child({ service: name });
  try {
    const http = await createHttpApp(service.module(partsOf(service, common, logger)), {
      logger,
      metrics: common.metrics.forService(name),
      clientAddressOf: common.clientAddressOf,
      logRequests: common.logRequests,
    });
    http.app.connectMicroservice({ strategy: common.world.bus.strategyFor(name) });
    await http.init();
    await http.app.startAllMicroservices();
    logger.debug({ uptime_s: process.uptime() }, 'the service stands');
    return http;
  } catch (error) {
    throw asStartProblem(error, `the ${name} service does not start`, 'see the line above, or CORSAC_LOG_LEVEL=debug');
  }
};

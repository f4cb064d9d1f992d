import { join } from 'node:path';
import { memoryBus } from '@corsac/bus/memory';
import { openPostgresItemStores, startEmbeddedPostgres, type EmbeddedPostgres } from '@corsac/data';
import type { Logger } from '@corsac/telemetry';
import { asStartProblem } from '../start/start-problem.js';
import { openDatabases } from './databases.js';
import { masterKeysOf } from './master-keys.js';
import { busOptionsOf } from './measure-bus.js';
import type { Wiring, WiringParts, World } from './wiring.js';

/** Seconds to wait for a database that somebody else runs. */
const patience_s = 3;

interface Postgres {
  readonly url: string;
  stop(): Promise<void>;
}

const ownPostgres = async (data: string, logger: Logger): Promise<EmbeddedPostgres> => {
  const folder = data === 'memory' ? 'memory' : join(data, 'postgres');
  try {
    return await startEmbeddedPostgres({ folder, onRestart: (line) => logger.warn({}, line) });
  } catch (error) {
    throw asStartProblem(error, 'the embedded database', 'read the above, or set DATABASE_URL to a Postgres of yours');
  }
};

const openPostgres = async ({ settings, logger }: WiringParts): Promise<Postgres> =>
  settings.database_url === undefined
    ? ownPostgres(settings.data, logger)
    : { url: settings.database_url, stop: async () => undefined };

const open = async (parts: WiringParts): Promise<World> => {
  const { settings, services, logger } = parts;
  const masterKeys = masterKeysOf(settings);
  const postgres = await openPostgres(parts);
  logger.debug({ uptime_s: process.uptime() }, 'Postgres is there');
  try {
    const databases = await openDatabases(services, postgres.url, patience_s);
    logger.debug({ uptime_s: process.uptime() }, 'schemas are up to date');
    const items = await openPostgresItemStores({ url: postgres.url, spaces: services.map(({ name }) => name) });
    logger.debug({ uptime_s: process.uptime() }, 'item stores are open');
    const bus = memoryBus({ ...busOptionsOf(parts), services: services.map(({ name }) => name) });
    return {
      bus,
      masterKeys,
      databaseOf: databases.of,
      itemsOf: (service) => items.of(service),
      checks: { database: databases.check, bus: () => bus.health().ready },
      close: async () => {
        await items.close();
        await databases.close();
        await postgres.stop();
      },
    };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
};

/** Everything in one process: the bus copies messages in memory, one Postgres holds what services own and remember. */
export const embeddedWiring: Wiring = { shape: 'embedded', open };

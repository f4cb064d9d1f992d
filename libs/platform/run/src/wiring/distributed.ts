import { natsBus } from '@corsac/bus';
import type { ItemStore } from '@corsac/data';
import { openRedisItemStore } from '@corsac/data/redis-item-store';
import type { ServiceName } from '@corsac/contracts';
import { asStartProblem, StartProblem } from '../start/start-problem.js';
import { openDatabases } from './databases.js';
import { masterKeysOf } from './master-keys.js';
import { busOptionsOf } from './measure-bus.js';
import { natsPlaceOf } from './nats-place.js';
import type { Wiring, WiringParts, World } from './wiring.js';

/** Seconds to wait for stores that start at the same time as we do. */
const patience_s = 30;

type Items = ReadonlyMap<ServiceName, ItemStore>;

const closeItems = async (items: Items): Promise<void> => {
  await Promise.all([...items.values()].map((store) => store.close()));
};

const openItems = async ({ services, settings }: WiringParts): Promise<Items> => {
  const url = settings.redis_url!;
  const opened = services.map(
    async ({ name }) => [name, await openRedisItemStore({ url, space: name, patience_s })] as const,
  );
  try {
    return new Map(await Promise.all(opened));
  } catch (error) {
    // The store's own words name the mend where the server is there and set wrongly.
    if ((error as Error).name !== 'StoreUnavailable')
      throw new StartProblem('REDIS_URL', (error as Error).message, error);
    throw asStartProblem(error, 'Redis is not reached', 'check REDIS_URL and that Redis runs');
  }
};

const open = async (parts: WiringParts): Promise<World> => {
  const { settings, services } = parts;
  const masterKeys = masterKeysOf(settings);
  const place = natsPlaceOf(settings);
  const [databases, items] = await Promise.allSettled([
    openDatabases(services, settings.database_url!, patience_s),
    openItems(parts),
  ]);
  if (databases.status === 'rejected' || items.status === 'rejected') {
    if (databases.status === 'fulfilled') await databases.value.close();
    if (items.status === 'fulfilled') await closeItems(items.value);
    throw databases.status === 'rejected' ? databases.reason : (items as PromiseRejectedResult).reason;
  }
  const bus = natsBus({ ...busOptionsOf(parts), ...place, start_deadline_ms: patience_s * 1000 });
  return {
    bus,
    masterKeys,
    databaseOf: databases.value.of,
    itemsOf: (service) => items.value.get(service)!,
    checks: {
      database: databases.value.check,
      items: async () =>
        (await Promise.all([...items.value.values()].map((store) => store.health()))).every(({ up }) => up),
      bus: () => bus.health().ready,
    },
    close: async () => {
      await closeItems(items.value);
      await databases.value.close();
    },
  };
};

/** A process per service, any number of them: NATS between, Redis for what is short-lived, Postgres for what is kept. */
export const distributedWiring: Wiring = { shape: 'distributed', open };

import { databaseHealth, openDatabase, type Database } from '@corsac/data';
import type { ServiceName } from '@corsac/contracts';
import type { HealthCheck } from '@corsac/http';
import type { Service } from '@corsac/service';
import { asStartProblem } from '../start/start-problem.js';

/** One database connection pool and schema per service. */
export interface Databases {
  of(service: ServiceName): Database;
  readonly check: HealthCheck;
  close(): Promise<void>;
}

const unreachable = 'check DATABASE_URL and that Postgres runs and takes this user';

/** Opens every service's schema at once and brings it up to date. @throws StartProblem */
export const openDatabases = async (
  services: readonly Service[],
  url: string,
  patience_s: number,
): Promise<Databases> => {
  const opened = await Promise.allSettled(
    services.map(
      async ({ name, schema }) => [name, await openDatabase({ ...schema, url, schema: name, patience_s })] as const,
    ),
  );
  const there = new Map(opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])));
  const close = async (): Promise<void> => {
    await Promise.all([...there.values()].map((database) => database.destroy()));
  };
  const failed = opened.find((result) => result.status === 'rejected');
  if (failed) {
    await close();
    throw asStartProblem(failed.reason, 'the database cannot be opened', unreachable);
  }
  return {
    of: (service) => there.get(service)!,
    check: async () => {
      const states = await Promise.all([...there.values()].map(databaseHealth));
      return states.every(({ up }) => up);
    },
    close,
  };
};

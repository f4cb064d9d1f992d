import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type Pool } from 'pg';
import { DataSource, type DataSourceOptions, type EntityManager, type Logger } from 'typeorm';
import type { StoreHealth } from '../store-unavailable.js';
import { checkSchema, poolConfig, type ConnectionOptions } from './connections.js';
import { asStoreError, storeFault } from './store-fault.js';

export interface DatabaseOptions extends ConnectionOptions {
  /** Entity classes of the service. Their tables are in the service's schema. */
  entities: NonNullable<DataSourceOptions['entities']>;
  /** Migration classes, oldest first by the number at the end of their names. */
  migrations: NonNullable<DataSourceOptions['migrations']>;
  /** For how many seconds to wait for a database that is not there yet at start (30). */
  patience_s?: number;
}

/** A migration may rewrite a table; so it gets minutes where a request gets seconds. */
const MIGRATION_MS = 600_000;
const DEFAULT_PATIENCE_S = 30;

/**
 * Opens the database of one service: its schema is there and its migrations have run when this answers. Replicas may start at once: one
 * migrates, under a lock of the schema, the others wait for it. Each migration is a transaction of its own.
 * @throws StoreUnavailable when the database does not answer in `patience_s`
 */
export async function openDatabase(options: DatabaseOptions): Promise<DataSource> {
  const patience_ms = (options.patience_s ?? DEFAULT_PATIENCE_S) * 1000;
  const until = performance.now() + patience_ms;
  for (;;) {
    try {
      await migrate(options);
      return await connect(options, poolConfig(options));
    } catch (error) {
      const away = storeFault(error)?.kind === 'unavailable';
      if (!away || performance.now() > until) throw asStoreError(error);
      await sleep(Math.min(250, patience_ms));
    }
  }
}

/** The connections under a data source, for statements that TypeORM has no part in. They end with the data source. */
export function poolOf(dataSource: DataSource): Pool {
  return (dataSource.driver as unknown as { master: Pool }).master;
}

/** Whether the database answers. Never rejects. */
export async function databaseHealth(dataSource: DataSource): Promise<StoreHealth> {
  const began = performance.now();
  try {
    await poolOf(dataSource).query('select 1');
    return { up: true, took_ms: performance.now() - began };
  } catch (error) {
    return { up: false, reason: (error as Error).message };
  }
}

/**
 * Runs work in a transaction, again when another transaction was first (deadlock, serialization), three times in all.
 * @throws StoreUnavailable, or what the work throws
 */
export async function transact<T>(dataSource: DataSource, work: (manager: EntityManager) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await dataSource.transaction(work);
    } catch (error) {
      if (attempt < 3 && storeFault(error)?.kind === 'conflict') continue;
      throw asStoreError(error);
    }
  }
}

async function migrate(options: DatabaseOptions): Promise<void> {
  const schema = checkSchema(options.schema);
  const config = poolConfig({ ...options, size: 1, statement_ms: MIGRATION_MS });
  const lock = new Client(config);
  lock.on('error', () => undefined);
  try {
    await lock.connect();
    await lock.query('select pg_advisory_lock(hashtextextended($1, 0))', [`corsac schema ${schema}`]);
    await createSchema(lock, schema);
    await runMigrations(await connect({ ...options, entities: [] }, config), schema);
  } finally {
    await lock.end().catch(() => undefined);
  }
}

/** TypeORM tells which migration failed only to its logger, and otherwise writes on the console. */
class MigrationNotes implements Logger {
  last = '';
  logMigration(message: string): void {
    this.last = message;
  }
  logQuery(): void {}
  logQueryError(): void {}
  logQuerySlow(): void {}
  logSchemaBuild(): void {}
  log(): void {}
}

async function runMigrations(source: DataSource, schema: string): Promise<void> {
  const notes = new MigrationNotes();
  source.logger = notes;
  try {
    await source.runMigrations({ transaction: 'each' });
  } catch (error) {
    if (storeFault(error)?.kind === 'unavailable') throw error;
    throw new Error(`schema ${schema}: ${notes.last || (error as Error).message}`, { cause: error });
  } finally {
    await source.destroy();
  }
}

/** `create schema if not exists` asks for the right to create even where nothing is to be made, and a service need not have it. */
async function createSchema(client: Client, schema: string): Promise<void> {
  const found = await client.query('select 1 from pg_namespace where nspname = $1', [schema]);
  if (found.rowCount === 0) await client.query(`create schema ${schema}`);
}

function connect(options: DatabaseOptions, extra: ReturnType<typeof poolConfig>): Promise<DataSource> {
  const source = new DataSource({
    type: 'postgres',
    schema: options.schema,
    entities: options.entities,
    migrations: options.migrations,
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
    installExtensions: false,
    logging: false,
    poolErrorHandler: () => undefined,
    extra,
  });
  return source.initialize();
}

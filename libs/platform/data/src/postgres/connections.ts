import { Client, Pool, type PoolConfig } from 'pg';

export interface ConnectionOptions {
  /** `postgresql://user:password@host:port/database?sslmode=…`; `?host=/folder` names a unix socket. */
  url: string;
  /** The schema that unqualified names mean. One per service. */
  schema: string;
  /** The most connections at once. */
  size?: number;
  /** Shown by the server in pg_stat_activity. */
  name?: string;
  /** The longest a statement may take. Migrations need more than requests. */
  statement_ms?: number;
  /** Server settings of every connection, as `-c name=value`. */
  settings?: string;
}

/** Getting a connection and running a statement together stay under the 3 s in which a lost database must be known. */
const CONNECT_MS = 1000;
const STATEMENT_MS = 1800;

/** The client waits a little longer than the server, which normally cancels by itself and keeps the connection usable. */
const GRACE_MS = 100;
const IDLE_IN_TRANSACTION_MS = 10_000;
const DEFAULT_SIZE = 10;

/** A schema name is put into SQL text, so it is one of ours and never from outside. */
export function checkSchema(schema: string): string {
  if (!/^[a-z][a-z0-9_]{0,40}$/.test(schema)) throw new RangeError(`not a schema name: ${schema}`);
  return schema;
}

/**
 * A client whose connection ends with the first statement that gets no answer. Without it the pool would hand the stuck
 * connection to the next request, and a server that was paused would stay lost one timeout longer for each of them.
 */
export class DeadlineClient extends Client {
  override query = ((...args: unknown[]) => {
    const answer: unknown = Reflect.apply(Client.prototype.query, this, args);
    if (answer instanceof Promise) answer.catch((error: unknown) => this.giveUpAfter(error));
    return answer;
  }) as Client['query'];

  private giveUpAfter(error: unknown): void {
    if (error instanceof Error && error.message === 'Query read timeout') this.end().catch(() => undefined);
  }
}

/** What every pool of ours is made with, those of TypeORM too. */
export function poolConfig(options: ConnectionOptions): PoolConfig {
  const statement_ms = options.statement_ms ?? STATEMENT_MS;
  return {
    connectionString: options.url,
    max: options.size ?? DEFAULT_SIZE,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: statement_ms + GRACE_MS,
    statement_timeout: statement_ms,
    idle_in_transaction_session_timeout: Math.max(IDLE_IN_TRANSACTION_MS, statement_ms),
    keepAlive: true,
    application_name: options.name ?? `corsac-${options.schema}`,
    options: [`-c search_path=${checkSchema(options.schema)}`, options.settings].filter(Boolean).join(' '),
    Client: DeadlineClient as PoolConfig['Client'],
  };
}

/** A pool of plain connections. It connects when asked and again after a loss; an error of an idle connection concerns nobody. */
export function openPool(options: ConnectionOptions): Pool {
  const pool = new Pool(poolConfig(options));
  pool.on('error', () => undefined);
  return pool;
}

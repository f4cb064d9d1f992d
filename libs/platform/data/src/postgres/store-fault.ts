import { fail, ok, type Outcome } from '@corsac/outcome';
import { StoreUnavailable } from '../store-unavailable.js';

/**
 * What a store may answer instead of doing its work. `unavailable`: away, overloaded or too slow; the work may have been done or not.
 * `duplicate`: a unique `constraint` is in the way. `conflict`: another transaction was first; the same work may be tried again.
 */
export type StoreFault =
  { kind: 'unavailable'; retry_after: number } | { kind: 'duplicate'; constraint: string } | { kind: 'conflict' };

/** PostgreSQL, appendix A: connection, resources, operator intervention, read-only after a failover, timeouts of statement, lock and idle transaction. */
const AWAY = /^(08...|53...|57P0[1-5]|57014|25006|25P03|55P03)$/;
const FIRST_COME = /^(40001|40P01)$/;
const NETWORK = /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|ENOTFOUND|ENOENT)/;

/** node-postgres gives these no code. */
const MESSAGES =
  /^(Query read timeout|timeout expired|timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error|Client was closed|Cannot use a pool after)/;

/** Looked at by shape: an error of Node's own is of another realm than the code under a test runner. */
interface DriverError {
  code?: unknown;
  constraint?: unknown;
  message?: unknown;
  errors?: unknown;
  driverError?: unknown;
}

/** What an error of the driver or of TypeORM means, or undefined when it is a bug and must go on as an exception. */
export function storeFault(error: unknown): StoreFault | undefined {
  if (error instanceof StoreUnavailable) return { kind: 'unavailable', retry_after: error.retry_after };
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, constraint, message, errors, driverError } = error as DriverError;
  if (code === '23505') return { kind: 'duplicate', constraint: String(constraint ?? '') };
  if (typeof code === 'string' && FIRST_COME.test(code)) return { kind: 'conflict' };
  const away = (typeof code === 'string' && (AWAY.test(code) || NETWORK.test(code))) || MESSAGES.test(String(message));
  if (away) return { kind: 'unavailable', retry_after: new StoreUnavailable('postgres', '').retry_after };
  if (Array.isArray(errors) && errors.length > 0) return storeFault(errors[0]);
  return driverError === undefined ? undefined : storeFault(driverError);
}

/** The same error, or `StoreUnavailable` with it as the cause where that is what it means. */
export function asStoreError(error: unknown, store = 'postgres'): unknown {
  if (error instanceof StoreUnavailable || storeFault(error)?.kind !== 'unavailable') return error;
  return new StoreUnavailable(store, (error as { message?: string }).message || 'no connection', error);
}

/**
 * Does work on a store and gives its faults as values.
 * @throws whatever is a bug
 */
export async function attempt<T>(work: () => Promise<T>): Promise<Outcome<T, StoreFault>> {
  try {
    return ok(await work());
  } catch (error) {
    const fault = storeFault(error);
    if (!fault) throw error;
    return fail(fault);
  }
}

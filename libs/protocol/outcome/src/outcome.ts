/** What went well, with its value. */
export interface Success<T> {
  readonly ok: true;
  readonly value: T;
}

/** What was refused, with the reason. */
export interface Failure<E> {
  readonly ok: false;
  readonly error: E;
}

/**
 * The answer of everything that can be refused. A refusal is a value that the caller must look at, and that crosses the
 * bus as it is; exceptions are left for bugs. The members are plain data, so that a JSON copy is equal to the original.
 */
export type Outcome<T, E> = Success<T> | Failure<E>;

/**
 * Says yes.
 * @param value what the caller asked for; leave it out where being allowed is the whole answer
 */
export function ok(): Success<void>;
export function ok<T>(value: T): Success<T>;
export function ok<T>(value?: T): Success<T | undefined> {
  return { ok: true, value };
}

/**
 * Says no.
 * @param error the reason, for example an OAuth error
 */
export function fail<E>(error: E): Failure<E> {
  return { ok: false, error };
}

import type { TakeOptions } from './item-store.js';

const LONGEST_S = 10 * 365 * 86400;

/**
 * A time to live must be a finite number of seconds: a NaN would keep a session for ever in one store and lose it in another.
 * @throws RangeError, which is a bug of the caller
 */
export function checkTtl(ttl_s: number): number {
  if (!(ttl_s >= 0.001 && ttl_s <= LONGEST_S)) throw new RangeError(`a time to live of ${ttl_s} seconds`);
  return ttl_s;
}

/** How long the spent mark stays, or undefined when none is wanted. */
export function spentTtlOf({ spent, spentTtl }: TakeOptions): number | undefined {
  if (spentTtl !== undefined) return checkTtl(spentTtl);
  if (spent !== undefined) throw new RangeError('a spent mark needs a time to live');
  return undefined;
}

const LONGEST_BYTES = 1024;
const UNFIT = /[\u0000\p{Surrogate}]/u;

/**
 * Keys, indexes, members and marks are texts that every store takes as they are: no NUL (Postgres), no half surrogate (two would become one),
 * at most 1024 bytes (an index entry). A name made from what came from outside is hashed by the caller before it gets that long.
 * @throws RangeError, which is a bug of the caller
 */
export function checkName(name: string): string {
  const { length } = name;
  // A character takes three bytes at most; they are counted only where it matters.
  const fits = length > 0 && (length * 3 <= LONGEST_BYTES || Buffer.byteLength(name) <= LONGEST_BYTES);
  if (!fits || UNFIT.test(name)) throw new RangeError(`not a key of 1 to ${LONGEST_BYTES} bytes`);
  return name;
}

/** A moment in unix seconds. */
export function checkMoment(at: number): number {
  if (!Number.isFinite(at)) throw new RangeError(`not a moment: ${at}`);
  return at;
}

/** A whole number that counts exactly. */
export function checkCount(by: number): number {
  if (!Number.isSafeInteger(by)) throw new RangeError(`not a whole number: ${by}`);
  return by;
}

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

import { randomFillSync } from 'node:crypto';

/** Asking the system for random bytes costs about the same for 32 of them as for thousands. */
const pool = Buffer.alloc(4096);
let used = pool.length;

/**
 * A name that nobody can guess: codes, cookies, identifiers of sessions and journeys.
 * @param bytes how many random bytes, 1 to 1024; each is given out once and leaves nothing behind in the pool
 * @returns base64url without padding, `ceil(bytes * 4 / 3)` characters
 */
export function randomName(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const end = used + bytes;
  const name = pool.toString('base64url', used, end);
  pool.fill(0, used, end);
  used = end;
  return name;
}

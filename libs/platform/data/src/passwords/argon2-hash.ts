import { hash, verify } from '@node-rs/argon2';
import { readPasswordHash, type Argon2Cost } from '@corsac/model';

/**
 * The cheapest in CPU of the settings that OWASP's Password Storage Cheat Sheet accepts as equally strong: 6.0 ms against 6.3 (12 MiB, 3
 * passes), 7.5 (19 MiB, 2) and 11.2 (46 MiB, 1), and the smallest in memory, which is what bounds how many may run at once.
 */
export const DEFAULT_COST: Argon2Cost = { memory_kib: 7168, passes: 5, lanes: 1 };

/** Hashes on the thread pool; argon2id is what the library takes when no algorithm is named. The answer is a PHC string: `$argon2id$v=19$m=7168,t=5,p=1$<salt>$<hash>`. */
export function argon2Hash(password: string, cost: Argon2Cost): Promise<string> {
  const { memory_kib: memoryCost, passes: timeCost, lanes: parallelism } = cost;
  return hash(password, { memoryCost, timeCost, parallelism, outputLen: 32 });
}

/** Checks on the thread pool, at the cost that the PHC string names. A string that cannot be computed (p=8 with m=8) matches nothing. */
export function argon2Verify(stored: string, password: string): Promise<boolean> {
  return verify(stored, password).catch(() => false);
}

/** The cost a PHC string of argon2id names, or undefined when it is not one or demands too much. */
export function costOf(stored: string): Argon2Cost | undefined {
  const read = readPasswordHash(stored);
  return read?.kind === 'argon2id' ? read.cost : undefined;
}

import { pbkdf2, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';
import { promisify } from 'node:util';
import { readPasswordHash, type PasswordHash } from '@corsac/model';

type Derived = Exclude<PasswordHash, { kind: 'argon2id' }>;

const runPbkdf2 = promisify(pbkdf2);
const runScrypt = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

const derivedIn = (stored: string): Derived | undefined => {
  const read = readPasswordHash(stored);
  return read?.kind === 'argon2id' ? undefined : read;
};

const derive = (of: Derived, password: string): Promise<Buffer> => {
  const { salt, hash } = of;
  if (of.kind === 'pbkdf2') return runPbkdf2(password, salt, of.iterations, hash.length, of.digest);
  const { N, r, p } = of;
  return runScrypt(password, salt, hash.length, { N, r, p, maxmem: 128 * r * (N + p + 2) + 1024 * 1024 });
};

/** Whether a text is a PHC string of PBKDF2 or scrypt at a cost that may be computed here. */
export const isPhcHash = (stored: string): boolean => derivedIn(stored) !== undefined;

/** Checks on the thread pool, at the cost that the string names; false for every text that is not such a hash. */
export const phcVerify = async (stored: string, password: string): Promise<boolean> => {
  const of = derivedIn(stored);
  if (!of) return false;
  // Parameters that the library will not compute match nothing.
  const own = await derive(of, password).catch(() => undefined);
  return own !== undefined && timingSafeEqual(own, of.hash);
};

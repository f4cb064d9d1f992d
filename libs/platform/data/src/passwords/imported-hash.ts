import { pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/** A hash from elsewhere: PBKDF2 with HMAC-SHA-512, `alg` is `P2HS512:n` for n times 10,000 iterations, salt and hash base64url. */
export interface ImportedHash {
  alg: string;
  salt: string;
  hash: string;
}

interface Parsed {
  iterations: number;
  salt: Buffer;
  hash: Buffer;
}

const derive = promisify(pbkdf2);
const TEXT = /^P2HS512:([1-9]\d{0,2})\$([\w-]{11,256})\$([\w-]{43,256})$/;

/** One million iterations: a planted hash must not take the processor for seconds. */
const MOST_TENTHOUSANDS = 100;

/** The one text under which an imported hash is kept: `P2HS512:10$<salt>$<hash>`. Undefined when it is not such a hash. */
export function importedHashText({ alg, salt, hash }: ImportedHash): string | undefined {
  const text = [alg, salt.replace(/=+$/, ''), hash.replace(/=+$/, '')].join('$');
  return parseImportedHash(text) && text;
}

/** Whether a kept text is an imported hash that can be checked. */
export function isImportedHash(stored: string): boolean {
  return parseImportedHash(stored) !== undefined;
}

/** Checks on the thread pool; false for every text that is not an imported hash. */
export async function importedVerify(stored: string, password: string): Promise<boolean> {
  const parsed = parseImportedHash(stored);
  if (!parsed) return false;
  const own = await derive(password, parsed.salt, parsed.iterations, parsed.hash.length, 'sha512');
  return timingSafeEqual(own, parsed.hash);
}

function parseImportedHash(text: string): Parsed | undefined {
  const [, n, salt, hash] = TEXT.exec(text) ?? [];
  if (!n || !salt || !hash || Number(n) > MOST_TENTHOUSANDS) return undefined;
  return { iterations: Number(n) * 10_000, salt: Buffer.from(salt, 'base64url'), hash: Buffer.from(hash, 'base64url') };
}

import { availableParallelism } from 'node:os';
import type { Argon2Cost } from '@corsac/model';
import { fail, ok, type Outcome } from '@corsac/outcome';
import { argon2Hash, argon2Verify, costOf, DEFAULT_COST } from './argon2-hash.js';
import { BoundedQueue, type QueueBounds } from './bounded-queue.js';
import { importedVerify, isImportedHash } from './imported-hash.js';
import { isPhcHash, phcVerify } from './phc-hash.js';

/** `busy`: too many hashes are waiting, to be answered as 503. `too_long`: over 1024 bytes, which no person types. */
export type PasswordRefusal = 'busy' | 'too_long';

/** `rehash` says that the password was right and that the hash should be replaced by a new one of today's cost. */
export interface PasswordCheck {
  matches: boolean;
  rehash: boolean;
}

export interface PasswordHasherOptions {
  cost?: Argon2Cost;
  /** Where they are not those of the machine. Nobody waits for the answer of a file: its secrets may be as many as they are. */
  bounds?: Partial<QueueBounds>;
}

const LONGEST_BYTES = 1024;
const WAITING_PER_CORE = 100;
const NO_MATCH: PasswordCheck = { matches: false, rehash: false };

/** Hashes and checks passwords off the event loop, as many at once as there are cores, and refuses when the queue is too long. */
export class PasswordHasher {
  private readonly cost: Argon2Cost;
  private readonly queue: BoundedQueue;
  private dummy?: Promise<string>;

  constructor(options: PasswordHasherOptions = {}) {
    this.cost = options.cost ?? DEFAULT_COST;
    this.queue = new BoundedQueue({ ...boundsOfMachine(), ...options.bounds });
  }

  /** How many hashes wait, for metrics. */
  get depth(): number {
    return this.queue.depth;
  }

  /** A PHC string of argon2id. */
  async hash(password: string): Promise<Outcome<string, PasswordRefusal>> {
    if (isTooLong(password)) return fail('too_long');
    return this.queue.run(() => argon2Hash(password, this.cost));
  }

  /**
   * Checks a password against a PHC string of argon2id, PBKDF2 or scrypt, or an imported `P2HS512:n` text. Other texts match
   * nothing, at the same cost.
   */
  async verify(stored: string, password: string): Promise<Outcome<PasswordCheck, PasswordRefusal>> {
    if (isTooLong(password)) return fail('too_long');
    const cost = costOf(stored);
    const check = cost ? argon2Verify : checkOf(stored);
    if (!check) return this.verifyUnknown(password);
    const checked = await this.queue.run(() => check(stored, password));
    if (!checked.ok) return checked;
    return ok({ matches: checked.value, rehash: checked.value && !(cost && sameCost(cost, this.cost)) });
  }

  /** Does the work of a check and matches nothing, so that the time of an answer does not tell whether a user exists. */
  async verifyUnknown(password: string): Promise<Outcome<PasswordCheck, PasswordRefusal>> {
    if (isTooLong(password)) return fail('too_long');
    const dummy = await this.dummyHash();
    const checked = await this.queue.run(() => argon2Verify(dummy, password));
    return checked.ok ? ok(NO_MATCH) : checked;
  }

  /** Makes the hash that unknown users are checked against; called at start, it keeps the first unknown user from taking twice as long. */
  async warmUp(): Promise<void> {
    await this.dummyHash();
  }

  private dummyHash(): Promise<string> {
    return (this.dummy ??= argon2Hash('nobody has this password', this.cost));
  }
}

/** How a hash that came from elsewhere is checked; undefined for a text that is none. */
function checkOf(stored: string): ((stored: string, password: string) => Promise<boolean>) | undefined {
  if (isImportedHash(stored)) return importedVerify;
  return isPhcHash(stored) ? phcVerify : undefined;
}

/** One thread of the pool is left for signing, where there is more than one. */
function boundsOfMachine(): QueueBounds {
  const threads = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4);
  const running = Math.max(1, Math.min(availableParallelism(), threads - 1));
  return { running, waiting: running * WAITING_PER_CORE };
}

function isTooLong(password: string): boolean {
  return Buffer.byteLength(password) > LONGEST_BYTES;
}

function sameCost(one: Argon2Cost, other: Argon2Cost): boolean {
  return one.memory_kib === other.memory_kib && one.passes === other.passes && one.lanes === other.lanes;
}

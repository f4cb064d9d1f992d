import type { StoreHealth } from '../store-unavailable.js';

/** What is kept: a JSON object. It is copied on the way in and out; a Date, a class or an undefined does not survive. */
export type ItemValue = object;

/** A kept value and the version that a compare-and-set must name. Versions are opaque and never used twice. */
export interface Item<T> {
  value: T;
  version: string;
}

/** The answer of the one atomic step of single use. `mark` is what the first taker left. */
export type Taken<T> = { state: 'taken'; value: T } | { state: 'spent'; mark: string } | { state: 'missing' };

/** Time to live in seconds of the new value, and the version it may replace. */
export interface ReplaceOptions {
  version: string;
  ttl: number;
}

/** The mark that stays in place of a taken value, and for how many seconds. Without `spentTtl` nothing stays. */
export interface TakeOptions {
  spent?: string;
  spentTtl?: number;
}

/** A member of a deadline index. `dueAt` is in unix seconds; after a claim it is the end of the claim's lease. */
export interface Deadline {
  member: string;
  dueAt: number;
}

/** How many claims to make at a moment (`now`, unix seconds) and for how long they belong to the claimer (seconds). */
export interface ClaimOptions {
  now: number;
  limit: number;
  lease_s: number;
}

/**
 * Things that live for seconds or hours: sessions, sequences, codes, replay marks, brakes. A store belongs to one space
 * (a service), and no space sees another's keys. All times to live are in seconds, fractions allowed, at least a millisecond.
 *
 * Every verb is one atomic step, also against other processes. Operations that are not awaited one after the other have
 * no order among them. A value, a spent mark, a counter, an index and a deadline index of the same name do not meet,
 * but for values and spent marks, which share their key: a spent mark reads as absent, yet `putIfAbsent` finds the key in use.
 *
 * Every verb rejects with `StoreUnavailable` when the store gives no answer in time. The step may then have been done or not.
 */
export interface ItemStore {
  /**
   * The same store for who changes much on the way to one answer: a change is seen at once and acknowledged before it is kept. Whoever lets the
   * answer out waits for `settled`, once for all changes of its process, whichever of its stores they were made in. In Redis the server's own
   * settings say how soon any change is kept.
   */
  readonly relaxed: ItemStore;
  /** Resolves when all that was changed so far is kept, by the stores of all services in this process, relaxed or not. */
  settled(): Promise<void>;
  /** Keeps a value under a key, whatever was there, for `ttl_s` seconds. */
  put(key: string, value: ItemValue, ttl_s: number): Promise<void>;
  /** The value with its version, or nothing when there is none, when it is spent or when its time is over. */
  get<T extends ItemValue>(key: string): Promise<Item<T> | undefined>;
  /** What `get` gives for each of the keys, in their order; one question. */
  getMany<T extends ItemValue>(keys: readonly string[]): Promise<(Item<T> | undefined)[]>;
  /** Keeps a value only where neither a value nor a spent mark is; says whether it did. */
  putIfAbsent(key: string, value: ItemValue, ttl_s: number): Promise<boolean>;
  /** Compare-and-set: replaces the value only while it still has the version that was read; says whether it did. */
  replace(key: string, value: ItemValue, options: ReplaceOptions): Promise<boolean>;
  /** Removes a value and also a spent mark; says whether there was a value. */
  remove(key: string): Promise<boolean>;
  /**
   * Single use. Removes the value and leaves a spent mark in one step: of any number of parallel takers exactly one gets the
   * value, the others get the mark while it stays.
   */
  take<T extends ItemValue>(key: string, options?: TakeOptions): Promise<Taken<T>>;
  /**
   * Adds `by` (1) to a counter and gives the new count. The first one sets how long the counter lives; later ones do not prolong it. A crash may
   * forget the last counts.
   */
  incr(key: string, ttl_s: number, by?: number): Promise<number>;

  /** Puts a member in a set, for `ttl_s` seconds from now; adding it again renews its time. */
  addToIndex(index: string, member: string, ttl_s: number): Promise<void>;
  /** Takes a member out of a set. */
  removeFromIndex(index: string, member: string): Promise<void>;
  /** The members of a set whose time is not over, in no order. */
  membersOf(index: string): Promise<string[]>;

  /** Notes that a member is due at `dueAt` (unix seconds), in place of what was noted for it. */
  schedule(index: string, member: string, dueAt: number): Promise<void>;
  /** Forgets a member's deadline; with `dueAt` only while it is exactly that one. Says whether it was there. */
  unschedule(index: string, member: string, dueAt?: number): Promise<boolean>;
  /** The members that are due at `now` (unix seconds), earliest first, at most `limit`. Changes nothing. */
  due(index: string, now: number, limit: number): Promise<Deadline[]>;
  /**
   * Like `due`, and moves each to the end of a lease in the same step, so that of several sweepers only one gets it. Whoever
   * has done the work calls `unschedule(index, member, dueAt)` with the given `dueAt`, which does nothing where the member was
   * scheduled anew meanwhile; whoever dies leaves it to be claimed again.
   */
  claim(index: string, options: ClaimOptions): Promise<Deadline[]>;

  /**
   * A random name of this store's unbroken memory. It differs after the store began empty, and after anything that may have
   * lost acknowledged writes. What must not be used twice carries the epoch and is refused under another one.
   */
  epoch(): Promise<string>;
  /** Whether the store answers, and how long it took. Never rejects. */
  health(): Promise<StoreHealth>;
  /** Ends connections and timers that the store made itself. */
  close(): Promise<void>;
}

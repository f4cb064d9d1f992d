import { randomUUID } from 'node:crypto';
import { StoreUnavailable, type StoreHealth } from '../../store-unavailable.js';
import { checkCount, checkMoment, checkName, checkTtl, spentTtlOf } from '../check-arguments.js';
import type {
  ClaimOptions,
  Deadline,
  Item,
  ItemStore,
  ItemValue,
  ReplaceOptions,
  TakeOptions,
  Taken,
} from '../item-store.js';
import { nextVersion } from '../version.js';
import { lineOf, valueLine, type Change } from './change.js';
import type { Journal } from './journal.js';
import { MemoryItems } from './memory-items.js';

export interface MemoryItemStoreOptions {
  /** A clock, in unix milliseconds, so that a test can let time pass. */
  now_ms?: () => number;
  /** Where every change is kept before it is acknowledged. Without, a store lasts as long as its process. */
  journal?: Journal;
  /** What the store begins with. */
  items?: MemoryItems;
}

const done = Promise.resolve();

/** Of what is noted, nothing is waited for; while nothing can be kept, nothing is changed. */
const relaxedJournal = (journal: Journal): Journal => ({
  ...journal,
  note: async (line) => void journal.note(line),
});

/** An item store in this process. Each verb is one step of the event loop; a change is acknowledged when the journal has it. */
export class MemoryItemStore implements ItemStore {
  private readonly items: MemoryItems;
  private readonly journal: Journal | undefined;
  private readonly now_ms: () => number;
  private readonly epochName = randomUUID();
  private relaxedView: MemoryItemStore | undefined;

  constructor(options: MemoryItemStoreOptions = {}) {
    this.now_ms = options.now_ms ?? Date.now;
    this.items = options.items ?? new MemoryItems();
    this.journal = options.journal;
  }

  get relaxed(): ItemStore {
    const { items, journal, now_ms } = this;
    if (!journal) return this;
    return (this.relaxedView ??= new MemoryItemStore({ items, now_ms, journal: relaxedJournal(journal) }));
  }

  settled(): Promise<void> {
    return this.journal?.settled() ?? done;
  }

  async put(key: string, value: ItemValue, ttl_s: number): Promise<void> {
    const until_ms = this.until(ttl_s);
    checkName(key);
    this.journal?.check();
    await this.keep(key, value, until_ms);
  }

  async get<T extends ItemValue>(key: string): Promise<Item<T> | undefined> {
    return this.read<T>(key);
  }

  async getMany<T extends ItemValue>(keys: readonly string[]): Promise<(Item<T> | undefined)[]> {
    return keys.map((key) => this.read<T>(key));
  }

  async putIfAbsent(key: string, value: ItemValue, ttl_s: number): Promise<boolean> {
    const until_ms = this.until(ttl_s);
    this.journal?.check();
    if (this.items.item(checkName(key), this.now_ms())) return false;
    await this.keep(key, value, until_ms);
    return true;
  }

  async replace(key: string, value: ItemValue, { version, ttl }: ReplaceOptions): Promise<boolean> {
    const until_ms = this.until(ttl);
    this.journal?.check();
    const kept = this.items.item(checkName(key), this.now_ms());
    if (kept?.json === undefined || kept.version !== version) return false;
    await this.keep(key, value, until_ms);
    return true;
  }

  async remove(key: string): Promise<boolean> {
    this.journal?.check();
    const kept = this.items.item(checkName(key), this.now_ms());
    if (kept) await this.change(['gone', key]);
    return kept?.json !== undefined;
  }

  async take<T extends ItemValue>(key: string, options: TakeOptions = {}): Promise<Taken<T>> {
    const ttl_s = spentTtlOf(options);
    const mark = options.spent ? checkName(options.spent) : '';
    this.journal?.check();
    const kept = this.items.item(checkName(key), this.now_ms());
    if (!kept) return { state: 'missing' };
    if (kept.json === undefined) {
      // Nobody hears of the taking before the taker.
      await this.settled();
      return { state: 'spent', mark: kept.mark ?? '' };
    }
    const { json } = kept;
    await this.change(ttl_s === undefined ? ['gone', key] : ['spent', key, nextVersion(), this.until(ttl_s), mark]);
    return { state: 'taken', value: JSON.parse(json) as T };
  }

  async incr(key: string, ttl_s: number, by = 1): Promise<number> {
    const until_ms = this.until(ttl_s);
    checkCount(by);
    this.journal?.check();
    const counter = this.items.counter(checkName(key), this.now_ms()) ?? { count: 0, until_ms };
    const count = counter.count + by;
    // Counts hold somebody back: that begins at once, and is worth more than the last of them after a crash.
    void this.change(['count', key, count, counter.until_ms]);
    return count;
  }

  async addToIndex(index: string, member: string, ttl_s: number): Promise<void> {
    const until_ms = this.until(ttl_s);
    this.journal?.check();
    await this.change(['member', checkName(index), checkName(member), until_ms]);
  }

  async removeFromIndex(index: string, member: string): Promise<void> {
    this.journal?.check();
    if (this.items.hasMember(checkName(index), checkName(member))) await this.change(['no member', index, member]);
  }

  async membersOf(index: string): Promise<string[]> {
    return this.items.members(checkName(index), this.now_ms());
  }

  async schedule(index: string, member: string, dueAt: number): Promise<void> {
    this.journal?.check();
    await this.change(['due', checkName(index), checkName(member), checkMoment(dueAt)]);
  }

  async unschedule(index: string, member: string, dueAt?: number): Promise<boolean> {
    this.journal?.check();
    const noted = this.items.deadline(checkName(index), checkName(member));
    if (noted === undefined || (dueAt !== undefined && noted !== dueAt)) return false;
    await this.change(['not due', index, member]);
    return true;
  }

  async due(index: string, now: number, limit: number): Promise<Deadline[]> {
    return this.items.due(checkName(index), now, limit);
  }

  async claim(index: string, { now, limit, lease_s }: ClaimOptions): Promise<Deadline[]> {
    const dueAt = checkMoment(now + lease_s);
    this.journal?.check();
    const claimed = this.items.due(checkName(index), now, limit).map(({ member }) => ({ member, dueAt }));
    await Promise.all(claimed.map(({ member }) => this.change(['due', index, member, dueAt])));
    return claimed;
  }

  async epoch(): Promise<string> {
    return this.journal?.epoch() ?? this.epochName;
  }

  async health(): Promise<StoreHealth> {
    return this.journal?.health() ?? { up: true, took_ms: 0 };
  }

  async close(): Promise<void> {}

  private read<T extends ItemValue>(key: string): Item<T> | undefined {
    const kept = this.items.item(checkName(key), this.now_ms());
    return kept?.json === undefined ? undefined : { value: JSON.parse(kept.json) as T, version: kept.version };
  }

  /** Memory and journal change in the same step, so that both have the same order. */
  private keep(key: string, value: ItemValue, until_ms: number): Promise<void> {
    const now_ms = this.now_ms();
    if (this.items.isFull(now_ms)) throw new StoreUnavailable('memory', 'as much is kept as may be');
    const kept = { json: JSON.stringify(value), version: nextVersion(), until_ms };
    this.items.keep(key, kept, now_ms);
    return this.journal?.note(valueLine(key, kept.version, until_ms, kept.json)) ?? done;
  }

  private change(change: Exclude<Change, readonly ['value', ...unknown[]]>): Promise<void> {
    this.items.apply(change, this.now_ms());
    return this.journal?.note(lineOf(change)) ?? done;
  }

  private until(ttl_s: number): number {
    return this.now_ms() + checkTtl(ttl_s) * 1000;
  }
}

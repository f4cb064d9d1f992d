import { randomUUID } from 'node:crypto';
import type { StoreHealth } from '../store-unavailable.js';
import { checkCount, checkMoment, checkName, checkTtl, spentTtlOf } from './check-arguments.js';
import type {
  ClaimOptions,
  Deadline,
  Item,
  ItemStore,
  ItemValue,
  ReplaceOptions,
  TakeOptions,
  Taken,
} from './item-store.js';
import { nextVersion } from './version.js';

interface Kept {
  json?: string;
  mark?: string;
  version: string;
  until_ms: number;
}

interface Counter {
  count: number;
  until_ms: number;
}

/** A clock may be given, in unix milliseconds, so that a test can let time pass. */
export interface MemoryItemStoreOptions {
  now_ms?: () => number;
}

/** Expired things are thrown out when a map has doubled since the last time. */
const SMALLEST_SWEEP = 1024;

/** An item store in this process, for tests and for things that need not outlive it. What is expired costs memory until the next sweep. */
export class MemoryItemStore implements ItemStore {
  private readonly items = new Map<string, Kept>();
  private readonly counters = new Map<string, Counter>();
  private readonly indexes = new Map<string, Map<string, number>>();
  private readonly deadlines = new Map<string, Map<string, number>>();
  private readonly epochName = randomUUID();
  private readonly now_ms: () => number;
  private sweepAt = SMALLEST_SWEEP;

  constructor(options: MemoryItemStoreOptions = {}) {
    this.now_ms = options.now_ms ?? Date.now;
  }

  async put(key: string, value: ItemValue, ttl_s: number): Promise<void> {
    this.keep(key, value, ttl_s);
  }

  async get<T extends ItemValue>(key: string): Promise<Item<T> | undefined> {
    const kept = this.alive(key);
    return kept?.json === undefined ? undefined : { value: JSON.parse(kept.json) as T, version: kept.version };
  }

  async putIfAbsent(key: string, value: ItemValue, ttl_s: number): Promise<boolean> {
    checkTtl(ttl_s);
    if (this.alive(key)) return false;
    this.keep(key, value, ttl_s);
    return true;
  }

  async replace(key: string, value: ItemValue, { version, ttl }: ReplaceOptions): Promise<boolean> {
    checkTtl(ttl);
    const kept = this.alive(key);
    if (kept?.json === undefined || kept.version !== version) return false;
    this.keep(key, value, ttl);
    return true;
  }

  async remove(key: string): Promise<boolean> {
    const had = this.alive(key)?.json !== undefined;
    this.items.delete(key);
    return had;
  }

  async take<T extends ItemValue>(key: string, options: TakeOptions = {}): Promise<Taken<T>> {
    const ttl_s = spentTtlOf(options);
    const kept = this.alive(key);
    if (!kept) return { state: 'missing' };
    if (kept.json === undefined) return { state: 'spent', mark: kept.mark ?? '' };
    if (ttl_s === undefined) this.items.delete(key);
    else this.items.set(key, { mark: options.spent ?? '', version: nextVersion(), until_ms: this.until(ttl_s) });
    return { state: 'taken', value: JSON.parse(kept.json) as T };
  }

  async incr(key: string, ttl_s: number, by = 1): Promise<number> {
    checkTtl(ttl_s);
    const found = this.counters.get(checkName(key));
    const counter = found && found.until_ms > this.now_ms() ? found : { count: 0, until_ms: this.until(ttl_s) };
    counter.count += checkCount(by);
    this.counters.set(key, counter);
    this.sweepWhenLarge();
    return counter.count;
  }

  async addToIndex(index: string, member: string, ttl_s: number): Promise<void> {
    checkTtl(ttl_s);
    mapIn(this.indexes, index).set(checkName(member), this.until(ttl_s));
    this.sweepWhenLarge();
  }

  async removeFromIndex(index: string, member: string): Promise<void> {
    removeFrom(this.indexes, index, member);
  }

  async membersOf(index: string): Promise<string[]> {
    const now = this.now_ms();
    return [...(this.indexes.get(index) ?? [])].filter(([, until]) => until > now).map(([member]) => member);
  }

  async schedule(index: string, member: string, dueAt: number): Promise<void> {
    mapIn(this.deadlines, index).set(checkName(member), checkMoment(dueAt));
  }

  async unschedule(index: string, member: string, dueAt?: number): Promise<boolean> {
    const noted = this.deadlines.get(index)?.get(member);
    if (noted === undefined || (dueAt !== undefined && noted !== dueAt)) return false;
    return removeFrom(this.deadlines, index, member);
  }

  async due(index: string, now: number, limit: number): Promise<Deadline[]> {
    return this.dueNow(index, now, limit);
  }

  async claim(index: string, { now, limit, lease_s }: ClaimOptions): Promise<Deadline[]> {
    const claimed = this.dueNow(index, now, limit).map(({ member }) => ({ member, dueAt: now + lease_s }));
    for (const { member, dueAt } of claimed) mapIn(this.deadlines, index).set(member, dueAt);
    return claimed;
  }

  async epoch(): Promise<string> {
    return this.epochName;
  }

  async health(): Promise<StoreHealth> {
    return { up: true, took_ms: 0 };
  }

  async close(): Promise<void> {}

  private dueNow(index: string, now: number, limit: number): Deadline[] {
    return [...(this.deadlines.get(index) ?? [])]
      .map(([member, dueAt]) => ({ member, dueAt }))
      .filter(({ dueAt }) => dueAt <= now)
      .sort((a, b) => a.dueAt - b.dueAt)
      .slice(0, limit);
  }

  private keep(key: string, value: ItemValue, ttl_s: number): void {
    checkTtl(ttl_s);
    this.items.set(checkName(key), {
      json: JSON.stringify(value),
      version: nextVersion(),
      until_ms: this.until(ttl_s),
    });
    this.sweepWhenLarge();
  }

  private alive(key: string): Kept | undefined {
    const kept = this.items.get(checkName(key));
    if (!kept || kept.until_ms > this.now_ms()) return kept;
    this.items.delete(key);
    return undefined;
  }

  private until(ttl_s: number): number {
    return this.now_ms() + ttl_s * 1000;
  }

  private sweepWhenLarge(): void {
    if (this.items.size + this.counters.size + this.indexes.size < this.sweepAt) return;
    const now = this.now_ms();
    for (const [key, { until_ms }] of this.items) if (until_ms <= now) this.items.delete(key);
    for (const [key, { until_ms }] of this.counters) if (until_ms <= now) this.counters.delete(key);
    for (const [index, members] of this.indexes) {
      for (const [member, until] of members) if (until <= now) members.delete(member);
      if (members.size === 0) this.indexes.delete(index);
    }
    this.sweepAt = Math.max(SMALLEST_SWEEP, 2 * (this.items.size + this.counters.size + this.indexes.size));
  }
}

function mapIn(maps: Map<string, Map<string, number>>, name: string): Map<string, number> {
  const found = maps.get(checkName(name)) ?? new Map<string, number>();
  maps.set(name, found);
  return found;
}

function removeFrom(maps: Map<string, Map<string, number>>, name: string, member: string): boolean {
  const map = maps.get(name);
  const had = map?.delete(member) ?? false;
  if (map?.size === 0) maps.delete(name);
  return had;
}

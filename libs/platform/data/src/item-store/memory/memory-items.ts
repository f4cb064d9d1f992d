import type { Deadline } from '../item-store.js';
import { lineOf, valueLine, type Change } from './change.js';

/** A value as JSON, or the mark that stands where one was. */
export interface Kept {
  readonly json?: string;
  readonly mark?: string;
  readonly version: string;
  readonly until_ms: number;
}

interface Counter {
  readonly count: number;
  readonly until_ms: number;
}

/** What a thing costs beside its texts, about. */
const OVERHEAD = 200;

const weightOf = (key: string, { json, mark }: Kept): number => key.length + (json ?? mark ?? '').length + OVERHEAD;

/** Expired things are thrown out when the maps have doubled since the last time. */
const SMALLEST_SWEEP = 1024;

/** How the things of an item store stand. What is expired costs memory until the next sweep, and is seen by nobody. */
export class MemoryItems {
  private readonly items = new Map<string, Kept>();
  private readonly counters = new Map<string, Counter>();
  private readonly indexes = new Map<string, Map<string, number>>();
  private readonly deadlines = new Map<string, Map<string, number>>();
  private sweepAt = SMALLEST_SWEEP;
  private itemsWeigh = 0;
  private sweepFullAt_ms = 0;

  /** @param mostWeight bytes that values may take, about; unsaid, any number */
  constructor(private readonly mostWeight = Number.POSITIVE_INFINITY) {}

  /** Whether no further value should be taken. What is expired makes room first. */
  isFull(now_ms: number): boolean {
    if (this.itemsWeigh < this.mostWeight) return false;
    // At most once a second: looking at everything for each of a flood would be a flood of its own.
    if (now_ms >= this.sweepFullAt_ms) {
      this.sweepFullAt_ms = now_ms + 1000;
      this.sweep(now_ms);
    }
    return this.itemsWeigh >= this.mostWeight;
  }

  /** How many things are held, expired ones included. */
  get size(): number {
    return this.items.size + this.counters.size + this.indexes.size;
  }

  item(key: string, now_ms: number): Kept | undefined {
    const kept = this.items.get(key);
    return kept && kept.until_ms > now_ms ? kept : undefined;
  }

  counter(key: string, now_ms: number): Counter | undefined {
    const counter = this.counters.get(key);
    return counter && counter.until_ms > now_ms ? counter : undefined;
  }

  hasMember(index: string, member: string): boolean {
    return this.indexes.get(index)?.has(member) ?? false;
  }

  members(index: string, now_ms: number): string[] {
    const found: string[] = [];
    for (const [member, until_ms] of this.indexes.get(index) ?? []) if (until_ms > now_ms) found.push(member);
    return found;
  }

  deadline(index: string, member: string): number | undefined {
    return this.deadlines.get(index)?.get(member);
  }

  /** What is due at `now` (unix seconds), earliest first. */
  due(index: string, now: number, limit: number): Deadline[] {
    const found: Deadline[] = [];
    for (const [member, dueAt] of this.deadlines.get(index) ?? []) if (dueAt <= now) found.push({ member, dueAt });
    return found.sort((a, b) => a.dueAt - b.dueAt).slice(0, limit);
  }

  keep(key: string, kept: Kept, now_ms: number): void {
    const before = this.items.get(key);
    this.itemsWeigh += weightOf(key, kept) - (before ? weightOf(key, before) : 0);
    this.items.set(key, kept);
    if (this.size >= this.sweepAt) this.sweep(now_ms);
  }

  apply(change: Change, now_ms: number): void {
    switch (change[0]) {
      case 'value':
        return this.keep(
          change[1],
          { json: JSON.stringify(change[4]), version: change[2], until_ms: change[3] },
          now_ms,
        );
      case 'spent':
        return this.keep(change[1], { mark: change[4], version: change[2], until_ms: change[3] }, now_ms);
      case 'gone':
        return this.drop(change[1]);
      case 'count':
        this.counters.set(change[1], { count: change[2], until_ms: change[3] });
        break;
      case 'member':
        mapIn(this.indexes, change[1]).set(change[2], change[3]);
        break;
      case 'no member':
        return removeFrom(this.indexes, change[1], change[2]);
      case 'due':
        return void mapIn(this.deadlines, change[1]).set(change[2], change[3]);
      case 'not due':
        return removeFrom(this.deadlines, change[1], change[2]);
    }
    if (this.size >= this.sweepAt) this.sweep(now_ms);
  }

  /** A line for everything that is not over; together they make the same state anew. May be read while things change. */
  *lines(now_ms: number): Generator<string> {
    for (const [key, { json, mark, version, until_ms }] of this.items)
      if (until_ms <= now_ms) continue;
      else if (json !== undefined) yield valueLine(key, version, until_ms, json);
      else yield lineOf(['spent', key, version, until_ms, mark ?? '']);
    for (const [key, { count, until_ms }] of this.counters)
      if (until_ms > now_ms) yield lineOf(['count', key, count, until_ms]);
    for (const [index, members] of this.indexes)
      for (const [member, until_ms] of members)
        if (until_ms > now_ms) yield lineOf(['member', index, member, until_ms]);
    for (const [index, members] of this.deadlines)
      for (const [member, dueAt] of members) yield lineOf(['due', index, member, dueAt]);
  }

  private drop(key: string): void {
    const kept = this.items.get(key);
    if (!kept) return;
    this.itemsWeigh -= weightOf(key, kept);
    this.items.delete(key);
  }

  private sweep(now_ms: number): void {
    for (const [key, { until_ms }] of this.items) if (until_ms <= now_ms) this.drop(key);
    for (const [key, { until_ms }] of this.counters) if (until_ms <= now_ms) this.counters.delete(key);
    for (const [index, members] of this.indexes) {
      for (const [member, until_ms] of members) if (until_ms <= now_ms) members.delete(member);
      if (members.size === 0) this.indexes.delete(index);
    }
    this.sweepAt = Math.max(SMALLEST_SWEEP, 2 * this.size);
  }
}

function mapIn(maps: Map<string, Map<string, number>>, name: string): Map<string, number> {
  const found = maps.get(name) ?? new Map<string, number>();
  maps.set(name, found);
  return found;
}

function removeFrom(maps: Map<string, Map<string, number>>, name: string, member: string): void {
  const map = maps.get(name);
  map?.delete(member);
  if (map?.size === 0) maps.delete(name);
}

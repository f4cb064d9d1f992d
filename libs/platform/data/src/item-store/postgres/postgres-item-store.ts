import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import { openPool } from '../../postgres/connections.js';
import { asStoreError } from '../../postgres/store-fault.js';
import type { StoreHealth } from '../../store-unavailable.js';
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
import { ask, counterBatch, deadlineBatches, itemBatches, memberBatches, writeBatch } from './item-batches.js';
import { ExpirySweep, makeItemTables } from './item-tables.js';

export interface PostgresItemStoreOptions {
  url: string;
  /** The service's name and its schema. */
  space: string;
  /** The most connections at once (4). */
  size?: number;
  /**
   * Whether an acknowledged step is on the disk (true). Without, a crash of the database server, not of this process, may forget the last
   * half second; the epoch then changes.
   */
  durable?: boolean;
  /** Seconds between two beats of the sweep (10). */
  sweep_s?: number;
}

/** The statements are small look-ups by key: any other plan than through the index would be made for an empty table and kept for a full one. */
const PLAN = [
  'enable_seqscan=off',
  'enable_hashjoin=off',
  'enable_mergejoin=off',
  'plan_cache_mode=force_generic_plan',
  'jit=off',
];

/**
 * Opens an item store in a schema of Postgres, making its tables where they are missing.
 * @throws StoreUnavailable
 */
export async function openPostgresItemStore(options: PostgresItemStoreOptions): Promise<ItemStore> {
  const { url, space, size = 4, durable = true, sweep_s = 10 } = options;
  const settings = [...PLAN, ...(durable ? [] : ['synchronous_commit=off'])].map((each) => `-c ${each}`).join(' ');
  const pool = openPool({ url, schema: space, size, name: `corsac-${space}-items`, settings });
  try {
    await makeItemTables(pool, space);
  } catch (error) {
    await pool.end();
    throw asStoreError(error);
  }
  return new PostgresItemStore(pool, sweep_s);
}

class PostgresItemStore implements ItemStore {
  private readonly writes: ReturnType<typeof writeBatch>;
  private readonly items: ReturnType<typeof itemBatches>;
  private readonly counter: ReturnType<typeof counterBatch>;
  private readonly members: ReturnType<typeof memberBatches>;
  private readonly deadlines: ReturnType<typeof deadlineBatches>;
  private readonly sweeping: NodeJS.Timeout;
  private epochRead?: Promise<string>;

  constructor(
    private readonly pool: Pool,
    sweep_s: number,
  ) {
    this.writes = writeBatch(pool);
    this.items = itemBatches(pool);
    this.counter = counterBatch(pool);
    this.members = memberBatches(pool);
    this.deadlines = deadlineBatches(pool);
    const sweep = new ExpirySweep(pool);
    this.sweeping = setInterval(() => void sweep.beat().catch(() => undefined), sweep_s * 1000).unref();
    // Whoever restarts or replaces the server ends its connections: only then the epoch may have become another.
    pool.on('remove', () => (this.epochRead = undefined));
  }

  async put(key: string, value: ItemValue, ttl_s: number): Promise<void> {
    await answer(this.writes.add({ kind: 'item', ...newItem(key, value, ttl_s) }));
  }

  async get<T extends ItemValue>(key: string): Promise<Item<T> | undefined> {
    const found = await answer(this.items.get.add(checkName(key)));
    return found && { value: JSON.parse(found.json) as T, version: found.version };
  }

  async putIfAbsent(key: string, value: ItemValue, ttl_s: number): Promise<boolean> {
    return answer(this.items.putIfAbsent.add(newItem(key, value, ttl_s)));
  }

  async replace(key: string, value: ItemValue, { version, ttl }: ReplaceOptions): Promise<boolean> {
    return answer(this.items.replace.add({ ...newItem(key, value, ttl), expected: checkName(version) }));
  }

  async remove(key: string): Promise<boolean> {
    return answer(this.items.remove.add({ key: checkName(key) }));
  }

  async take<T extends ItemValue>(key: string, options: TakeOptions = {}): Promise<Taken<T>> {
    const ttl = spentTtlOf(options);
    const spent = options.spent === undefined || options.spent === '' ? '' : checkName(options.spent);
    const taken = await answer(this.items.take.add({ key: checkName(key), spent, ttl }));
    return taken.state === 'taken' ? { state: 'taken', value: JSON.parse(taken.value) as T } : taken;
  }

  async incr(key: string, ttl_s: number, by = 1): Promise<number> {
    return answer(this.counter.add({ key: checkName(key), ttl: checkTtl(ttl_s), by: checkCount(by) }));
  }

  async addToIndex(index: string, member: string, ttl_s: number): Promise<void> {
    const found = { index: checkName(index), member: checkName(member) };
    await answer(this.writes.add({ kind: 'member', ...found, ttl: checkTtl(ttl_s) }));
  }

  async removeFromIndex(index: string, member: string): Promise<void> {
    await answer(this.members.removeFromIndex.add({ index: checkName(index), member: checkName(member) }));
  }

  async membersOf(index: string): Promise<string[]> {
    return answer(this.members.membersOf.add(checkName(index)));
  }

  async schedule(index: string, member: string, dueAt: number): Promise<void> {
    const found = { index: checkName(index), member: checkName(member) };
    await answer(this.writes.add({ kind: 'deadline', ...found, dueAt: checkMoment(dueAt) }));
  }

  async unschedule(index: string, member: string, dueAt?: number): Promise<boolean> {
    return answer(this.deadlines.unschedule.add({ index: checkName(index), member: checkName(member), dueAt }));
  }

  async due(index: string, now: number, limit: number): Promise<Deadline[]> {
    const rows = await answer(
      ask<{ member: string; due_at: number }>(this.pool, 'due', [checkName(index), now, limit]),
    );
    return rows.map(({ member, due_at }) => ({ member, dueAt: due_at }));
  }

  async claim(index: string, { now, limit, lease_s }: ClaimOptions): Promise<Deadline[]> {
    const dueAt = checkMoment(now + lease_s);
    const values = [checkName(index), now, limit, dueAt];
    const rows = await answer(ask<{ member: string; was: number }>(this.pool, 'claim', values));
    return rows.sort((a, b) => a.was - b.was).map(({ member }) => ({ member, dueAt }));
  }

  async epoch(): Promise<string> {
    this.epochRead ??= this.readEpoch();
    return answer(this.epochRead);
  }

  async health(): Promise<StoreHealth> {
    const began = performance.now();
    try {
      await this.pool.query('select 1');
      return { up: true, took_ms: performance.now() - began };
    } catch (error) {
      return { up: false, reason: (error as Error).message };
    }
  }

  async close(): Promise<void> {
    clearInterval(this.sweeping);
    if (!this.pool.ended) await this.pool.end();
  }

  private async readEpoch(): Promise<string> {
    try {
      const [row] = await ask<{ epoch: string; timeline: string; started: string }>(this.pool, 'epoch', []);
      if (!row) throw new Error('the item store has lost its epoch');
      return createHash('sha256').update(JSON.stringify(row)).digest('base64url').slice(0, 16);
    } catch (error) {
      this.epochRead = undefined;
      throw error;
    }
  }
}

async function answer<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    throw asStoreError(error);
  }
}

function newItem(key: string, value: ItemValue, ttl_s: number): { key: string; json: string; ttl: number } {
  return { key: checkName(key), json: JSON.stringify(value), ttl: checkTtl(ttl_s) };
}

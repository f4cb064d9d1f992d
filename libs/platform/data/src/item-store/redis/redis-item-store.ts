import { hash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
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
import { RedisLink } from './redis-link.js';

export interface RedisItemStoreOptions {
  url: string;
  /** The service's name; all its keys begin with it. */
  space: string;
  /** For how many seconds to wait for a server that is not there yet at start (30). */
  patience_s?: number;
}

/**
 * Opens an item store on Redis 6.2 or newer.
 * @throws StoreUnavailable when the server does not answer in `patience_s`
 * @throws Error with the mend when the server may evict keys: a session or a replay mark must not vanish before its time
 */
export async function openRedisItemStore(options: RedisItemStoreOptions): Promise<ItemStore> {
  const { url, space, patience_s = 30 } = options;
  const link = new RedisLink(url, `corsac-${checkName(space)}`);
  const until = performance.now() + patience_s * 1000;
  for (;;) {
    try {
      const { evicts } = await link.currentServer();
      if (evicts === undefined) return new RedisItemStore(link, space);
      throw new Error(`Redis evicts keys (maxmemory-policy ${evicts}): set maxmemory-policy noeviction`);
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || performance.now() > until) {
        link.close();
        throw error;
      }
      await sleep(100);
    }
  }
}

class RedisItemStore implements ItemStore {
  readonly relaxed = this;

  private epochOf?: { runId: string; epoch: string };

  constructor(
    private readonly link: RedisLink,
    private readonly space: string,
  ) {}

  async settled(): Promise<void> {}

  async put(key: string, value: ItemValue, ttl_s: number): Promise<void> {
    const [name, item, PX] = [this.item(key), encode(value), milliseconds(ttl_s)];
    await this.link.run((redis) => redis.set(name, item, { expiration: { type: 'PX', value: PX } }));
  }

  async get<T extends ItemValue>(key: string): Promise<Item<T> | undefined> {
    const name = this.item(key);
    return itemOf<T>(await this.link.run((redis) => redis.get(name)));
  }

  async getMany<T extends ItemValue>(keys: readonly string[]): Promise<(Item<T> | undefined)[]> {
    if (keys.length === 0) return [];
    const names = keys.map((key) => this.item(key));
    return (await this.link.run((redis) => redis.mGet(names))).map((held) => itemOf<T>(held));
  }

  async putIfAbsent(key: string, value: ItemValue, ttl_s: number): Promise<boolean> {
    const [name, item, PX] = [this.item(key), encode(value), milliseconds(ttl_s)];
    const set = await this.link.run((redis) =>
      redis.set(name, item, { expiration: { type: 'PX', value: PX }, condition: 'NX' }),
    );
    return set !== null;
  }

  async replace(key: string, value: ItemValue, { version, ttl }: ReplaceOptions): Promise<boolean> {
    const args = [`I${checkName(version)} `, encode(value), String(milliseconds(ttl))];
    const name = this.item(key);
    return (await this.link.run((redis) => redis.corsacReplace(name, ...args))) === 1;
  }

  async remove(key: string): Promise<boolean> {
    const name = this.item(key);
    return (await this.link.run((redis) => redis.getDel(name)))?.startsWith('I') ?? false;
  }

  async take<T extends ItemValue>(key: string, options: TakeOptions = {}): Promise<Taken<T>> {
    const ttl = spentTtlOf(options);
    const spent = options.spent === undefined || options.spent === '' ? '' : checkName(options.spent);
    const args = [`S${spent}`, ttl === undefined ? '' : String(milliseconds(ttl))];
    const name = this.item(key);
    const held = await this.link.run((redis) => redis.corsacTake(name, ...args));
    if (held === null) return { state: 'missing' };
    if (held.startsWith('S')) return { state: 'spent', mark: held.slice(1) };
    return { state: 'taken', value: JSON.parse(held.slice(held.indexOf(' ') + 1)) as T };
  }

  async incr(key: string, ttl_s: number, by = 1): Promise<number> {
    const [name, args] = [this.name('n', key), [String(checkCount(by)), String(milliseconds(ttl_s))]];
    return this.link.run((redis) => redis.corsacIncr(name, ...args));
  }

  async addToIndex(index: string, member: string, ttl_s: number): Promise<void> {
    const [name, args] = [this.name('m', index), [checkName(member), String(milliseconds(ttl_s))]];
    await this.link.run((redis) => redis.corsacAdd(name, ...args));
  }

  async removeFromIndex(index: string, member: string): Promise<void> {
    const name = this.name('m', index);
    checkName(member);
    await this.link.run((redis) => redis.zRem(name, member));
  }

  async membersOf(index: string): Promise<string[]> {
    const name = this.name('m', index);
    return this.link.run((redis) => redis.corsacMembers(name));
  }

  async schedule(index: string, member: string, dueAt: number): Promise<void> {
    const [name, score] = [this.name('d', index), checkMoment(dueAt)];
    checkName(member);
    await this.link.run((redis) => redis.zAdd(name, { value: member, score }));
  }

  async unschedule(index: string, member: string, dueAt?: number): Promise<boolean> {
    const [name, args] = [this.name('d', index), [checkName(member), dueAt === undefined ? '' : String(dueAt)]];
    return (await this.link.run((redis) => redis.corsacUnschedule(name, ...args))) === 1;
  }

  async due(index: string, now: number, limit: number): Promise<Deadline[]> {
    const name = this.name('d', index);
    const LIMIT = { offset: 0, count: limit };
    const ready = await this.link.run((redis) =>
      redis.zRangeByScoreWithScores(name, '-inf', checkMoment(now), { LIMIT }),
    );
    return ready.map(({ value, score }) => ({ member: value, dueAt: score }));
  }

  async claim(index: string, { now, limit, lease_s }: ClaimOptions): Promise<Deadline[]> {
    const dueAt = checkMoment(now + lease_s);
    const [name, args] = [this.name('d', index), [String(checkMoment(now)), String(limit), String(dueAt)]];
    return (await this.link.run((redis) => redis.corsacClaim(name, ...args))).map((member) => ({ member, dueAt }));
  }

  /**
   * A random text that is written once, with the name of the running server process: a Redis that comes back empty has another text, and one that
   * comes back from its file, or a promoted replica, may lack the last writes and has another name.
   */
  async epoch(): Promise<string> {
    const { runId } = await this.link.currentServer();
    if (this.epochOf?.runId === runId) return this.epochOf.epoch;
    const name = `${this.space}:epoch`;
    await this.link.run((redis) => redis.set(name, randomUUID(), { condition: 'NX' }));
    const written = await this.link.run((redis) => redis.get(name));
    const epoch = hash('sha256', `${written} ${runId}`, 'base64url').slice(0, 16);
    this.epochOf = { runId, epoch };
    return epoch;
  }

  async health(): Promise<StoreHealth> {
    const began = performance.now();
    try {
      const { evicts } = await this.link.currentServer();
      if (evicts !== undefined) return { up: false, reason: `maxmemory-policy ${evicts}` };
      await this.link.run((redis) => redis.ping());
      return { up: true, took_ms: performance.now() - began };
    } catch (error) {
      return { up: false, reason: (error as Error).message };
    }
  }

  async close(): Promise<void> {
    this.link.close();
  }

  private item(key: string): string {
    return this.name('i', key);
  }

  private name(kind: 'i' | 'n' | 'm' | 'd', key: string): string {
    return `${this.space}:${kind}:${checkName(key)}`;
  }
}

/** What stands under a key as an item; nothing for a spent mark. */
function itemOf<T extends ItemValue>(held: string | null): Item<T> | undefined {
  if (!held?.startsWith('I')) return undefined;
  const end = held.indexOf(' ');
  return { value: JSON.parse(held.slice(end + 1)) as T, version: held.slice(1, end) };
}

function encode(value: ItemValue): string {
  return `I${nextVersion()} ${JSON.stringify(value)}`;
}

function milliseconds(ttl_s: number): number {
  return Math.max(1, Math.round(checkTtl(ttl_s) * 1000));
}

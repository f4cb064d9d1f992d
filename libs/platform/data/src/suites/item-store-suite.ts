import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ItemStore } from '../item-store/item-store.js';
import { deadlineIndexRules } from './deadline-index-rules.js';
import { memberIndexRules } from './member-index-rules.js';
import { singleUseRules } from './single-use-rules.js';

/** How the suite gets stores, and how it lets time pass: by waiting unless the adapter has a clock of its own. */
export interface ItemStoreFactory {
  /** A store of the space. A second one of the same space is another replica and sees the same things. */
  open(space: string): Promise<ItemStore>;
  pass?(seconds: number): Promise<void>;
}

/** What the rules work with. `replica` is of the same space as `store`, `neighbour` of another; `fresh` names a new key. */
export interface StoresUnderTest {
  store: ItemStore;
  replica: ItemStore;
  neighbour: ItemStore;
  pass(seconds: number): Promise<void>;
  fresh(): string;
}

/**
 * The rules that every adapter of the item store obeys.
 * @param name of the adapter, for the titles
 * @param factory called once, before the first test
 */
export function itemStoreSuite(name: string, factory: () => Promise<ItemStoreFactory>): void {
  describe(`item store: ${name}`, () => {
    const run = randomUUID().slice(0, 8);
    const stores = { fresh: () => `${run}:${randomUUID()}` } as StoresUnderTest;

    beforeAll(async () => {
      const made = await factory();
      stores.pass = made.pass?.bind(made) ?? ((seconds) => sleep(seconds * 1000));
      stores.store = await made.open('authorize');
      stores.replica = await made.open('authorize');
      stores.neighbour = await made.open('session');
    });

    afterAll(async () => {
      for (const store of [stores.store, stores.replica, stores.neighbour]) await store?.close();
    });

    describe('values', () => valueRules(stores));
    describe('compare-and-set', () => replaceRules(stores));
    describe('single use', () => singleUseRules(stores));
    describe('counters', () => counterRules(stores));
    describe('indexes', () => memberIndexRules(stores));
    describe('deadlines', () => deadlineIndexRules(stores));
    describe('the store itself', () => storeRules(stores));
  });
}

const awkward = {
  text: `quote " backslash \\ brace {} comma , newline \n null NULL é 漢 🦌 \u2028`,
  list: [1, -0.5, true, null, { deep: ['x'] }],
  empty: {},
};

function valueRules(stores: StoresUnderTest): void {
  it('gives back what was put', async () => {
    const key = stores.fresh();
    await stores.store.put(key, awkward, 60);
    expect((await stores.store.get(key))?.value).toEqual(awkward);
  });

  it('keeps a copy, so that a later change of the object is not seen', async () => {
    const [key, value] = [stores.fresh(), { seen: 1 }];
    await stores.store.put(key, value, 60);
    value.seen = 2;
    expect((await stores.store.get(key))?.value).toEqual({ seen: 1 });
  });

  it('gives many at once in the order in which they were asked, with their versions', async () => {
    const [here, spent, never] = [stores.fresh(), stores.fresh(), stores.fresh()];
    await stores.store.put(here, awkward, 60);
    await stores.store.put(spent, { n: 1 }, 60);
    await stores.store.take(spent, { spent: 'by', spentTtl: 60 });
    const found = await stores.replica.getMany([never, here, spent, here]);
    const item = await stores.store.get(here);
    expect(found).toEqual([undefined, item, undefined, item]);
    expect(await stores.store.getMany([])).toEqual([]);
  });

  it('gives nothing for a key that was never put', async () => {
    expect(await stores.store.get(stores.fresh())).toBeUndefined();
  });

  it('forgets a value when its time is over', async () => {
    const key = stores.fresh();
    await stores.store.put(key, {}, 0.15);
    expect(await stores.store.get(key)).toBeDefined();
    await stores.pass(0.3);
    expect(await stores.store.get(key)).toBeUndefined();
    expect(await stores.store.putIfAbsent(key, { again: true }, 60)).toBe(true);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses to live for %d seconds', async (ttl) => {
    await expect(stores.store.put(stores.fresh(), {}, ttl)).rejects.toThrow(RangeError);
    await expect(stores.store.putIfAbsent(stores.fresh(), {}, ttl)).rejects.toThrow(RangeError);
    await expect(stores.store.incr(stores.fresh(), ttl)).rejects.toThrow(RangeError);
    await expect(stores.store.addToIndex(stores.fresh(), 'm', ttl)).rejects.toThrow(RangeError);
  });

  const parts = ['a b', 'ä{x}:1', `a'b"c\\d`, 'null', 'tenant/track/party(up)', 'x'.repeat(900)];
  it.each(parts.map((part) => ({ part, title: part.slice(0, 30) })))('takes $title in a key', async ({ part }) => {
    const key = stores.fresh() + part;
    await stores.store.put(key, { part }, 60);
    expect((await stores.store.get(key))?.value).toEqual({ part });
    expect(await stores.store.get(`${key}x`)).toBeUndefined();
  });

  it.each(['', 'a\0b', 'half \ud800 surrogate', 'x'.repeat(1025), 'é'.repeat(600)])(
    'refuses the key %#',
    async (key) => {
      const { store } = stores;
      await expect(store.put(key, {}, 60)).rejects.toThrow(RangeError);
      await expect(store.get(key)).rejects.toThrow(RangeError);
      await expect(store.take(key)).rejects.toThrow(RangeError);
      await expect(store.incr(key, 60)).rejects.toThrow(RangeError);
      await expect(store.addToIndex(stores.fresh(), key, 60)).rejects.toThrow(RangeError);
      await expect(store.schedule(key, 'm', 1)).rejects.toThrow(RangeError);
    },
  );

  it('holds a value of 100 kB', async () => {
    const [key, value] = [stores.fresh(), { long: 'x'.repeat(100_000) }];
    await stores.store.put(key, value, 60);
    expect((await stores.store.get(key))?.value).toEqual(value);
  });

  it('does not show a space the keys of another', async () => {
    const key = stores.fresh();
    await stores.store.put(key, { mine: true }, 60);
    expect(await stores.neighbour.get(key)).toBeUndefined();
    expect(await stores.neighbour.take(key, { spent: 'x', spentTtl: 60 })).toEqual({ state: 'missing' });
    expect(await stores.neighbour.remove(key)).toBe(false);
    expect(await stores.neighbour.putIfAbsent(key, { theirs: true }, 60)).toBe(true);
    expect((await stores.store.get(key))?.value).toEqual({ mine: true });
  });

  it('keeps a value only once when many put it if absent', async () => {
    const key = stores.fresh();
    const puts = [stores.store, stores.replica].flatMap((store, s) =>
      Array.from({ length: 10 }, (_, i) => store.putIfAbsent(key, { s, i }, 60)),
    );
    const won = (await Promise.all(puts)).flatMap((did, at) => (did ? [at] : []));
    expect(won).toHaveLength(1);
    expect((await stores.store.get(key))?.value).toEqual({ s: Math.floor(won[0]! / 10), i: won[0]! % 10 });
  });

  it('says of one removal only that there was a value', async () => {
    const key = stores.fresh();
    await stores.store.put(key, {}, 60);
    const removed = await Promise.all([stores.store.remove(key), stores.replica.remove(key), stores.store.remove(key)]);
    expect(removed.filter(Boolean)).toHaveLength(1);
    expect(await stores.store.get(key)).toBeUndefined();
  });

  it('keeps one of the values when the same key is put twice at once', async () => {
    const key = stores.fresh();
    await Promise.all([1, 2, 3].map((n) => stores.store.put(key, { n }, 60)));
    expect([1, 2, 3]).toContain((await stores.store.get<{ n: number }>(key))?.value.n);
  });

  it('keeps each of many put in one turn', async () => {
    const keys = Array.from({ length: 500 }, () => stores.fresh());
    await Promise.all(keys.map((key, n) => stores.store.put(key, { n }, 60)));
    const read = await Promise.all(keys.map((key) => stores.replica.get<{ n: number }>(key)));
    expect(read.map((item) => item?.value.n)).toEqual(keys.map((_, n) => n));
  });
}

function replaceRules(stores: StoresUnderTest): void {
  it('replaces the version that was read', async () => {
    const key = stores.fresh();
    await stores.store.put(key, { n: 1 }, 60);
    const first = (await stores.store.get(key))!;
    expect(await stores.store.replace(key, { n: 2 }, { version: first.version, ttl: 60 })).toBe(true);
    const second = (await stores.store.get(key))!;
    expect(second.value).toEqual({ n: 2 });
    expect(second.version).not.toBe(first.version);
  });

  it('refuses a version that was replaced, or removed and put anew', async () => {
    const key = stores.fresh();
    await stores.store.put(key, { n: 1 }, 60);
    const { version } = (await stores.store.get(key))!;
    await stores.store.put(key, { n: 2 }, 60);
    expect(await stores.store.replace(key, { n: 9 }, { version, ttl: 60 })).toBe(false);
    await stores.store.remove(key);
    expect(await stores.store.replace(key, { n: 9 }, { version, ttl: 60 })).toBe(false);
    await stores.store.put(key, { n: 1 }, 60);
    expect(await stores.store.replace(key, { n: 9 }, { version, ttl: 60 })).toBe(false);
    expect((await stores.store.get(key))?.value).toEqual({ n: 1 });
  });

  it('lets one of many parallel writers of a version win', async () => {
    const key = stores.fresh();
    await stores.store.put(key, { n: 0 }, 60);
    const { version } = (await stores.store.get(key))!;
    const writes = [stores.store, stores.replica, stores.store, stores.replica].map((store, n) =>
      store.replace(key, { n }, { version, ttl: 60 }),
    );
    expect((await Promise.all(writes)).filter(Boolean)).toHaveLength(1);
  });

  it('sets the time to live anew', async () => {
    const key = stores.fresh();
    await stores.store.put(key, {}, 0.4);
    const { version } = (await stores.store.get(key))!;
    await stores.store.replace(key, { longer: true }, { version, ttl: 60 });
    await stores.pass(0.5);
    expect((await stores.store.get(key))?.value).toEqual({ longer: true });
  });
}

function counterRules(stores: StoresUnderTest): void {
  it('counts every one of many parallel increments', async () => {
    const key = stores.fresh();
    const counts = await Promise.all(
      Array.from({ length: 40 }, (_, i) => (i % 2 ? stores.store : stores.replica).incr(key, 60)),
    );
    expect(counts.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
  });

  it('counts by more than one and downwards', async () => {
    const key = stores.fresh();
    expect(await stores.store.incr(key, 60, 5)).toBe(5);
    expect(await stores.store.incr(key, 60, -2)).toBe(3);
  });

  it('lives from the first increment on and is not prolonged by later ones', async () => {
    const key = stores.fresh();
    await stores.store.incr(key, 0.5);
    await stores.pass(0.3);
    expect(await stores.store.incr(key, 0.5)).toBe(2);
    await stores.pass(0.3);
    expect(await stores.store.incr(key, 0.5)).toBe(1);
  });

  it('counts apart from values and other spaces of the same name', async () => {
    const key = stores.fresh();
    await stores.store.put(key, {}, 60);
    expect(await stores.store.incr(key, 60)).toBe(1);
    expect(await stores.neighbour.incr(key, 60)).toBe(1);
    expect((await stores.store.get(key))?.value).toEqual({});
  });
}

function storeRules(stores: StoresUnderTest): void {
  it('says the same epoch every time and in every replica', async () => {
    const epoch = await stores.store.epoch();
    expect(epoch).toMatch(/^[\w-]{8,}$/);
    expect(await stores.store.epoch()).toBe(epoch);
    expect(await stores.replica.epoch()).toBe(epoch);
  });

  it('shows what was changed in its relaxed form at once, also to a replica, and takes it once', async () => {
    const key = stores.fresh();
    await stores.store.relaxed.put(key, { n: 1 }, 60);
    const { version } = (await stores.replica.get(key))!;
    expect(await stores.replica.replace(key, { n: 2 }, { version, ttl: 60 })).toBe(true);
    const takers = [stores.store, stores.store.relaxed, stores.replica, stores.replica.relaxed];
    const taken = await Promise.all(takers.map((store) => store.take(key, { spent: 'once', spentTtl: 60 })));
    expect(taken.filter(({ state }) => state === 'taken')).toEqual([{ state: 'taken', value: { n: 2 } }]);
    expect(taken.filter(({ state }) => state === 'spent')).toHaveLength(3);
    await stores.store.settled();
  });

  it('says that it is up', async () => {
    expect(await stores.store.health()).toMatchObject({ up: true });
  });
}

import { StoreUnavailable } from '../../store-unavailable.js';
import { itemStoreSuite } from '../../suites.js';
import type { ItemStore } from '../item-store.js';
import { changeOf } from './change.js';
import { MemoryItemStore } from './memory-item-store.js';
import type { Journal } from './journal.js';
import { MemoryItems } from './memory-items.js';

itemStoreSuite('memory', async () => {
  const stores = new Map<string, ItemStore>();
  let now_ms = 1_800_000_000_000;
  return {
    async open(space) {
      const store = stores.get(space) ?? new MemoryItemStore({ now_ms: () => now_ms });
      stores.set(space, store);
      return store;
    },
    async pass(seconds) {
      now_ms += seconds * 1000;
    },
  };
});

/** A journal whose lines are kept when the test says so. */
const slowJournal = (): Journal & { lines: string[]; keep: () => void; fault?: Error } => {
  let keep!: () => void;
  const kept = new Promise<void>((resolve) => (keep = resolve));
  const lines: string[] = [];
  const journal: ReturnType<typeof slowJournal> = {
    lines,
    keep,
    check: () => {
      if (journal.fault) throw journal.fault;
    },
    note: (line) => {
      lines.push(line);
      return kept;
    },
    settled: () => kept,
    epoch: () => 'slow',
    health: async () => ({ up: true, took_ms: 0 }),
  };
  return journal;
};

const whoEndsFirst = <T>(work: Promise<T>): Promise<T | 'waits'> =>
  Promise.race([work, new Promise<'waits'>((resolve) => setImmediate(() => resolve('waits')))]);

describe('memory item store with a journal', () => {
  it('acknowledges a change when the journal has it, and in its relaxed form before', async () => {
    const journal = slowJournal();
    const store = new MemoryItemStore({ journal });
    expect(await whoEndsFirst(store.relaxed.put('journey', { n: 1 }, 60))).toBeUndefined();
    expect((await store.get('journey'))?.value).toEqual({ n: 1 });
    const taken = store.take('journey');
    expect(await whoEndsFirst(taken)).toBe('waits');
    expect(await whoEndsFirst(store.relaxed.settled())).toBe('waits');
    expect(journal.lines.map((line) => JSON.parse(line)[0])).toEqual(['value', 'gone']);
    journal.keep();
    expect(await taken).toEqual({ state: 'taken', value: { n: 1 } });
    await store.relaxed.settled();
  });

  it('refuses a relaxed change too while nothing can be kept, and reads go on', async () => {
    const journal = slowJournal();
    const store = new MemoryItemStore({ journal });
    await store.relaxed.put('journey', { n: 1 }, 60);
    journal.fault = new StoreUnavailable('postgres', 'away');
    await expect(store.relaxed.put('journey', { n: 2 }, 60)).rejects.toThrow(StoreUnavailable);
    expect((await store.relaxed.get('journey'))?.value).toEqual({ n: 1 });
  });
});

describe('memory item store', () => {
  it('has another epoch in every instance, since each begins empty', async () => {
    expect(await new MemoryItemStore().epoch()).not.toBe(await new MemoryItemStore().epoch());
  });

  it('throws expired things out instead of growing for ever', async () => {
    let now_ms = 0;
    const items = new MemoryItems();
    const store = new MemoryItemStore({ items, now_ms: () => (now_ms += 10) });
    for (let n = 0; n < 20_000; n++) {
      await store.put(`k${n}`, { n }, 1);
      await store.addToIndex(`i${n}`, 'm', 1);
      await store.incr(`c${n}`, 1);
    }
    expect(items.size).toBeLessThan(6000);
  });

  it('takes no further value when it is full, gives up what it has, and has room again for what is over', async () => {
    let now_ms = 0;
    const store = new MemoryItemStore({ items: new MemoryItems(50_000), now_ms: () => now_ms });
    const text = 'x'.repeat(10_000);
    for (let n = 0; n < 5; n++) await store.put(`k${n}`, { text }, 10);
    await expect(store.put('k5', { text }, 10)).rejects.toThrow(StoreUnavailable);
    expect(await store.get('k5')).toBeUndefined();
    expect((await store.take('k0')).state).toBe('taken');
    await store.put('k5', { text }, 20);
    await expect(store.putIfAbsent('k6', { text }, 10)).rejects.toThrow('memory: as much is kept as may be');
    now_ms += 11_000;
    expect(await store.putIfAbsent('k6', { text }, 10)).toBe(true);
  });

  it('tells everything that is not over in lines that make the same state anew', async () => {
    let now_ms = 1_800_000_000_000;
    const items = new MemoryItems();
    const store = new MemoryItemStore({ items, now_ms: () => now_ms });
    await store.put('short', { s: 1 }, 1);
    await store.put('value', { text: 'line\nbreak', list: [1, null] }, 60);
    await store.put('code', { c: 1 }, 60);
    await store.take('code', { spent: 'grant', spentTtl: 60 });
    await store.put('gone', {}, 60);
    await store.remove('gone');
    await store.incr('count', 60, 3);
    await store.addToIndex('user', 'a', 60);
    await store.addToIndex('user', 'b', 60);
    await store.removeFromIndex('user', 'b');
    await store.schedule('sweep', 'a', 1_800_000_100.5);
    now_ms += 2000;
    const again = new MemoryItems();
    for (const line of items.lines(now_ms)) again.apply(changeOf(line), now_ms);
    const copy = new MemoryItemStore({ items: again, now_ms: () => now_ms });
    expect(await copy.get('value')).toEqual(await store.get('value'));
    expect(await copy.take('code')).toEqual({ state: 'spent', mark: 'grant' });
    expect([await copy.get('short'), await copy.get('gone')]).toEqual([undefined, undefined]);
    expect(await copy.incr('count', 60)).toBe(4);
    expect(await copy.membersOf('user')).toEqual(['a']);
    expect(await copy.due('sweep', 1_800_000_101, 5)).toEqual([{ member: 'a', dueAt: 1_800_000_100.5 }]);
    expect([...again.lines(now_ms)].length).toBe(5);
  });
});

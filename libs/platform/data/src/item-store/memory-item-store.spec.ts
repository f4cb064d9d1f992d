import { itemStoreSuite } from '../suites.js';
import type { ItemStore } from './item-store.js';
import { MemoryItemStore } from './memory-item-store.js';

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

describe('memory item store', () => {
  it('has another epoch in every instance, since each begins empty', async () => {
    expect(await new MemoryItemStore().epoch()).not.toBe(await new MemoryItemStore().epoch());
  });

  it('throws expired things out instead of growing for ever', async () => {
    let now_ms = 0;
    const store = new MemoryItemStore({ now_ms: () => (now_ms += 10) });
    for (let n = 0; n < 20_000; n++) {
      await store.put(`k${n}`, { n }, 1);
      await store.addToIndex(`i${n}`, 'm', 1);
      await store.incr(`c${n}`, 1);
    }
    const sizes = ['items', 'counters', 'indexes'].map((map) => (Reflect.get(store, map) as Map<string, unknown>).size);
    expect(Math.max(...sizes)).toBeLessThan(2000);
  });
});

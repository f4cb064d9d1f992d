export type {
  ClaimOptions,
  Deadline,
  Item,
  ItemStore,
  ItemValue,
  ReplaceOptions,
  TakeOptions,
  Taken,
} from './item-store/item-store.js';
export { MemoryItemStore, type MemoryItemStoreOptions } from './item-store/memory-item-store.js';
export { StoreUnavailable, type StoreHealth } from './store-unavailable.js';

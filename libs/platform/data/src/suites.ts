export { itemStoreSuite, type ItemStoreFactory } from './suites/item-store-suite.js';

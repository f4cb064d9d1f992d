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
export { MemoryItemStore, type MemoryItemStoreOptions } from './item-store/memory/memory-item-store.js';
export { StoreUnavailable, type StoreHealth } from './store-unavailable.js';
export type { Argon2Cost } from '@corsac/model';
export { DEFAULT_COST } from './passwords/argon2-hash.js';
export { importedHashText, isImportedHash, type ImportedHash } from './passwords/imported-hash.js';
export {
  PasswordHasher,
  type PasswordCheck,
  type PasswordHasherOptions,
  type PasswordRefusal,
} from './passwords/password-hasher.js';
export { Fingerprinter } from './sealing/fingerprinter.js';
export { loadMasterKeyFile } from './sealing/master-key-file.js';
export { parseMasterKeys, type MasterKey, type MasterKeys } from './sealing/master-keys.js';
export { opensWhatIsStored } from './sealing/canary.js';
export { CreateMasterKeyCanary1764000000100 } from './sealing/canary-table.js';
export { SealAnew, type SealAnewParts, type SealedAnew } from './sealing/seal-anew.js';
export type { SealedColumn } from './sealing/sealed-column.js';
export { Sealer, type SealContext, type UnsealRefusal } from './sealing/sealer.js';
export {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './postgres/embedded-postgres.js';
export { Batcher, type BatcherOptions } from './postgres/batcher.js';
export { openPool, type ConnectionOptions } from './postgres/connections.js';
export { databaseHealth, openDatabase, poolOf, transact, type DatabaseOptions } from './postgres/open-database.js';
export { runStatement, type Statement, type StatementValue } from './postgres/run-statement.js';
export { asStoreError, attempt, storeFault, type StoreFault } from './postgres/store-fault.js';
export type { OutboxRow } from './outbox/outbox-batch.js';
export { OutboxPublisher, type OutboxObserver, type OutboxPublisherOptions } from './outbox/outbox-publisher.js';
export {
  AddOutboxContext1764000000200,
  createOutbox,
  CreateOutbox1700000000000,
  dropOutbox,
} from './outbox/outbox-table.js';
export { writeOutbox, type OutboxEvent } from './outbox/write-outbox.js';
export type { Database, DatabaseSchema } from './postgres/database.js';
export {
  openPostgresItemStores,
  type ItemStores,
  type PostgresItemStoresOptions,
} from './item-store/postgres/postgres-item-store.js';
export type { RedisItemStoreOptions } from './item-store/redis/redis-item-store.js';

import { createHash, randomUUID } from 'node:crypto';
import { openPool } from '../../postgres/connections.js';
import { asStoreError } from '../../postgres/store-fault.js';
import type { ItemStore } from '../item-store.js';
import { changeOf } from '../memory/change.js';
import { MemoryItemStore } from '../memory/memory-item-store.js';
import { MemoryItems } from '../memory/memory-items.js';
import { rowsOf, takeOver, type EpochParts } from './journal-table.js';
import { PostgresJournal } from './postgres-journal.js';

export interface PostgresItemStoreOptions {
  url: string;
  /** The service's name and its schema. */
  space: string;
  /**
   * Whether an acknowledged step is on the disk (true). Without, a crash of the database server, not of this process, may forget the last
   * half second; the epoch then changes.
   */
  durable?: boolean;
}

/** One connection writes, one tells whether the server is there. */
const CONNECTIONS = 2;

/**
 * Opens an item store for one process: it works in memory, and every change is in a journal in Postgres before it is acknowledged. Who opens it
 * takes it over from a process that had it open, which from then on answers `StoreUnavailable`.
 * @throws StoreUnavailable
 */
export async function openPostgresItemStore(options: PostgresItemStoreOptions): Promise<ItemStore> {
  const { url, space, durable = true } = options;
  const settings = durable ? undefined : '-c synchronous_commit=off';
  const pool = openPool({ url, schema: space, size: CONNECTIONS, name: `corsac-${space}-items`, settings });
  const owner = randomUUID();
  const items = new MemoryItems();
  const read = { number: 0, length: 0 };
  try {
    const epoch = epochOf(await takeOver(pool, space, owner));
    for await (const { number, lines } of rowsOf(pool)) {
      for (const line of lines.split('\n')) items.apply(changeOf(line), Date.now());
      read.number = number;
      read.length += lines.length;
    }
    const state = (): Iterable<string> => items.lines(Date.now());
    return new MemoryItemStore({ items, journal: new PostgresJournal({ pool, owner, epoch, state, read }) });
  } catch (error) {
    await pool.end();
    throw asStoreError(error);
  }
}

const epochOf = (parts: EpochParts): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 16);

import { hash, randomUUID } from 'node:crypto';
import { getHeapStatistics } from 'node:v8';
import { openPool } from '../../postgres/connections.js';
import { asStoreError } from '../../postgres/store-fault.js';
import type { ItemStore } from '../item-store.js';
import { changeOf } from '../memory/change.js';
import { MemoryItemStore } from '../memory/memory-item-store.js';
import { MemoryItems } from '../memory/memory-items.js';
import { rowsOf, takeOver, type EpochParts } from './journal-table.js';
import { lineOfSpace, readLine, PostgresJournal } from './postgres-journal.js';

export interface PostgresItemStoresOptions {
  url: string;
  /** The services of this process. */
  spaces: readonly string[];
  /** The schema of the journal (`items`). */
  schema?: string;
}

/** The item stores of a process, one a space. They end together. */
export interface ItemStores {
  /** @throws RangeError when the space was not opened, which is a bug of the caller */
  of(space: string): ItemStore;
  close(): Promise<void>;
}

/** The part of the heap that values of one space may take: a flood of sign-ins that nobody ends meets a 503 before the process is full. */
const PART_OF_HEAP = 1 / 8;

/** One connection writes, one tells whether the server is there. */
const CONNECTIONS = 2;

/**
 * Opens the item stores of one process: they work in memory, and every change is in a journal in Postgres before it is acknowledged. The
 * spaces share the journal, so that what they do at one moment shares a commit. Who opens it takes it over from a process that had it open,
 * which from then on answers `StoreUnavailable`.
 * @throws StoreUnavailable
 */
export async function openPostgresItemStores(options: PostgresItemStoresOptions): Promise<ItemStores> {
  const { url, spaces, schema = 'items' } = options;
  const mostWeight = getHeapStatistics().heap_size_limit * PART_OF_HEAP;
  const pool = openPool({ url, schema, size: CONNECTIONS, name: `corsac-${schema}` });
  const owner = randomUUID();
  const held = new Map(spaces.map((space) => [space, new MemoryItems(mostWeight)]));
  const read = { number: 0, length: 0 };
  try {
    const epoch = epochOf(await takeOver(pool, schema, owner));
    for await (const { number, lines } of rowsOf(pool)) {
      for (const line of lines.split('\n')) apply(held, line);
      read.number = number;
      read.length += lines.length;
    }
    return storesOn(new PostgresJournal({ pool, owner, epoch, state: () => stateOf(held), read }), held);
  } catch (error) {
    await pool.end();
    throw asStoreError(error);
  }
}

function apply(held: ReadonlyMap<string, MemoryItems>, line: string): void {
  const [space, change] = readLine(line);
  held.get(space)?.apply(changeOf(change), Date.now());
}

function* stateOf(held: ReadonlyMap<string, MemoryItems>): Generator<string> {
  for (const [space, items] of held) for (const line of items.lines(Date.now())) yield lineOfSpace(space, line);
}

function storesOn(journal: PostgresJournal, held: ReadonlyMap<string, MemoryItems>): ItemStores {
  const stores = new Map<string, ItemStore>();
  for (const [space, items] of held) stores.set(space, new MemoryItemStore({ items, journal: journal.of(space) }));
  return {
    of: (space) => {
      const store = stores.get(space);
      if (!store) throw new RangeError(`no item store of ${space} was opened`);
      return store;
    },
    close: () => journal.close(),
  };
}

const epochOf = (parts: EpochParts): string => hash('sha256', JSON.stringify(parts), 'base64url').slice(0, 16);

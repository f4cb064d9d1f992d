import type { Pool, QueryResultRow } from 'pg';
import type { Taken } from '../item-store.js';
import { nextVersion } from '../version.js';
import { Batcher } from '../../postgres/batcher.js';
import { statements, type StatementName } from './item-statements.js';

interface NewItem {
  key: string;
  json: string;
  ttl: number;
}

interface IndexedMember {
  index: string;
  member: string;
}

interface MemberRow {
  index_name: string;
  member: string;
}

/** What a row of an item may hold. */
interface ItemRow {
  key: string;
  value: string | null;
  mark: string | null;
  version: string;
}

const keyOf = ({ key }: { key: string }): string => key;

const indexOf = ({ index }: IndexedMember): string => index;
const nameOfMember = ({ member }: IndexedMember): string => member;

/** A NUL is in no name, so the pair is named without doubt. */
const memberOf = ({ index, member }: IndexedMember): string => `${index}\0${member}`;

/** A kept text as the caller gets it. */
export interface StoredItem {
  json: string;
  version: string;
}

/** Sends one of our statements, prepared once per connection. */
export async function ask<Row extends QueryResultRow>(
  pool: Pool,
  name: StatementName,
  values: unknown[],
): Promise<Row[]> {
  return (await pool.query<Row>({ name: `item ${name}`, text: statements[name], values })).rows;
}

/** Columns of the rows, as the statements take them. */
function columns<Op>(ops: Op[], ...pick: ((op: Op) => unknown)[]): unknown[][] {
  return pick.map((of) => ops.map(of));
}

const itemColumns = (ops: NewItem[]): unknown[][] =>
  columns(
    ops,
    keyOf,
    ({ json }) => json,
    () => nextVersion(),
    ({ ttl }) => ttl,
  );

/** Something that is kept whatever was there: a value, a member of a set, a deadline. */
export type Write =
  | ({ readonly kind: 'item' } & NewItem)
  | ({ readonly kind: 'member'; readonly ttl: number } & IndexedMember)
  | ({ readonly kind: 'deadline'; readonly dueAt: number } & IndexedMember);

const writeName = (write: Write): string => `${write.kind}\0${write.kind === 'item' ? write.key : memberOf(write)}`;

/** The batch of everything that is kept whatever was there: a new session goes with all by which it is found in one statement. */
export function writeBatch(pool: Pool): Batcher<Write, void> {
  return new Batcher<Write, void>({
    nameOf: writeName,
    run: async (writes) => {
      const items = writes.filter((write) => write.kind === 'item');
      const members = writes.filter((write) => write.kind === 'member');
      const deadlines = writes.filter((write) => write.kind === 'deadline');
      const ofMembers = columns(members, indexOf, nameOfMember, ({ ttl }) => ttl);
      const ofDeadlines = columns(deadlines, indexOf, nameOfMember, ({ dueAt }) => dueAt);
      if (items.length === writes.length) await ask(pool, 'put', itemColumns(items));
      else if (members.length === writes.length) await ask(pool, 'addToIndex', ofMembers);
      else if (deadlines.length === writes.length) await ask(pool, 'schedule', ofDeadlines);
      else await ask(pool, 'putAll', [...itemColumns(items), ...ofMembers, ...ofDeadlines]);
      return [];
    },
  });
}

/** Batches on the table of values and spent marks. */
export function itemBatches(pool: Pool) {
  return {
    putIfAbsent: new Batcher<NewItem, boolean>({
      nameOf: keyOf,
      run: async (ops) => {
        const kept = new Set((await ask<ItemRow>(pool, 'putIfAbsent', itemColumns(ops))).map(keyOf));
        return ops.map(({ key }) => kept.has(key));
      },
    }),
    get: new Batcher<string, StoredItem | undefined>({
      atOnce: 2,
      run: async (keys) => {
        const rows = await ask<ItemRow>(pool, 'get', [[...new Set(keys)]]);
        const found = new Map(rows.map(({ key, value, version }) => [key, { json: value ?? '', version }]));
        return keys.map((key) => found.get(key));
      },
    }),
    replace: new Batcher<NewItem & { expected: string }, boolean>({
      nameOf: keyOf,
      run: async (ops) => {
        const values = [...itemColumns(ops), ops.map(({ expected }) => expected)];
        const replaced = new Set((await ask<ItemRow>(pool, 'replace', values)).map(keyOf));
        return ops.map(({ key }) => replaced.has(key));
      },
    }),
    remove: new Batcher<{ key: string }, boolean>({
      nameOf: keyOf,
      run: async (ops) => {
        const rows = await ask<{ key: string; had: boolean }>(pool, 'remove', columns(ops, keyOf));
        const had = new Map(rows.map((row) => [row.key, row.had]));
        return ops.map(({ key }) => had.get(key) ?? false);
      },
    }),
    take: new Batcher<{ key: string; spent: string; ttl?: number }, Taken<string & object>>({
      nameOf: keyOf,
      run: async (ops) => {
        const values = columns(
          ops,
          keyOf,
          () => nextVersion(),
          ({ spent }) => spent,
          ({ ttl }) => ttl ?? null,
        );
        const held = new Map((await ask<ItemRow>(pool, 'take', values)).map((row) => [row.key, row]));
        return ops.map(({ key }) => takenOf(held.get(key)));
      },
    }),
  };
}

function takenOf(row: ItemRow | undefined): Taken<string & object> {
  if (!row) return { state: 'missing' };
  if (row.value === null) return { state: 'spent', mark: row.mark ?? '' };
  return { state: 'taken', value: row.value as string & object };
}

interface Increment {
  key: string;
  ttl: number;
  by: number;
}

/** Batches on the counters. Increments of one counter share a row of the statement: each gets the count as if they had come one by one. */
export function counterBatch(pool: Pool): Batcher<Increment, number> {
  return new Batcher<Increment, number>({
    run: async (ops) => {
      const sums = new Map<string, Increment>();
      const before = ops.map(({ key, ttl, by }) => {
        const sum = sums.get(key)?.by ?? 0;
        sums.set(key, { key, by: sum + by, ttl: sums.get(key)?.ttl ?? ttl });
        return sum;
      });
      const rows = [...sums.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
      const values = columns(
        rows,
        keyOf,
        ({ by }) => by,
        ({ ttl }) => ttl,
      );
      const counts = new Map(
        (await ask<{ key: string; count: number }>(pool, 'incr', values)).map((row) => [row.key, row.count]),
      );
      return ops.map(({ key, by }, at) => (counts.get(key) ?? 0) - (sums.get(key)?.by ?? 0) + (before[at] ?? 0) + by);
    },
  });
}

/** Batches on the sets of members. */
export function memberBatches(pool: Pool) {
  return {
    removeFromIndex: new Batcher<IndexedMember, void>({
      nameOf: memberOf,
      run: async (ops) => {
        await ask(pool, 'removeFromIndex', columns(ops, indexOf, nameOfMember));
        return [];
      },
    }),
    membersOf: new Batcher<string, string[]>({
      atOnce: 2,
      run: async (indexes) => {
        const rows = await ask<MemberRow>(pool, 'membersOf', [[...new Set(indexes)]]);
        const found = new Map(indexes.map((index) => [index, [] as string[]]));
        for (const { index_name, member } of rows) found.get(index_name)?.push(member);
        return indexes.map((index) => found.get(index) ?? []);
      },
    }),
  };
}

/** Batches on the deadlines. */
export function deadlineBatches(pool: Pool) {
  return {
    unschedule: new Batcher<IndexedMember & { dueAt?: number }, boolean>({
      nameOf: memberOf,
      run: async (ops) => {
        const values = columns(ops, indexOf, nameOfMember, ({ dueAt }) => dueAt ?? null);
        const rows = await ask<MemberRow>(pool, 'unschedule', values);
        const gone = new Set(rows.map(({ index_name: index, member }) => memberOf({ index, member })));
        return ops.map((op) => gone.has(memberOf(op)));
      },
    }),
  };
}

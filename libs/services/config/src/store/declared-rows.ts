import type { EntityManager } from 'typeorm';
import type { DeclaredEntry } from '../users/declared-entries.js';

type Place = { readonly tenant: string; readonly track: string };
type Named = Pick<DeclaredEntry, 'kind' | 'name'>;

/** Runs a statement, in a transaction or without. */
export type RunText = (text: string, values: unknown[]) => Promise<unknown>;

export const inTransaction =
  (manager: EntityManager): RunText =>
  (text, values) =>
    manager.query(text, values);

export const readDeclared = 'select kind, name, digests from declared_entry where tenant = $1 and track = $2';

/** Remembers what was declared. */
export const putDeclared = async (
  run: RunText,
  { tenant, track }: Place,
  entries: readonly DeclaredEntry[],
): Promise<void> => {
  if (entries.length === 0) return;
  await run(
    `insert into declared_entry (tenant, track, kind, name, digests)
     select distinct on (kind, name) $1, $2, kind, name, digests
     from jsonb_to_recordset($3::jsonb) as e (kind text, name text, digests jsonb)
     on conflict (tenant, track, kind, name) do update set digests = excluded.digests`,
    [tenant, track, JSON.stringify(entries)],
  );
};

/** Forgets what was declared: at the next time it is new. */
export const forgetDeclared = async (
  run: RunText,
  { tenant, track }: Place,
  entries: readonly Named[],
): Promise<void> => {
  if (entries.length === 0) return;
  await run(
    `delete from declared_entry where tenant = $1 and track = $2
       and (kind, name) in (select * from unnest($3::text[], $4::text[]))`,
    [tenant, track, entries.map(({ kind }) => kind), entries.map(({ name }) => name)],
  );
};

import type { StatementValue } from '@corsac/data';
import type { EntityManager } from 'typeorm';
import type { DeclaredEntry } from '../users/declared-entries.js';

type Named = Pick<DeclaredEntry, 'kind' | 'name'>;
/** An entry of one of the tenant's tracks. */
type InTrack<Entry> = Entry & { readonly track: string };

/** Runs a statement, in a transaction or without. */
export type RunText = (text: string, values: StatementValue[]) => Promise<unknown>;

export const inTransaction =
  (manager: EntityManager): RunText =>
  (text, values) =>
    manager.query(text, values);

export const readDeclared =
  'select track, kind, name, digests from declared_entry where tenant = $1 and track = any($2)';

/** Remembers what was declared. */
export const putDeclared = async (
  run: RunText,
  tenant: string,
  entries: readonly InTrack<DeclaredEntry>[],
): Promise<void> => {
  if (entries.length === 0) return;
  await run(
    `insert into declared_entry (tenant, track, kind, name, digests)
     select distinct on (track, kind, name) $1, track, kind, name, digests
     from jsonb_to_recordset($2::jsonb) as e (track text, kind text, name text, digests jsonb)
     on conflict (tenant, track, kind, name) do update set digests = excluded.digests`,
    [tenant, JSON.stringify(entries)],
  );
};

/** Forgets what was declared: at the next time it is new. */
export const forgetDeclared = async (
  run: RunText,
  tenant: string,
  entries: readonly InTrack<Named>[],
): Promise<void> => {
  if (entries.length === 0) return;
  await run(
    `delete from declared_entry where tenant = $1
       and (track, kind, name) in (select * from unnest($2::text[], $3::text[], $4::text[]))`,
    [tenant, entries.map(({ track }) => track), entries.map(({ kind }) => kind), entries.map(({ name }) => name)],
  );
};

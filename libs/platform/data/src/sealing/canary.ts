import type { Database } from '../postgres/database.js';
import { poolOf } from '../postgres/open-database.js';
import { contextOf, envelopeOf, rowOf, type SealedColumn, type SealedRow } from './sealed-column.js';
import type { SealContext, Sealer } from './sealer.js';

const context: SealContext = { purpose: 'canary', tenant: '', track: '' };
const read = 'select sealed from master_key_canary where id = 1';

const canaryIn = async (database: Database): Promise<string | undefined> =>
  (await poolOf(database).query<{ sealed: string }>(read)).rows[0]?.sealed;

/**
 * Whether the master keys are those of what is stored: the canary opens. Where there is none yet, it is put there, unless
 * something else is sealed already and does not open. Replicas may ask at once.
 */
export const opensWhatIsStored = async (
  database: Database,
  sealer: Sealer,
  columns: readonly SealedColumn[],
): Promise<boolean> => {
  const known = await canaryIn(database);
  if (known !== undefined) return sealer.unseal(known, context).ok;
  if (!(await opensSamples(database, sealer, columns))) return false;
  const text = 'insert into master_key_canary (id, sealed) values (1, $1) on conflict do nothing';
  await poolOf(database).query(text, [sealer.seal('canary', context)]);
  const kept = await canaryIn(database);
  return kept !== undefined && sealer.unseal(kept, context).ok;
};

/** Seals the canary under the current key: what it stands for is sealed under that too. */
export const renewCanary = async (database: Database, sealer: Sealer): Promise<void> => {
  const known = await canaryIn(database);
  if (known === undefined || !sealer.isOutdated(known)) return;
  const text = 'update master_key_canary set sealed = $1, sealed_at = now() where id = 1 and sealed = $2';
  await poolOf(database).query(text, [sealer.seal('canary', context), known]);
};

/** Data from before there was a canary: some of every kind, of which one must open, if there is any. */
const opensSamples = async (database: Database, sealer: Sealer, columns: readonly SealedColumn[]): Promise<boolean> => {
  let isAnything = false;
  for (const column of columns) {
    const text = `select ${rowOf(column)} from ${column.table} where ${envelopeOf(column)} is not null limit 20`;
    const { rows } = await poolOf(database).query<SealedRow>(text);
    if (rows.some((row) => sealer.unseal(row.sealed ?? '', contextOf(column, row)).ok)) return true;
    isAnything ||= rows.length > 0;
  }
  return !isAnything;
};

import type { SealContext } from './sealer.js';

/** Where a service keeps envelopes: what is checked at start, and sealed anew after the master key has changed. */
export interface SealedColumn {
  /** The purpose of the envelopes' context. */
  readonly purpose: string;
  readonly table: string;
  /** The primary key. Tenant and track of a row are of its context. */
  readonly key: readonly string[];
  readonly column: string;
  /** Where in the column the envelope stands, when that is JSON. */
  readonly path?: readonly string[];
  /** The column with the name of the track, when it is not `track`. */
  readonly track?: string;
}

/** A row with its envelope; the key's values as text. */
export interface SealedRow {
  readonly key: readonly string[];
  readonly tenant: string;
  readonly track: string;
  /** Null: nothing is sealed in this row. */
  readonly sealed: string | null;
}

/** The envelope as an SQL expression. Names are constants of the code, never from outside. */
export const envelopeOf = ({ column, path }: SealedColumn): string =>
  path ? `${column} #>> '{${path.join(',')}}'` : column;

/** Key (an array of texts), tenant, track and envelope. */
export const rowOf = (at: SealedColumn): string =>
  `array[${at.key.map((name) => `${name}::text`).join(', ')}] as key, tenant, ${at.track ?? 'track'} as track, ${envelopeOf(at)} as sealed`;

export const contextOf = ({ purpose }: SealedColumn, { tenant, track }: SealedRow): SealContext => ({
  purpose,
  tenant,
  track,
});

import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../postgres/database.js';
import { poolOf } from '../postgres/open-database.js';
import { renewCanary } from './canary.js';
import { contextOf, envelopeOf, rowOf, type SealedColumn, type SealedRow } from './sealed-column.js';
import type { Sealer } from './sealer.js';

/** What a pass came to. */
export interface SealedAnew {
  /** Envelopes sealed under the current key. */
  readonly renewed: number;
  /** Envelopes that no listed key opens; they stay as they are. */
  readonly closed: number;
}

export interface SealAnewParts {
  readonly database: Database;
  readonly sealer: Sealer;
  readonly columns: readonly SealedColumn[];
  /** Told after each pass, and of what kept one from its end. */
  readonly done: (result: SealedAnew) => void;
  readonly failed: (error: unknown) => void;
}

/** Rows looked at in a statement. */
const page = 500;
/** Between two statements: requests come first. */
const pauseMs = 50;
const firstPassMs = 5_000;
/** Replicas that still seal under an older key may be there for a while. */
const nextPassMs = 3_600_000;
const retryMs = 60_000;

/**
 * Seals anew what is sealed under an older master key, in the background and a few rows at a time, so that the older key can
 * be dropped. Several replicas may do it at once, and it may end anywhere: what is done is done, and an envelope that
 * somebody else changed meanwhile is left to them.
 */
export class SealAnew {
  private readonly ending = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly parts: SealAnewParts) {}

  /** @param firstMs milliseconds until the first pass */
  start(firstMs = firstPassMs): void {
    this.running = this.work(firstMs);
  }

  async stop(): Promise<void> {
    this.ending.abort();
    await this.running;
  }

  /** One pass over everything. @throws what the database throws; the next pass goes on from there */
  async pass(): Promise<SealedAnew> {
    const total = { renewed: 0, closed: 0 };
    for (const column of this.parts.columns) await this.passOver(column, total);
    if (!this.isEnding && total.closed === 0) await renewCanary(this.parts.database, this.parts.sealer);
    return total;
  }

  private get isEnding(): boolean {
    return this.ending.signal.aborted;
  }

  private async work(firstMs: number): Promise<void> {
    for (let waitMs = firstMs; await this.paused(waitMs);) {
      try {
        const result = await this.pass();
        if (this.isEnding) return;
        this.parts.done(result);
        waitMs = nextPassMs;
      } catch (error) {
        this.parts.failed(error);
        waitMs = retryMs;
      }
    }
  }

  private paused(ms: number): Promise<boolean> {
    return sleep(ms, true, { signal: this.ending.signal, ref: false }).catch(() => false);
  }

  private async passOver(column: SealedColumn, total: { renewed: number; closed: number }): Promise<void> {
    const key = column.key.join(', ');
    let after: readonly string[] | undefined;
    do {
      const since = after ? `where (${key}) > (${column.key.map((_, at) => `$${at + 1}`).join(', ')})` : '';
      const text = `select ${rowOf(column)} from ${column.table} ${since} order by ${key} limit ${page}`;
      const { rows } = await poolOf(this.parts.database).query<SealedRow>(text, [...(after ?? [])]);
      for (const row of rows) await this.renew(column, row, total);
      after = rows.length === page ? rows.at(-1)?.key : undefined;
    } while (after && (await this.paused(pauseMs)));
  }

  private async renew(column: SealedColumn, row: SealedRow, total: { renewed: number; closed: number }): Promise<void> {
    const { sealer, database } = this.parts;
    if (row.sealed === null || !sealer.isOutdated(row.sealed)) return;
    const opened = sealer.unseal(row.sealed, contextOf(column, row));
    if (!opened.ok) {
      total.closed += 1;
      return;
    }
    const next = sealer.seal(opened.value, contextOf(column, row));
    const value = column.path ? `jsonb_set(${column.column}, '{${column.path.join(',')}}', to_jsonb($1::text))` : '$1';
    const place = column.key.map((name, at) => `${name} = $${at + 3}`).join(' and ');
    const text = `update ${column.table} set ${column.column} = ${value} where ${envelopeOf(column)} = $2 and ${place}`;
    const { rowCount } = await poolOf(database).query(text, [next, row.sealed, ...row.key]);
    total.renewed += rowCount ?? 0;
  }
}

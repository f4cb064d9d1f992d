import type { Pool } from 'pg';
import { Pace } from '../../postgres/pace.js';
import { StoreUnavailable, type StoreHealth } from '../../store-unavailable.js';
import type { Journal } from '../memory/journal.js';
import { append, forget, MOST_ROWS } from './journal-table.js';

export interface PostgresJournalParts {
  readonly pool: Pool;
  /** The name under which this process took the store over. */
  readonly owner: string;
  readonly epoch: string;
  /** A line for everything that is there now. */
  readonly state: () => Iterable<string>;
  /** What is in the journal already: the number of its last row, and how long its rows are together. */
  readonly read: { readonly number: number; readonly length: number };
}

/** Those who wait for the lines of one row. */
interface Waiting {
  readonly kept: Promise<void>;
  resolve(): void;
  reject(error: unknown): void;
}

/** A row that fits on a page of the database is written once; a longer one in pieces with an index of their own. */
const LONGEST_ROW = 7_900;

const RETRY_MS = 250;

/** The state is written anew, and the rows before are forgotten, when the journal is this long and over twice as long as what it tells. */
const REWRITE_AT = 8_000_000;
const LINES_A_STEP = 500;

/** A line of the journal says whose it is, then what changed. */
export const lineOfSpace = (space: string, line: string): string => `${space} ${line}`;

/** The space of a line, and what changed in it. */
export const readLine = (line: string): readonly [string, string] => {
  const end = line.indexOf(' ');
  return [line.slice(0, end), line.slice(end + 1)];
};

const newWaiting = (): Waiting => {
  let resolve!: () => void;
  let reject!: (error: unknown) => void;
  const kept = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  // Who notes a line may stop waiting for it; a rejection that nobody waits for ends no process.
  kept.catch(() => undefined);
  return { kept, resolve, reject };
};

/** Cuts lines into rows of a bounded length. */
function* rowsFrom(lines: readonly string[]): Generator<string> {
  let [from, length] = [0, 0];
  for (const [at, line] of lines.entries()) {
    if (length > 0 && length + line.length > LONGEST_ROW) {
      yield lines.slice(from, at).join('\n');
      [from, length] = [at, 0];
    }
    length += line.length;
  }
  yield lines.slice(from).join('\n');
}

/**
 * A journal in Postgres. Lines that could not be written stay the first and are tried again, since the memory has changed already; until one
 * attempt succeeds, no further change is taken. So memory and journal never tell different stories.
 */
export class PostgresJournal {
  private lines: string[] = [];
  private waiting = newWaiting();
  private planned: NodeJS.Timeout | NodeJS.Immediate | undefined;
  private writing: Promise<void> | undefined;
  private inFlight: Waiting | undefined;
  private readonly pace = new Pace();
  private fault: StoreUnavailable | undefined;
  private isLost = false;
  private lastNumber: number;
  private length: number;
  private rewrittenLength = 0;
  private rewriting: Promise<void> | undefined;

  constructor(private readonly parts: PostgresJournalParts) {
    this.lastNumber = parts.read.number;
    this.length = parts.read.length;
  }

  /** The journal as the store of a space sees it. It ends with the others. */
  of(space: string): Journal {
    return {
      check: () => {
        if (this.fault) throw this.fault;
      },
      note: (line) => this.note(lineOfSpace(space, line)),
      settled: () => (this.lines.length > 0 ? this.waiting.kept : (this.inFlight?.kept ?? Promise.resolve())),
      epoch: () => this.parts.epoch,
      health: () => this.health(),
    };
  }

  /** Writes what is still to be written, if that is possible, and ends the connections. */
  async close(): Promise<void> {
    if (this.parts.pool.ended) return;
    while (!this.fault && (this.lines.length > 0 || this.writing || this.rewriting))
      await (this.writing ?? this.rewriting ?? this.waiting.kept.catch(() => undefined));
    this.isLost = true;
    if (this.planned) clearTimeout(this.planned as NodeJS.Timeout);
    await this.parts.pool.end();
  }

  private note(line: string): Promise<void> {
    this.lines.push(line);
    const { kept } = this.waiting;
    this.plan();
    return kept;
  }

  private async health(): Promise<StoreHealth> {
    const began = performance.now();
    if (this.fault) return { up: false, reason: this.fault.message };
    try {
      await this.parts.pool.query('select 1');
      return { up: true, took_ms: performance.now() - began };
    } catch (error) {
      return { up: false, reason: (error as Error).message };
    }
  }

  private plan(): void {
    if (this.planned || this.writing || this.isLost || this.lines.length === 0) return;
    const write = (): void => {
      this.planned = undefined;
      this.writing = this.write().finally(() => {
        this.writing = undefined;
        this.plan();
      });
    };
    const wait_ms = this.fault ? RETRY_MS : this.pace.wait_ms(performance.now());
    this.planned = wait_ms > 0 ? setTimeout(write, wait_ms) : setImmediate(write);
  }

  /** Writes all lines there are. Never rejects. */
  private async write(): Promise<void> {
    const { lines, waiting } = this;
    this.lines = [];
    this.waiting = newWaiting();
    this.inFlight = waiting;
    const began_ms = performance.now();
    try {
      const rows = [...rowsFrom(lines)];
      for (let at = 0; at < rows.length; at += MOST_ROWS) await this.append(rows.slice(at, at + MOST_ROWS));
      this.fault = undefined;
      this.pace.took(began_ms, performance.now());
      waiting.resolve();
      this.rewriteWhenLong();
    } catch (error) {
      this.lines = [...lines, ...this.lines];
      this.refuse(waiting, error);
    }
    this.inFlight = undefined;
  }

  private async append(rows: string[]): Promise<void> {
    const { pool, owner } = this.parts;
    const number = await append(pool, owner, rows);
    this.isLost = number === undefined;
    if (number === undefined) throw new Error('another process has taken this store over');
    this.lastNumber = number;
    for (const row of rows) this.length += row.length;
  }

  /** Those who gathered behind a row without an answer have waited long enough too. */
  private refuse(waiting: Waiting, error: unknown): void {
    this.fault = new StoreUnavailable('postgres', (error as Error).message || 'no connection', error);
    for (const each of [waiting, this.waiting]) each.reject(this.fault);
    this.waiting = newWaiting();
  }

  private rewriteWhenLong(): void {
    if (this.rewriting || this.length < Math.max(REWRITE_AT, 2 * this.rewrittenLength)) return;
    this.rewriting = this.rewrite()
      .catch(() => undefined)
      .finally(() => (this.rewriting = undefined));
  }

  /** Tells the whole state in new rows, a step at a time between the changes, and forgets the rows before. */
  private async rewrite(): Promise<void> {
    const before = this.lastNumber;
    this.length = 0;
    let [count, length] = [0, 0];
    let kept = Promise.resolve();
    for (const line of this.parts.state()) {
      kept = this.note(line);
      length += line.length;
      count += 1;
      if (count % LINES_A_STEP === 0) await kept;
    }
    await kept;
    await forget(this.parts.pool, this.parts.owner, before);
    this.rewrittenLength = length;
  }
}

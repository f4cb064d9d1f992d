import type { Statement, StatementValue } from '@corsac/data';

/** What the stores need of the database: statements, and several of them as one step. Rejects with `StoreUnavailable` when it is away. */
export interface Sql {
  run<Row extends object>(statement: Statement, values: readonly StatementValue[]): Promise<Row[]>;
  /** All or nothing; run again when another transaction was first, so `work` must bear that. */
  transact<T>(work: (sql: Pick<Sql, 'run'>) => Promise<T>): Promise<T>;
}

/** Declares a statement. */
export const statement = (name: string, text: string): Statement => ({ name: `token.${name}`, text });

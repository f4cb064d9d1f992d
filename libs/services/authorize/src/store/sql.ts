import {
  asStoreError,
  poolOf,
  runStatement,
  storeFault,
  transact,
  type Database,
  type Statement,
  type StatementValue,
} from '@corsac/data';

/** Declares a statement; the name must be the statement's alone. */
export const statement = (name: string, text: string): Statement => ({ name: `authorize.${name}`, text });

/** What a write came to, or `duplicate` when something unique is another row's. */
export const unlessDuplicate = async <T>(work: () => Promise<T>): Promise<T | 'duplicate'> => {
  try {
    return await work();
  } catch (error) {
    if (storeFault(error)?.kind === 'duplicate') return 'duplicate';
    throw asStoreError(error);
  }
};

export type Run = <Row extends object>(statement: Statement, values: readonly StatementValue[]) => Promise<Row[]>;

/** Statements of the service's own schema. Rejects with `StoreUnavailable` when the database is away. */
export class Sql {
  constructor(private readonly database: Database) {}

  run: Run = (statement, values) => runStatement(poolOf(this.database), statement, values);

  /** All or nothing; run again when another transaction was first, so `work` must bear that. */
  transact<T>(work: (run: Run) => Promise<T>): Promise<T> {
    return transact(this.database, (manager) =>
      work(async <Row extends object>({ text }: Statement, values: readonly StatementValue[]) => {
        const answer: unknown = await manager.query(text, [...values]);
        // TypeORM gives updates and deletes as [rows, count].
        const rows = Array.isArray(answer) && Array.isArray(answer[0]) ? answer[0] : answer;
        return rows as Row[];
      }),
    );
  }
}

import { poolOf, runStatement, transact, type Database, type Statement, type StatementValue } from '@corsac/data';
import type { EntityManager } from 'typeorm';
import type { Sql } from './sql.js';

/** Statements over the service's database. Named ones go past TypeORM: they are planned once per connection. */
export class DataSourceSql implements Sql {
  constructor(private readonly database: Database) {}

  run<Row extends object>(statement: Statement, values: readonly StatementValue[]): Promise<Row[]> {
    return runStatement(poolOf(this.database), statement, values);
  }

  transact<T>(work: (sql: Pick<Sql, 'run'>) => Promise<T>): Promise<T> {
    return transact(this.database, (manager) => work({ run: inside(manager) }));
  }
}

const inside =
  (manager: EntityManager): Sql['run'] =>
  async <Row extends object>({ text }: Statement, values: readonly StatementValue[]): Promise<Row[]> => {
    const result: unknown = await manager.query(text, [...values]);
    // TypeORM answers an update or delete with rows and count, everything else with rows.
    const isPair =
      Array.isArray(result) && result.length === 2 && Array.isArray(result[0]) && typeof result[1] === 'number';
    return (isPair ? result[0] : result) as Row[];
  };

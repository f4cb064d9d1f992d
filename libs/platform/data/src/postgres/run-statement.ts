import { types, type Connection, type Pool, type Submittable } from 'pg';
import { asStoreError } from './store-fault.js';

/** A statement that each connection prepares once. The name must be the statement's alone. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** What a statement is given: JSON goes as text. */
export type StatementValue = string | number | boolean | null | undefined | readonly StatementValue[];

interface Column {
  readonly name: string;
  readonly read: (text: string) => unknown;
}

/** Columns by the names of statements, as each connection has told them. They are the statement's for good: should they change, it fails. */
const columnsOf = new WeakMap<Connection, Map<string, readonly Column[]>>();

/** What node-postgres notes itself when the server has prepared a statement. */
type Preparing = Connection & { readonly parsedStatements: Readonly<Record<string, string | undefined>> };

const textOf = (value: StatementValue): string | null => {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return null;
  return typeof value === 'object' ? arrayText(value) : String(value);
};

/** PostgreSQL 8.15.6. */
const arrayText = (values: readonly StatementValue[]): string => `{${values.map(elementText).join(',')}}`;

const elementText = (value: StatementValue): string => {
  if (typeof value === 'object' && value !== null) return arrayText(value);
  const text = textOf(value);
  return text === null ? 'NULL' : `"${/["\\]/.test(text) ? text.replace(/["\\]/g, '\\$&') : text}"`;
};

/**
 * One execution of a statement, in place of the query of node-postgres: the columns of a result are described once per connection and not with
 * each execution, and nothing is made that only a stream of rows or several statements in one text would need.
 */
class Execution implements Submittable {
  readonly name: string;
  readonly text: string;
  readonly rows: object[] = [];
  /** Set by the client, which also limits the time. */
  callback!: (error: unknown, execution?: this) => void;
  private readonly values: (string | null)[];
  private known!: Map<string, readonly Column[]>;
  private columns: readonly Column[] | undefined;
  private fault: unknown;

  constructor({ name, text }: Statement, values: readonly StatementValue[]) {
    this.name = name;
    this.text = text;
    this.values = values.map(textOf);
  }

  submit(connection: Connection): Error | null {
    const { name, text, values } = this;
    const prepared = (connection as Preparing).parsedStatements[name];
    if (prepared !== undefined && prepared !== text) return new Error(`two statements are called ${name}`);
    this.known = knownOf(connection);
    this.columns = this.known.get(name);
    connection.stream.cork();
    if (prepared === undefined) connection.parse({ name, text, types: [] }, true);
    connection.bind({ statement: name, values }, true);
    if (!this.columns) connection.describe({ type: 'P', name: '' }, true);
    connection.execute(null, true);
    connection.sync();
    connection.stream.uncork();
    return null;
  }

  handleRowDescription({ fields }: { readonly fields: readonly { name: string; dataTypeID: number }[] }): void {
    this.columns = fields.map(({ name, dataTypeID }) => ({ name, read: types.getTypeParser(dataTypeID, 'text') }));
    this.known.set(this.name, this.columns);
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    try {
      this.rows.push(rowOf(this.columns ?? [], fields));
    } catch (error) {
      // The connection goes on; the error is told when the answer is complete.
      this.fault = error;
    }
  }

  handleCommandComplete(): void {
    if (!this.columns) this.known.set(this.name, []);
  }

  handleError(error: unknown): void {
    this.callback(error);
  }

  handleReadyForQuery(): void {
    if (this.fault === undefined) this.callback(null, this);
    else this.callback(this.fault);
  }
}

const knownOf = (connection: Connection): Map<string, readonly Column[]> => {
  const known = columnsOf.get(connection) ?? new Map<string, readonly Column[]>();
  columnsOf.set(connection, known);
  return known;
};

const rowOf = (columns: readonly Column[], fields: readonly (string | null)[]): object => {
  const row: Record<string, unknown> = {};
  columns.forEach(({ name, read }, at) => {
    const text = fields[at] ?? null;
    row[name] = text === null ? null : read(text);
  });
  return row;
};

/**
 * Runs a statement on a connection of the pool; its values are `$1` and on.
 * @returns its rows, as node-postgres reads them: bigint as text, JSON parsed, nothing as null
 * @throws StoreUnavailable when the database is away, overloaded or too slow; anything else as the driver says it
 */
export async function runStatement<Row extends object>(
  pool: Pool,
  statement: Statement,
  values: readonly StatementValue[],
): Promise<Row[]> {
  try {
    // A pool answers by a promise, whatever its types say of what can be submitted.
    const { rows } = await (pool.query(new Execution(statement, values)) as unknown as Promise<Execution>);
    return rows as Row[];
  } catch (error) {
    throw asStoreError(error);
  }
}

import type { DataSource } from 'typeorm';
import type { DatabaseOptions } from './open-database.js';

/** A service's own database: its schema, its connections. */
export type Database = DataSource;

/** What a service brings along for its schema. */
export type DatabaseSchema = Pick<DatabaseOptions, 'entities' | 'migrations'>;

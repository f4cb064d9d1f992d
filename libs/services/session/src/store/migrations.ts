import { AddOutboxContext1764000000200, CreateOutbox1700000000000 } from '@corsac/data';
import { CreateSessionTables1700000000001 } from './create-tables.migration.js';

/** Oldest first. */
export const migrations = [CreateOutbox1700000000000, CreateSessionTables1700000000001, AddOutboxContext1764000000200];

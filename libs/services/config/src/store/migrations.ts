import { CreateOutbox1700000000000 } from '@corsac/data';
import { CreateConfigTables1700000000001 } from './create-tables.migration.js';

/** Oldest first. */
export const migrations = [CreateOutbox1700000000000, CreateConfigTables1700000000001];

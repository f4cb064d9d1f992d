import { CreateOutbox1700000000000 } from '@corsac/data';
import { CreateUsers1764000000001 } from './create-users.migration.js';

/** Oldest first. */
export const migrations = [CreateOutbox1700000000000, CreateUsers1764000000001];

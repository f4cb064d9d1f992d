import {
  AddOutboxContext1764000000200,
  CreateMasterKeyCanary1764000000100,
  CreateOutbox1700000000000,
} from '@corsac/data';
import { AddDeclaredEntries1764000000002 } from './add-declared-entries.migration.js';
import { CreateAuditLog1764000000004 } from './audit-log/create-audit-log.migration.js';
import { CreateConfigTables1700000000001 } from './create-tables.migration.js';
import { ForgetRequestBinding1764000000003 } from './forget-request-binding.migration.js';

/** Oldest first. */
export const migrations = [
  CreateOutbox1700000000000,
  CreateConfigTables1700000000001,
  AddDeclaredEntries1764000000002,
  ForgetRequestBinding1764000000003,
  CreateAuditLog1764000000004,
  CreateMasterKeyCanary1764000000100,
  AddOutboxContext1764000000200,
];

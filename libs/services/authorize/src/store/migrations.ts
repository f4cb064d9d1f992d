import {
  AddOutboxContext1764000000200,
  CreateMasterKeyCanary1764000000100,
  CreateOutbox1700000000000,
} from '@corsac/data';
import { AddExternalUsers1764000000003 } from './add-external-users.migration.js';
import { CreateJourneys1764000000002 } from './create-journeys.migration.js';
import { CreateUsers1764000000001 } from './create-users.migration.js';
import { JoinJourneys1764000000004 } from './join-journeys.migration.js';

/** Oldest first. */
export const migrations = [
  CreateOutbox1700000000000,
  CreateUsers1764000000001,
  CreateJourneys1764000000002,
  AddExternalUsers1764000000003,
  JoinJourneys1764000000004,
  CreateMasterKeyCanary1764000000100,
  AddOutboxContext1764000000200,
];

import type { Operation } from './api/operation.js';
import { auditOperations, type AuditOperationParts } from './audit/operations.js';
import { configurationOperations, type ConfigurationParts } from './configuration/configuration-operations.js';
import { declarativeOperations, type DeclarativeParts } from './declarative/operations.js';
import type { PeopleParts } from './people/parts.js';
import { peopleOperations } from './people/people-operations.js';
import type { RecordParts } from './record/keys.js';
import { recordOperations } from './record/record-operations.js';

export type ControlOperationParts = ConfigurationParts &
  DeclarativeParts &
  PeopleParts &
  RecordParts &
  AuditOperationParts;

/** The whole Control API: whatever is not in this list does not exist. */
export const controlOperations = (parts: ControlOperationParts): Operation[] => [
  ...configurationOperations(parts),
  ...declarativeOperations(parts),
  ...peopleOperations(parts),
  ...recordOperations(parts),
  ...auditOperations(parts),
];

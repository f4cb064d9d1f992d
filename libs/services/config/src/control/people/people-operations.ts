import type { Operation } from '../api/operation.js';
import { externalUserOperations } from './external-users.js';
import { grantOperations } from './grants.js';
import { lockOperations } from './locks.js';
import type { PeopleParts } from './parts.js';
import { sessionOperations } from './sessions.js';
import { userOperations } from './users.js';

/** Operations on people: who they are, where they are signed in, what was granted for them, who has to wait. */
export const peopleOperations = (parts: PeopleParts): Operation[] => [
  ...userOperations(parts),
  ...externalUserOperations(parts),
  ...sessionOperations(parts),
  ...grantOperations(parts),
  ...lockOperations(parts),
];

import type { Operation } from '../api/operation.js';
import { controlOperations, type ControlOperationParts } from '../control-operations.js';

/** The operations of the Control API as descriptions: what they would work with is not there, so that none can be called. */
export const everyOperation = (): Operation[] => controlOperations({} as ControlOperationParts);

import { auditOperations } from '../audit/operations.js';
import type { Operation } from '../api/operation.js';
import { configurationOperations } from '../configuration/configuration-operations.js';

/** Stands for whatever an operation would work with: to describe operations, nothing is ever called. */
const nothing = <T>(): T => ({}) as T;

/** The operations of the Control API as descriptions only; none of them can be called. */
export const everyOperation = (): Operation[] => [...configurationOperations(nothing()), ...auditOperations(nothing())];

import type { RightVerb } from '@corsac/model';
import type { Method, Operation } from './operation.js';

const verbs = { GET: 'read', POST: 'create', PUT: 'update', DELETE: 'delete' } as const satisfies Record<
  Method,
  RightVerb
>;

/** What a right must let its holder do for an operation: what its method says, unless the operation says otherwise. */
export const verbOf = ({ method, verb }: Pick<Operation, 'method' | 'verb'>): RightVerb => verb ?? verbs[method];

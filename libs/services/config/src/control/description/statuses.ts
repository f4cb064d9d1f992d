import type { Operation } from '../api/operation.js';

/** What the answers of refused calls mean. */
export const refusalMeanings = {
  400: 'The request is malformed: a query member that is not known, a body that is no JSON.',
  401: 'No access token came, or one that is not good here.',
  403: 'The token or the administrator has no right to this.',
  404: 'There is no such thing.',
  409: 'What is there already stands against it.',
  412: 'The thing is not as `If-Match` or `If-None-Match` says: somebody has changed it meanwhile.',
  415: 'The body is not JSON.',
  422: 'What was sent cannot be kept. `errors` names the fields.',
  503: 'Not available for the moment. The call may be sent again after `Retry-After`.',
} as const;

export type RefusalStatus = keyof typeof refusalMeanings;

/** Statuses with which an operation refuses, ascending. */
export const refusalsOf = ({ body, refusals = [] }: Operation): RefusalStatus[] => {
  const all: RefusalStatus[] = [400, 401, 403, 503, ...refusals, ...(body ? ([415, 422] as const) : [])];
  return [...new Set(all)].sort((one, other) => one - other);
};

/** Statuses with which an operation answers that it was done. */
export const successesOf = ({ method, answer, creates }: Operation): (200 | 201 | 204)[] => {
  if (creates) return method === 'PUT' ? [200, 201] : [201];
  return answer || method === 'GET' ? [200] : [204];
};

/** Whether a call may be made under conditions (RFC 9110 13.1). */
export const takesConditions = ({ refusals }: Pick<Operation, 'refusals'>): boolean => refusals?.includes(412) ?? false;

const isOneBelow = (path: string, other: string): boolean =>
  other.startsWith(`${path}/{`) && !other.slice(path.length + 1).includes('/');

/** Whether the answer is one thing that can be changed under conditions, so that its tag goes along. */
export const isTagged = (operation: Operation, all: readonly Operation[]): boolean => {
  const { method, path } = operation;
  // The tenant comes with the tracks that its reader may see: nobody sends that back.
  if (method === 'DELETE' || operation.ofAnyTrack) return false;
  if (method === 'POST' && operation.creates)
    return all.some((other) => isOneBelow(path, other.path) && takesConditions(other));
  if (method !== 'GET') return takesConditions(operation);
  return all.some((other) => other.path === path && other.method !== 'POST' && takesConditions(other));
};

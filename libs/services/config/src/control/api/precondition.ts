import { etagOf } from '@corsac/http';
import type { IncomingHttpHeaders } from 'node:http';
import { preconditionFailed, type Refusal } from './refusal.js';

/** Members in the order of their names: what is kept and what was sent have them in orders of their own. */
const inOrder = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
    : value;

/** The tag of a thing as administrators see it; it changes whenever what they see does. */
export const tagOf = (shown: unknown): string => etagOf(JSON.stringify(shown, inOrder));

const tags = (header: string): string[] => header.split(',').map((tag) => tag.trim());

/**
 * Whether a change may be made under the conditions that came with it: `If-Match` names how the thing was when the caller saw it,
 * `If-None-Match: *` asks that there is none. RFC 9110 13.1.1, 13.1.2.
 * @param shown the thing as it is now, in the form in which it is shown; undefined when there is none
 */
export const checkPrecondition = (headers: IncomingHttpHeaders, shown: unknown): Refusal | undefined => {
  const { 'if-match': match, 'if-none-match': none } = headers;
  if (match !== undefined) {
    const asked = tags(match);
    if (shown === undefined) return preconditionFailed('It is not there.').error;
    if (!asked.includes('*') && !asked.includes(tagOf(shown)))
      return preconditionFailed('Read it again, look at what has changed, and send the change with its new ETag.')
        .error;
  }
  if (none !== undefined && shown !== undefined) {
    const asked = tags(none);
    if (asked.includes('*') || asked.includes(tagOf(shown))) return preconditionFailed('It is there already.').error;
  }
  return undefined;
};

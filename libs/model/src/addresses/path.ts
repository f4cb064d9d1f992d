import { fail, ok, type Outcome } from '@corsac/outcome';

/** Longest request path that is looked at, in characters. */
const maxPath = 2000;

/** A decoded segment that would mean something else to the next reader: a separator, a walk upwards, an unprintable character. */
const unsafe = /[/\\\u0000-\u001f\u007f]/;

const decode = (segment: string): string | undefined => {
  try {
    const text = segment.includes('%') ? decodeURIComponent(segment) : segment;
    return text === '' || text === '.' || text === '..' || unsafe.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
};

/**
 * Splits a request target into segments, each percent-decoded exactly once. Encoded slashes, empty segments and dot segments are
 * refused rather than repaired, so that two readers of one path can never disagree on what it names.
 * @param target the path as it stood in the request line, perhaps with a query
 */
export const splitPath = (target: string): Outcome<readonly string[], 'malformed'> => {
  const end = target.search(/[?#]/);
  const path = end < 0 ? target : target.slice(0, end);
  if (!path.startsWith('/') || path.length > maxPath) return fail('malformed');
  if (path === '/') return ok([]);
  const segments = path.slice(1).split('/').map(decode);
  return segments.every((segment): segment is string => segment !== undefined) ? ok(segments) : fail('malformed');
};

import { ok, type Outcome } from '@corsac/outcome';
import { refuse, type OAuthError } from '../errors.js';
import { defaultParameterLimit, parameterLimits, parametersLimits, repeatable } from './limits.js';

/**
 * Parameters of a query or form. Names are only names: brackets and dots mean nothing. What was wrong with them is kept
 * beside the values, because at the authorize endpoint it may only be told once the redirect URI is proven.
 */
export interface Parameters {
  /** First value of each parameter that is there and not empty. */
  readonly values: ReadonlyMap<string, string>;
  /** All values of `resource` and `audience`. */
  readonly lists: { readonly resource: readonly string[]; readonly audience: readonly string[] };
  /** Names that came more than once although they may not. RFC 6749 3.1 and 3.2. */
  readonly repeated: readonly string[];
  /** Names whose value is longer than allowed. */
  readonly oversized: readonly string[];
  /** Why the whole cannot be used: broken escapes, too many parameters, too long. */
  readonly unusable?: string;
}

interface Draft {
  values: Map<string, string>;
  lists: { resource: string[]; audience: string[] };
  seen: Set<string>;
  repeated: string[];
  oversized: string[];
}

/**
 * Reads a raw query (without `?`) or an `application/x-www-form-urlencoded` body. An empty value counts as absent (RFC 6749 3.1),
 * but a name that comes twice is repeated even then. Nothing is refused here.
 */
export const parseParameters = (raw: string): Parameters => {
  const draft: Draft = {
    values: new Map(),
    lists: { resource: [], audience: [] },
    seen: new Set(),
    repeated: [],
    oversized: [],
  };
  const unusable = readAll(raw, draft);
  const { values, lists, repeated, oversized } = draft;
  return { values, lists, repeated, oversized, ...(unusable !== undefined && { unusable }) };
};

/** Parameters of names and values that are at hand already, for example those kept of a pushed request. */
export const parametersOf = (entries: Iterable<readonly [string, string]>): Parameters =>
  parseParameters(new URLSearchParams([...entries].map(([name, value]): [string, string] => [name, value])).toString());

/**
 * The first thing wrong with a set of parameters, as the error to send.
 * @returns the same parameters, or `invalid_request`
 */
export const checkParameters = (parameters: Parameters): Outcome<Parameters, OAuthError> => {
  if (parameters.unusable !== undefined) return refuse('invalid_request', parameters.unusable);
  const repeated = parameters.repeated[0];
  if (repeated !== undefined)
    return refuse('invalid_request', `${printable(repeated)} must not be sent more than once`);
  const oversized = parameters.oversized[0];
  if (oversized !== undefined) return refuse('invalid_request', `${printable(oversized)} is too long`);
  return ok(parameters);
};

/**
 * Reads and checks in one step, for endpoints that answer directly.
 * @param raw query or form as it came
 * @returns the parameters, or `invalid_request` for what is malformed, repeated or too long
 */
export const readParameters = (raw: string): Outcome<Parameters, OAuthError> => checkParameters(parseParameters(raw));

const readAll = (raw: string, draft: Draft): string | undefined => {
  if (raw.length > parametersLimits.characters) return 'the request is too large';
  if (raw === '') return undefined;
  const pairs = raw.split('&');
  if (pairs.length > parametersLimits.count) return 'the request has too many parameters';
  for (const pair of pairs) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? '' : decode(pair.slice(equals + 1));
    if (name === undefined || value === undefined) return 'the request has broken percent-encoding';
    // Stores and logs cannot keep a NUL, and no parameter has a use for one.
    if (value.includes('\0') || name.includes('\0')) return 'the request holds a NUL character';
    if (name.length > parametersLimits.nameCharacters) return 'the request has a parameter with too long a name';
    keep(draft, name, value);
  }
  return undefined;
};

const keep = (draft: Draft, name: string, value: string): void => {
  const isRepeatable = repeatable.has(name);
  if (draft.seen.has(name) && !isRepeatable) note(draft.repeated, name);
  draft.seen.add(name);
  if (value === '') return;
  if (value.length > (parameterLimits.get(name) ?? defaultParameterLimit)) {
    if (isKnown(name)) note(draft.oversized, name);
    return;
  }
  if (isRepeatable) draft.lists[name as 'resource' | 'audience'].push(value);
  if (!draft.values.has(name)) draft.values.set(name, value);
};

const note = (names: string[], name: string): void => {
  if (!names.includes(name)) names.push(name);
};

/** Unknown parameters are ignored, also when they are long. RFC 6749 3.1. */
const isKnown = (name: string): boolean => parameterLimits.has(name) || known.has(name);

const known = new Set(
  (
    'client_id redirect_uri scope state nonce login_hint code refresh_token client_assertion_type device_code user_code ' +
    'post_logout_redirect_uri request_uri registration dpop_jkt token_type_hint subject_token_type actor_token_type ' +
    'requested_token_type iss error error_description error_uri logout_hint'
  ).split(' '),
);

/** `+` is a space in a form and in a query. @returns nothing for broken escapes or bytes that are not UTF-8 */
const decode = (text: string): string | undefined => {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return undefined;
  }
};

const printable = (name: string): string => (/^[\w.-]{1,64}$/.test(name) ? name : 'a parameter');

/** One setting that differs. Secrets are shown as `***`. */
export interface FieldChange {
  readonly path: readonly (string | number)[];
  /** Undefined: it was not there. */
  readonly before?: unknown;
  /** Undefined: it will not be there. */
  readonly after?: unknown;
}

/** Members whose values never leave: secrets, hashes of them, sealed ones. */
const secretMembers = [
  'secrets',
  'client_secret',
  'smtp_password',
  'password',
  'password_hash',
  'hash',
  'fingerprint',
  'sealed',
];

const mask = '***';

/** A value with everything secret in it replaced by `***`, for plans and the audit log. */
export const masked = (value: unknown, member = ''): unknown => {
  if (value === undefined) return undefined;
  if (secretMembers.includes(member)) return mask;
  if (Array.isArray(value)) return value.map((part) => masked(part));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, masked(part, key)]));
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** Tells whether two JSON values are equal; the order of members has no meaning and an undefined member is none. */
export const isEqual = (a: unknown, b: unknown): boolean => {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((part, index) => isEqual(part, b[index]));
  if (!isRecord(a) || !isRecord(b)) return a === b;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => isEqual(a[key], b[key]));
};

/**
 * Tells in which settings two JSON values differ, one entry per deepest object member; lists count as one setting.
 * @returns nothing when they are equal
 */
export const differences = (before: unknown, after: unknown, path: FieldChange['path'] = []): FieldChange[] => {
  if (isEqual(before, after)) return [];
  const member = String(path[path.length - 1] ?? '');
  if (!isRecord(before) || !isRecord(after) || secretMembers.includes(member)) {
    return [{ path, before: masked(before, member), after: masked(after, member) }];
  }
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => differences(before[key], after[key], [...path, key]));
};

import { problem, type Problem } from '../problems/problem.js';

/**
 * Settings that the schema knows but nothing behind it does yet: field without indexes, from the track's root
 * (`down_parties.refresh_grace`), or with one value of it (`up_parties.binding_style=dots`), to the reason that people read.
 */
export type NotYet = ReadonlyMap<string, string>;

const isOff = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === false ||
  value === 0 ||
  value === '' ||
  (Array.isArray(value) && value.length === 0);

const reasonOf = (field: string, value: unknown, table: NotYet): string | undefined => {
  const exact = typeof value === 'object' ? undefined : table.get(`${field}=${String(value)}`);
  return exact ?? (isOff(value) ? undefined : table.get(field));
};

/**
 * Names the settings of a track as written that would have no effect yet, so that nobody believes in them. A setting that is
 * switched off (false, 0, empty) is let through.
 */
export const refuseNotYet = (value: unknown, table: NotYet, field = '', path: Problem['path'] = []): Problem[] => {
  const reason = reasonOf(field, value, table);
  if (reason !== undefined) return [problem(path, `is not available yet: ${reason}`, 'Remove it.')];
  if (Array.isArray(value)) return value.flatMap((part, index) => refuseNotYet(part, table, field, [...path, index]));
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, part]) =>
    refuseNotYet(part, table, field === '' ? key : `${field}.${key}`, [...path, key]),
  );
};

import { claimLimits, type Claims, type Json } from './claims.js';

/** The values of a claim: an array counts as several, anything else as one; a missing or null claim has none. */
export const valuesOf = (claims: Claims, type: string): readonly Json[] => {
  const value = Object.hasOwn(claims, type) ? claims[type] : undefined;
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value as Json];
};

/** Claims that are an array also with one value (OIDC Core 2). */
const alwaysArrays = ['amr'];

/** Tells whether a claim is written as an array although it may hold one value. */
export const isArrayClaim = (claims: Claims, type: string): boolean =>
  alwaysArrays.includes(type) || (Object.hasOwn(claims, type) && Array.isArray(claims[type]));

/**
 * Writes values back: none removes the claim, one stands alone, several are an array.
 * @param array keep an array also for one value; by default when the claim was one
 */
export const withValues = (
  claims: Claims,
  type: string,
  values: readonly Json[],
  array: boolean = isArrayClaim(claims, type),
): Claims => {
  const { [type]: _gone, ...rest } = claims;
  if (values.length === 0) return rest;
  return { ...rest, [type]: values.length === 1 && !array ? values[0]! : values };
};

/** A value as the text that rules compare with and write: strings as they are, anything else as JSON. */
export const textOf = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

/**
 * The size of a value in characters, about those of its JSON, counted without building that text.
 * @param limit counting stops beyond it, so that the work is bounded; a value that is nested too deeply counts as beyond it
 */
export const sizeOf = (value: Json, limit: number, depth = 0): number => {
  if (typeof value === 'string') return value.length;
  if (value === null || typeof value !== 'object') return String(value).length;
  if (depth >= claimLimits.depth) return limit + 1;
  let size = 2;
  for (const [key, part] of Object.entries(value)) {
    size += (Array.isArray(value) ? 1 : key.length + 4) + sizeOf(part as Json, limit - size, depth + 1);
    if (size > limit) return size;
  }
  return size;
};

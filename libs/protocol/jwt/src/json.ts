/** A JSON value as it stands in a token. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json };

/**
 * Reads JSON text that must be an object.
 * @returns the object, or nothing for other JSON, broken text, or a member that would reach a prototype when copied
 */
export const parseJsonObject = (text: string): JsonObject | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) && !Object.hasOwn(value, '__proto__') ? value : undefined;
  } catch {
    return undefined;
  }
};

/** Tells whether a value is a JSON object: not null, not an array. */
export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

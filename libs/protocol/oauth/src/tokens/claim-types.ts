import { isJsonObject, parseJsonObject, type Json, type JsonObject } from '@corsac/jwt';

type Shape = (value: Json) => Json;

const asBoolean: Shape = (value) => (value === 'true' ? true : value === 'false' ? false : value);

const asNumber: Shape = (value) => (typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value);

const asList: Shape = (value) => (typeof value === 'string' ? [value] : value);

/** `address` is an object; a plain text is the whole address. OIDC Core 5.1.1. */
const asAddress: Shape = (value) => {
  if (typeof value !== 'string') return value;
  return parseJsonObject(value) ?? { formatted: value };
};

/** JSON types of the claims that have one other than text. OIDC Core 2 and 5.1, RFC 8693 4.1. */
const shapes: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  ['email_verified', asBoolean],
  ['phone_number_verified', asBoolean],
  ['updated_at', asNumber],
  ['auth_time', asNumber],
  ['amr', asList],
  ['address', asAddress],
  ['act', (value) => (typeof value === 'string' ? (parseJsonObject(value) ?? value) : value)],
]);

/**
 * Gives a standard claim its JSON type when it came as text, from a SAML attribute, an import or a transform; every other value
 * stays as it is. OIDC Core 5.1.
 */
export const typedClaim = (claim: string, value: Json): Json => shapes.get(claim)?.(value) ?? value;

/** Tells whether a claim has nothing to say: such claims are left out. OIDC Core 5.3.2. */
export const isEmptyClaim = (value: Json | undefined): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  (Array.isArray(value) && value.length === 0) ||
  (isJsonObject(value) && Object.keys(value).length === 0);

/** All claims with their JSON types, empty ones left out. */
export const typedClaims = (claims: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(claims)
      .filter(([, value]) => !isEmptyClaim(value))
      .map(([claim, value]) => [claim, typedClaim(claim, value)]),
  );

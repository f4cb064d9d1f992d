import { readInstant, writeInstant } from '../time.js';
import { amrOfClassRef, classRefOfAmr } from './authn-context.js';
import type { SamlClaims } from './assertion-claims.js';
import { reservedClaims, samlClaims, tokenClaims } from './claim-names.js';
import type { MappingTable } from './mapping-table.js';
import { nameIdFormats } from '../names.js';

/** A JSON value. */
export type ClaimValue =
  string | number | boolean | null | readonly ClaimValue[] | { readonly [key: string]: ClaimValue };

/** Claims in JWT spelling, as they are in the middle. */
export type JwtClaims = Readonly<Record<string, ClaimValue>>;

/** Longest JWT claim type; a longer attribute name is cut. */
const longestType = 100;

const booleans = new Set(['email_verified', 'phone_number_verified']);
const numbers = new Set(['updated_at', 'auth_time']);

/** Gives a text the JSON type that the claim has. OIDC Core 5.1. */
function typed(claim: string, value: string): ClaimValue {
  if (booleans.has(claim) && /^(?:true|false)$/i.test(value)) return value.toLowerCase() === 'true';
  if (numbers.has(claim) && /^\d{1,15}$/.test(value)) return Number(value);
  if (claim !== 'address' || !value.startsWith('{')) return value;
  try {
    return JSON.parse(value) as ClaimValue;
  } catch {
    return value;
  }
}

const asText = (value: ClaimValue): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** A claim as the texts of its values; null has none. */
function texts(value: ClaimValue | undefined): string[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value.map((one: ClaimValue) => asText(one)) : [asText(value)];
}

/** The claims that the authentication attributes say: auth_time, acr and, unless it was sent as such, amr. */
function authenticationClaims(claims: SamlClaims): [string, ClaimValue[]][] {
  const result: [string, ClaimValue[]][] = [];
  const instant = readInstant(claims.get(samlClaims.authenticationInstant)?.[0] ?? '');
  if (instant !== undefined) result.push(['auth_time', [instant]]);
  const classRef = claims.get(samlClaims.authenticationMethod)?.[0];
  if (classRef === undefined) return result;
  result.push(['acr', [classRef]]);
  const amr = claims.has(samlClaims.amr) ? undefined : amrOfClassRef(classRef);
  if (amr) result.push(['amr', amr]);
  return result;
}

const authentication: ReadonlySet<string> = new Set([
  samlClaims.authenticationInstant,
  samlClaims.authenticationMethod,
]);

/**
 * Maps claims of an assertion to JWT claims. Unmapped types keep their name. `sub` is the bare name identifier: which
 * provider it belongs to is added by the caller.
 */
export function samlClaimsToJwt(claims: SamlClaims, table: MappingTable): JwtClaims {
  const result = new Map<string, ClaimValue[]>(authenticationClaims(claims));
  for (const [type, values] of claims) {
    if (authentication.has(type)) continue;
    const mapped = table.toJwt.get(type.toLowerCase());
    const kept = reservedClaims.has(type) ? [] : [type.slice(0, longestType)];
    for (const target of mapped ?? kept) {
      result.set(target, [...(result.get(target) ?? []), ...values.map((value) => typed(target, value))]);
    }
  }
  return Object.fromEntries(
    [...result].map(([claim, values]) => [claim, values.length === 1 && claim !== 'amr' ? values[0]! : values]),
  );
}

/**
 * Maps JWT claims to claims of an assertion. Several values stay several; an object is its JSON.
 * @param now unix seconds; the login instant where auth_time is missing
 */
export function jwtClaimsToSaml(claims: JwtClaims, table: MappingTable, now: number): SamlClaims {
  const result = new Map<string, readonly string[]>();
  for (const [claim, value] of Object.entries(claims)) {
    const values = texts(value);
    if (values.length === 0 || tokenClaims.has(claim) || claim === 'auth_time') continue;
    for (const target of table.toSaml.get(claim.toLowerCase()) ?? [claim]) {
      result.set(target, [...(result.get(target) ?? []), ...values]);
    }
  }
  const instant = typeof claims.auth_time === 'number' ? claims.auth_time : now;
  result.set(samlClaims.authenticationInstant, [writeInstant(instant)]);
  result.set(samlClaims.authenticationMethod, [classRefOfAmr(texts(claims.amr))]);
  if (!result.has(samlClaims.nameIdFormat)) result.set(samlClaims.nameIdFormat, [nameIdFormats.persistent]);
  return result;
}

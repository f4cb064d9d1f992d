import type { SamlClaims } from './assertion-claims.js';
import type { MappingTable } from './mapping-table.js';

/** An entry of a list of claims: a name in JWT or SAML spelling, or `*`, with values that are always added. */
export interface ClaimSelection {
  readonly claim: string;
  readonly values?: readonly string[];
}

/**
 * Keeps the claims that a list names, plus those that always go. Names may be JWT names; they are looked up in the table.
 * @param list of a party, `*` keeps everything
 * @param always SAML names that need not be listed
 */
export function selectSamlClaims(
  claims: SamlClaims,
  list: readonly ClaimSelection[],
  always: readonly string[],
  table: MappingTable,
): SamlClaims {
  const result = new Map<string, readonly string[]>();
  const keep = (type: string, values: readonly string[] = []): void => {
    const all = [...new Set([...(result.get(type) ?? claims.get(type) ?? []), ...values])];
    if (all.length > 0) result.set(type, all);
  };
  for (const type of list.some(({ claim }) => claim === '*') ? claims.keys() : always) keep(type);
  for (const { claim, values } of list) {
    if (claim === '*') continue;
    const names = claims.has(claim) ? [claim] : (table.toSaml.get(claim.toLowerCase()) ?? [claim]);
    for (const name of names) keep(name, values);
  }
  return result;
}

import type { ClaimMapping } from './claim-names.js';
import { defaultMappings, lockedMappings } from './claim-names.js';

/** Names of one protocol to names of the other. Keys are lower case: types are compared without case. */
export interface MappingTable {
  readonly toJwt: ReadonlyMap<string, readonly string[]>;
  readonly toSaml: ReadonlyMap<string, readonly string[]>;
}

type Side = keyof ClaimMapping;

/** A track's pairs replace the default of the same source, never a locked one; one source may have several targets. */
function direction(from: Side, to: Side, track: readonly ClaimMapping[]): Map<string, string[]> {
  const table = new Map(defaultMappings.map((pair) => [pair[from].toLowerCase(), [pair[to]]]));
  const own = new Map<string, string[]>();
  for (const pair of track) {
    const source = pair[from].toLowerCase();
    own.set(source, [...(own.get(source) ?? []), pair[to]]);
  }
  for (const [source, targets] of own) table.set(source, targets);
  for (const pair of lockedMappings) table.set(pair[from].toLowerCase(), [pair[to]]);
  return table;
}

/**
 * Makes the table of a track; worth keeping with the track.
 * @param track its `claim_mappings`
 */
export function mappingTable(track: readonly ClaimMapping[] = []): MappingTable {
  return { toJwt: direction('saml_claim', 'jwt_claim', track), toSaml: direction('jwt_claim', 'saml_claim', track) };
}

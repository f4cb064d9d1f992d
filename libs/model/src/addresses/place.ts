import { fail, ok, type Outcome } from '@corsac/outcome';
import { isName } from '../names/names.js';
import { parsePartyPath, type PartyPath } from '../party-path/binding.js';
import { splitPath } from './path.js';

/** Where in an installation a request wants to go. */
export interface Place {
  readonly tenant: string;
  readonly track: string;
  /** The down-party with its binding, or the up-party alone; undefined for addresses of the track itself. */
  readonly partyPath?: PartyPath;
  /** What follows, as segments: `['oauth', 'token']`. */
  readonly rest: readonly string[];
}

const ofTrack = ['account', 'device', '.well-known'];
const metadataPrefix = ['.well-known', 'oauth-authorization-server'];

const withParty = (
  tenant: string,
  track: string,
  [segment, ...rest]: readonly string[],
): Outcome<Place, 'malformed'> => {
  const partyPath = parsePartyPath(segment!);
  return partyPath.ok ? ok({ tenant, track, partyPath: partyPath.value, rest }) : partyPath;
};

/** Words that follow a track are the track's own unless what stands after them makes them a party's name. */
const isOfTrack = (after: readonly string[]): boolean => {
  const [word, next] = after;
  if (word === undefined) return true;
  return (
    ofTrack.includes(word) && next !== 'oauth' && next !== 'saml' && (word === '.well-known' || next !== '.well-known')
  );
};

/**
 * Reads the path of a request strictly: tenant and track are names exactly as written, the third segment a party with
 * binding or an up-party, the rest is left to the service. The prefix form of RFC 8414 3.1 gives the same place with that
 * well-known part as rest.
 * @param target the path as it stood in the request line, not yet decoded, perhaps with a query
 * @returns the place, whether anything is there or not; `malformed` is a 404 like any unknown place
 */
export const parsePlace = (target: string): Outcome<Place, 'malformed'> => {
  const split = splitPath(target);
  if (!split.ok) return split;
  const prefixed = metadataPrefix.every((word, index) => split.value[index] === word);
  const [tenant, track, ...after] = prefixed ? split.value.slice(2) : split.value;
  if (tenant === undefined || track === undefined || !isName(tenant) || !isName(track)) return fail('malformed');
  if (prefixed) return parseMetadata(tenant, track, after);
  return isOfTrack(after) ? ok({ tenant, track, rest: after }) : withParty(tenant, track, after);
};

const parseMetadata = (tenant: string, track: string, after: readonly string[]): Outcome<Place, 'malformed'> => {
  if (after.length > 1) return fail('malformed');
  if (after.length === 0) return ok({ tenant, track, rest: metadataPrefix });
  return withParty(tenant, track, [after[0]!, ...metadataPrefix]);
};

import type { Outcome } from '@corsac/outcome';
import { stringify } from 'yaml';
import { parseDownParty, parseExternalUser, parseTrackSettings, parseUpParty, parseUser } from '../parties/parse.js';
import type { WrittenTrack } from '../tracks/track.js';
import { isEqual } from './difference.js';
import { escapeReferences } from './environment.js';

/** A track to be written; its users come from another service and may be left out. */
export type TrackToFormat = Omit<WrittenTrack, 'users'> & Partial<Pick<WrittenTrack, 'users'>>;

type Parse = (input: unknown) => Outcome<unknown, unknown>;

/** Leaves out every setting that reading would fill in again, so that a file says what is special and nothing else. */
const withoutDefaults = (part: object, parse: Parse): object => {
  const isFilledIn = (shorter: object): boolean => {
    const outcome = parse(shorter);
    return outcome.ok && isEqual(outcome.value, part);
  };
  return Object.keys(part).reduce<Record<string, unknown>>(
    (left, key) => {
      const { [key]: _dropped, ...shorter } = left;
      return isFilledIn(shorter) ? shorter : left;
    },
    { ...part },
  );
};

/** A fingerprint is made with the key of one installation; in a file it would only mislead another. */
const withoutFingerprints = (party: object): object => {
  const { secrets } = party as { secrets?: unknown };
  if (!Array.isArray(secrets)) return party;
  const shown = (secret: unknown) => {
    if (secret === null || typeof secret !== 'object') return secret;
    const { fingerprint: _own, ...rest } = secret as { fingerprint?: string };
    return rest;
  };
  return { ...party, secrets: secrets.map(shown) };
};

const list = (items: readonly object[] | undefined, parse: Parse): object[] | undefined =>
  items && items.length > 0 ? items.map((item) => withoutDefaults(item, parse)) : undefined;

/**
 * Writes a track as a declarative document that reads back to the same track. Secrets must be in a stored form: hashes or sealed.
 * @param tenant name of the track's tenant
 */
export const formatTrack = (tenant: string, track: TrackToFormat): string => {
  const { name, display_name, note, settings, up_parties, down_parties, users, external_users } = track;
  const own = withoutDefaults(settings, parseTrackSettings);
  const document = {
    tenant,
    track: name,
    display_name,
    note,
    settings: Object.keys(own).length > 0 ? own : undefined,
    up_parties: list(up_parties, parseUpParty),
    down_parties: list(down_parties.map(withoutFingerprints), parseDownParty),
    users: list(users, parseUser),
    external_users: list(external_users, parseExternalUser),
  };
  return stringify(escapeReferences(document), { lineWidth: 0, version: '1.2' });
};

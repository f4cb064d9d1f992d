import { controlApiScopes, type RightArea } from '@corsac/model';
import type { Operation } from '../api/operation.js';
import { verbOf } from '../api/verb-of.js';

/** What each area is called where operations are listed, in this order. */
export const areas: Readonly<Record<RightArea, string>> = {
  installation: 'Tenants of the installation. Only in the tenant `master`.',
  tenant: 'The tenant and the list of its tracks.',
  track: 'Tracks and their settings.',
  party: 'Up-parties, down-parties, their secrets, and the keys of the track.',
  user: 'Users, external users, sessions, grants and locks.',
  log: 'What happened on logins and logouts.',
  audit: 'Who changed what.',
};

const wholes = (area: RightArea): string[] => {
  if (area === 'installation') return ['corsac:master'];
  if (area === 'tenant') return ['corsac:tenant'];
  const ofTracks = ['corsac:tenant', 'corsac:tenant:track', 'corsac:tenant:track[NAME]'];
  return area === 'track'
    ? ofTracks
    : [...ofTracks, `corsac:tenant:track:${area}`, `corsac:tenant:track[NAME]:${area}`];
};

type Asked = Pick<Operation, 'method' | 'verb' | 'area' | 'ofAnyTrack'>;

/** The rights of which one is needed, as scope and as role; `[NAME]` stands for the track. */
export const rightsFor = (asked: Asked): string[] => {
  const { area, ofAnyTrack } = asked;
  const verb = verbOf(asked);
  if (ofAnyTrack) {
    const every = controlApiScopes.filter((right) => right.startsWith('corsac:tenant'));
    return every.filter((right) => !right.includes('.') || right.endsWith(`.${verb}`));
  }
  return wholes(area).flatMap((whole) => [whole, `${whole}.${verb}`]);
};

/** Of those, the smallest. */
export const smallestRightFor = (asked: Asked): string => `${wholes(asked.area).at(-1)!}.${verbOf(asked)}`;

/** The same in words of a table. */
export const smallestRight = (asked: Asked): string => {
  if (asked.ofAnyTrack) return `any right that has \`.${verbOf(asked)}\` or no verb`;
  return `\`${smallestRightFor(asked)}\``;
};

/** Of those, the ones that a token can have as a scope. */
export const scopesFor = (asked: Asked): string[] =>
  rightsFor(asked).filter((right) => controlApiScopes.includes(right));

import { controlApiName, controlApiScopes } from '../control/control-scopes.js';
import { masterName } from '../names/names.js';
import { checkDownParty } from '../parties/check/down-party.js';
import { checkUpParty } from '../parties/check/up-party.js';
import { isClient } from '../parties/complete.js';
import type { WrittenDownParty } from '../parties/down-party.js';
import { canSignInUsers } from '../parties/up-party.js';
import { problem, under, type Problem } from '../problems/problem.js';
import type { ExternalUser } from '../users/external-user.js';
import type { WrittenUser } from '../users/user.js';
import { checkExternalUsers } from './validate-external-users.js';
import { trackLimits, type WrittenTrack } from './track.js';
import { initiatedPartyExists, samlKeyExists } from './validate-saml.js';

/** What is looked at: a track as written, or as kept (which has no users). */
export type ValidatedTrack = Pick<WrittenTrack, 'name' | 'settings' | 'up_parties' | 'down_parties'> & {
  readonly users?: readonly WrittenUser[];
  readonly external_users?: readonly ExternalUser[];
};

type Check = (party: WrittenDownParty, track: ValidatedTrack) => Problem[];

const repeated = (names: readonly string[], field: string): Problem[] =>
  names.flatMap((name, index) =>
    names.indexOf(name) < index ? [problem([index, field], `${name} is there twice`)] : [],
  );

const known = (names: readonly string[]): string =>
  names.length > 0 ? `This track has ${names.join(', ')}.` : 'This track has none.';

const allowedExist: Check = (party, track) => {
  const names = track.up_parties.map(({ name }) => name);
  return party.allow_up_parties.flatMap((name, index) =>
    names.includes(name) ? [] : [problem(['allow_up_parties', index], `there is no up-party ${name}`, known(names))],
  );
};

/** An `oauth2` party needs no user; every other kind that answers a browser needs a way to sign one in. */
const someoneCanSignIn: Check = (party, track) => {
  if (party.type === 'oauth2') return [];
  const usable = track.up_parties.filter((up) => party.allow_up_parties.includes(up.name) && canSignInUsers(up));
  if (usable.length > 0 || party.allow_up_parties.some((name) => !track.up_parties.some((up) => up.name === name)))
    return [];
  return [problem('allow_up_parties', 'must name an up-party that signs in users', 'Add one, for example login.')];
};

/** The Control API is a resource of the track `master` that nobody has to write. */
const resourceOf = (name: string, track: ValidatedTrack): readonly string[] | undefined => {
  const party = track.down_parties.find((other) => other.name === name);
  if (!party && name === controlApiName && track.name === masterName) return controlApiScopes;
  return party && 'resource' in party ? party.resource?.scopes : undefined;
};

/** Scopes asked on another resource must exist there; those on the own name were added to it by themselves. */
const resourceScopesExist: Check = (party, track) => {
  if (party.type !== 'oidc' && party.type !== 'oauth2') return [];
  return party.resource_scopes.flatMap(({ resource, scopes }, index) => {
    if (resource === party.name) return [];
    const there = resourceOf(resource, track);
    const path = ['resource_scopes', index];
    if (!there)
      return [
        problem(
          [...path, 'resource'],
          `there is no resource ${resource}`,
          'Create a party with that name and a resource.',
        ),
      ];
    return scopes.flatMap((scope, at) =>
      there.includes(scope)
        ? []
        : [
            problem(
              [...path, 'scopes', at],
              `resource ${resource} has no scope ${scope}`,
              `It has ${there.join(', ') || 'none'}.`,
            ),
          ],
    );
  });
};

const algsEnabled: Check = (party, { settings }) => {
  if (party.type !== 'oidc') return [];
  return (['id_token_signed_response_alg', 'userinfo_signed_response_alg'] as const).flatMap((field) => {
    const alg = party[field];
    if (!alg || settings.keys.signing_algs.includes(alg)) return [];
    return [problem(field, `the track has no key for ${alg}`, 'Add it to keys.signing_algs of the track.')];
  });
};

/** A party that is only an API is never asked for tokens, so settings of a client on it are a mistake. */
const apiIsNoClient: Check = (party) =>
  party.type === 'oauth2' && !isClient(party) && party.resource_scopes.length > 0
    ? [problem('resource_scopes', 'has no effect without a grant', 'Add a grant to grant_types.')]
    : [];

const downChecks: readonly Check[] = [
  (party, track) => checkDownParty(party, track.name),
  allowedExist,
  someoneCanSignIn,
  resourceScopesExist,
  algsEnabled,
  (party, { settings }) => samlKeyExists(party, settings),
  apiIsNoClient,
];

const userProblems = (users: readonly WrittenUser[]): Problem[] => {
  const owner = new Map<string, number>();
  return users.flatMap((user, index) =>
    (['user_id', 'email', 'phone', 'username'] as const).flatMap((field) => {
      const value = user[field];
      if (value === undefined) return [];
      const first = owner.get(value);
      if (first === undefined) owner.set(value, index);
      return first === undefined || first === index
        ? []
        : [problem([index, field], `${value} belongs to another user too`)];
    }),
  );
};

const tooMany = (field: string, count: number, limit: number): Problem[] =>
  count > limit ? [problem(field, `must be at most ${limit}`)] : [];

/**
 * Tells everything that is wrong with a track as a whole. The other side of a track link is not looked at: either side may be
 * created first, and a wrong one shows at sign-in.
 * @returns problems with paths from the track; none when it may be saved
 */
export const validateTrack = (track: ValidatedTrack): Problem[] => [
  ...tooMany('up_parties', track.up_parties.length, trackLimits.upParties),
  ...tooMany('down_parties', track.down_parties.length, trackLimits.downParties),
  ...under(
    ['up_parties'],
    repeated(
      track.up_parties.map(({ name }) => name),
      'name',
    ),
  ),
  ...under(
    ['down_parties'],
    repeated(
      track.down_parties.map(({ name }) => name),
      'name',
    ),
  ),
  ...track.up_parties.flatMap((party, index) =>
    under(
      ['up_parties', index],
      [
        ...checkUpParty(party, track.name),
        ...samlKeyExists(party, track.settings),
        ...initiatedPartyExists(party, track.down_parties),
      ],
    ),
  ),
  ...track.down_parties.flatMap((party, index) =>
    under(
      ['down_parties', index],
      downChecks.flatMap((check) => check(party, track)),
    ),
  ),
  ...under(['users'], userProblems(track.users ?? [])),
  ...under(['external_users'], checkExternalUsers(track.external_users ?? [], track.up_parties)),
];

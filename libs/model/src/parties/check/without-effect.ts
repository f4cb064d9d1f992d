import { problem, type Problem } from '../../problems/problem.js';
import type { WrittenDownParty } from '../down-party.js';
import type { WrittenUpParty } from '../up-party.js';

type Down<T extends WrittenDownParty['type']> = Extract<WrittenDownParty, { type: T }>;
type Entries = readonly { readonly in_id_token: boolean }[];

/** Kinds of party have settings in common; one that does nothing on some kind is refused there, so that nobody believes in it. */
const refuse = (isWritten: boolean, path: Problem['path'] | string, why: string, mend: string): Problem[] =>
  isWritten ? [problem(path, `has no effect here: ${why}`, mend)] : [];

const bindingStyle = ({ binding_style }: { binding_style: string }, why: string): Problem[] =>
  refuse(binding_style !== 'brackets', 'binding_style', why, 'Remove it.');

const inIdToken = (claims: Entries, path: Problem['path'], why: string): Problem[] =>
  claims.flatMap(({ in_id_token }, index) => refuse(in_id_token, [...path, index, 'in_id_token'], why, 'Remove it.'));

const machine = (party: Down<'oauth2'>): Problem[] => {
  const why = 'an oauth2 party gets no ID token';
  return [
    ...refuse(
      party.require_pkce,
      'require_pkce',
      'an oauth2 party has no authorize endpoint',
      'Remove it, or use type oidc for a client that signs in users.',
    ),
    ...inIdToken(party.claims, ['claims'], why),
    ...party.scopes.flatMap(({ voluntary_claims }, index) =>
      inIdToken(voluntary_claims, ['scopes', index, 'voluntary_claims'], why),
    ),
  ];
};

/** Names the settings of a down-party that would do nothing. */
export const downPartyWithoutEffect = (party: WrittenDownParty): Problem[] => [
  ...bindingStyle(party, 'whoever asks by the address of a down-party chooses the style, and each one is read'),
  ...(party.type === 'oauth2' ? machine(party) : []),
  ...(party.type === 'track_link' ? inIdToken(party.claims, ['claims'], 'no ID token goes over a track link') : []),
];

/** Names the settings of an up-party that would do nothing. */
export const upPartyWithoutEffect = (party: WrittenUpParty): Problem[] =>
  party.type !== 'oauth2'
    ? []
    : [
        ...bindingStyle(party, 'an oauth2 up-party has no addresses'),
        ...refuse(
          party.userinfo_endpoint !== undefined,
          'userinfo_endpoint',
          'an exchanged token brings its claims',
          'Remove it.',
        ),
        ...refuse(
          party.update_state === 'automatic_stopped',
          'update_state',
          'it stops what users are signed in by, and an oauth2 up-party signs nobody in',
          'Set automatic or manual.',
        ),
      ];

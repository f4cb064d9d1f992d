import { everyClaim } from '../../claims/claims.js';
import { forwardDefaults } from '../../claims/filter.js';
import { problem, type Problem } from '../../problems/problem.js';
import { reservedExternalClaims } from '../../users/external-user.js';
import type { WrittenUpParty } from '../up-party.js';

type Linking = Extract<WrittenUpParty, { type: 'oidc' | 'saml2' | 'track_link' }>;

const verifiedBy: Readonly<Record<string, string>> = { email: 'email_verified', phone_number: 'phone_number_verified' };

/** What the forward list leaves out is not there to link by. Lists of SAML parties have SAML names and are not looked at. */
const forwarded = (party: Linking): Problem[] => {
  const { link_external_user: settings, claims } = party;
  if (!settings || party.type === 'saml2' || claims.includes(everyClaim)) return [];
  const { link_claim_type, redemption_claim_type } = settings;
  const flag = redemption_claim_type === undefined ? undefined : verifiedBy[redemption_claim_type];
  const wanted = [
    ['link_claim_type', link_claim_type],
    ['redemption_claim_type', redemption_claim_type],
    ['redemption_claim_type', flag],
  ] as const;
  return wanted.flatMap(([field, type]) =>
    type === undefined || forwardDefaults.includes(type) || claims.includes(type)
      ? []
      : [problem(['link_external_user', field], `needs claim ${type}, which claims does not let through`, 'Add it.')],
  );
};

/** Settings of new records have no effect where none is made. */
const onlyWithCreation = (party: Linking): Problem[] => {
  const settings = party.link_external_user;
  if (!settings || settings.auto_create_user) return [];
  return (['elements', 'up_party_claims', 'claim_transforms'] as const)
    .filter((field) => settings[field].length > 0)
    .map((field) => problem(['link_external_user', field], 'has no effect unless auto_create_user is true'));
};

const kept = (party: Linking): Problem[] => {
  const settings = party.link_external_user;
  const types = [
    ...(settings?.up_party_claims ?? []).map((type, index) => ({ type, path: ['up_party_claims', index] })),
    ...(settings?.elements ?? []).flatMap((element, index) =>
      element.type === 'custom' ? [{ type: element.claim, path: ['elements', index, 'claim'] }] : [],
    ),
  ];
  return types
    .filter(({ type }) => reservedExternalClaims.includes(type))
    .map(({ path }) => problem(['link_external_user', ...path], 'is not kept in a record: it is made at sign-in'));
};

/** Tells what contradicts itself in how an up-party's users are linked to records. */
export const checkLinkExternalUser = (party: Linking): Problem[] => [
  ...forwarded(party),
  ...onlyWithCreation(party),
  ...kept(party),
];

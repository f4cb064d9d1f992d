import {
  downPartyAddresses,
  oidcUpPartyAddresses,
  resourceIdentifier,
  samlDownPartyAddresses,
  samlUpPartyAddresses,
  trackIssuer,
} from '@corsac/model';
import { asList, asObject } from '../form/schema.js';
import type { Party, Side } from './kinds.js';

/** Addresses that the other side has to be told, by what they are called there. */
export type Addresses = readonly (readonly [label: string, value: string])[];

interface Where {
  readonly base: string;
  readonly tenant: string;
  readonly track: string;
  /** By which up-parties its users sign in, of a down-party. */
  readonly upParties?: readonly string[];
}

/** How names are delimited in the addresses of an up-party. */
const styleOf = ({ binding_style }: Party) =>
  ({ style: binding_style === 'dots' || binding_style === 'tildes' ? binding_style : 'brackets' }) as const;

const upAddresses = (party: Party, where: Where): Addresses => {
  const place = { ...where, upParty: party.name, ...styleOf(party) };
  if (party.type === 'oidc') {
    const addresses = oidcUpPartyAddresses(place);
    return [
      ['Redirect URI', addresses.redirect_uri],
      ['Post logout redirect URI', addresses.post_logout_redirect_uri],
      ['Front-channel logout URI', addresses.frontchannel_logout_uri],
      ['Back-channel logout URI', addresses.backchannel_logout_uri],
    ];
  }
  if (party.type !== 'saml2') return [];
  const addresses = samlUpPartyAddresses(place);
  return [
    ['Entity ID', typeof party['sp_issuer'] === 'string' ? party['sp_issuer'] : trackIssuer(where)],
    ['Metadata', addresses.metadata],
    ['Assertion consumer service', addresses.acs],
    ['Single logout', addresses.single_logout],
  ];
};

const isClient = (party: Party): boolean =>
  party.type === 'oidc' || asList(party['grant_types']).length > 0 || party['resource'] === undefined;

const oauthAddresses = (party: Party, where: Where): Addresses => {
  const addresses = downPartyAddresses({ ...where, party: party.name });
  const tokens = party['issuer'] === 'track' ? trackIssuer(where) : addresses.issuer;
  return [
    ...(isClient(party)
      ? (
          [
            ['Authority', addresses.issuer],
            ['Client ID', party.name],
            ['Issuer of ID tokens', tokens],
            ['Discovery', addresses.discovery],
          ] as const
        ).filter(([label]) => party.type === 'oidc' || !label.startsWith('Issuer'))
      : []),
    ...(Object.keys(asObject(party['resource'])).length > 0
      ? ([
          ['Issuer of access tokens', trackIssuer(where)],
          ['Audience', party.name],
          ['Resource identifier', resourceIdentifier(where, party.name)],
        ] as const)
      : []),
  ];
};

const downAddresses = (party: Party, where: Where): Addresses => {
  if (party.type === 'oidc' || party.type === 'oauth2') return oauthAddresses(party, where);
  if (party.type !== 'saml2') return [];
  const addresses = samlDownPartyAddresses({ ...where, party: party.name });
  return [
    ['Entity ID', typeof party['idp_issuer'] === 'string' ? party['idp_issuer'] : trackIssuer(where)],
    ['Metadata', addresses.metadata],
    ['Single sign-on', addresses.authn],
    ['Single logout', addresses.logout],
  ];
};

/** What the other side has to be told of a party: known as soon as it has a name. */
export const addressesOf = (side: Side, party: Party, where: Where): Addresses => {
  if (party.name === '') return [];
  return side === 'up' ? upAddresses(party, where) : downAddresses(party, where);
};

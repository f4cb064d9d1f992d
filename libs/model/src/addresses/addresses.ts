import type { BindingStyle } from '../parties/party.js';
import { formatPartyPath } from '../party-path/binding.js';

/** A track as seen from outside. */
export interface TrackPlace {
  /** `CORSAC_BASE_URL`, without trailing slash; never taken from a request. */
  readonly base: string;
  readonly tenant: string;
  readonly track: string;
}

/** A down-party at an address, with the binding by which it was asked. */
export interface DownPartyPlace extends TrackPlace {
  readonly party: string;
  /** Up-parties in the order asked; undefined without binding. */
  readonly upParties?: readonly string[] | undefined;
  readonly style?: BindingStyle;
}

/** An up-party at its own addresses, which Corsac makes in the party's `binding_style`. */
export interface UpPartyPlace extends TrackPlace {
  readonly upParty: string;
  readonly style?: BindingStyle;
}

/** The base URL without the slashes that somebody may have left at its end. */
export const trimBase = (base: string): string => (base.endsWith('/') ? base.replace(/\/+$/, '') : base);

/** Issuer of a track: what an API trusts, and the EntityID of SAML (spec 1, Issuers). No trailing slash. */
export const trackIssuer = ({ base, tenant, track }: TrackPlace): string => `${trimBase(base)}/${tenant}/${track}`;

/**
 * Issuer of a down-party: the address it was asked by, raw brackets, names in the order asked, no trailing slash. It is also
 * the authority that a client is configured with. OIDC Discovery 4.3 wants metadata's `issuer` identical to it.
 */
export const partyIssuer = (place: DownPartyPlace): string =>
  `${trackIssuer(place)}/${formatPartyPath({ party: place.party, upParties: place.upParties, style: place.style ?? 'brackets' })}`;

/** Where an up-party's own addresses begin: `{base}/{tenant}/{track}/({up})`. */
export const upPartyBase = (place: UpPartyPlace): string =>
  `${trackIssuer(place)}/${formatPartyPath({ upParties: [place.upParty], style: place.style ?? 'brackets' })}`;

/** Addresses of a track without party. */
export const trackAddresses = (place: TrackPlace) => {
  const issuer = trackIssuer(place);
  return {
    issuer,
    discovery: `${issuer}/.well-known/openid-configuration`,
    jwks_uri: `${issuer}/.well-known/openid-configuration/keys`,
    oauth_metadata: `${trimBase(place.base)}/.well-known/oauth-authorization-server/${place.tenant}/${place.track}`,
    device: `${issuer}/device`,
    account: `${issuer}/account`,
  };
};

/** Addresses of an `oidc` or `oauth2` down-party under the binding by which it was asked; names as in RFC 8414 2 and OIDC Discovery 3. */
export const downPartyAddresses = (place: DownPartyPlace) => {
  const issuer = partyIssuer(place);
  const path = issuer.slice(trimBase(place.base).length);
  return {
    issuer,
    discovery: `${issuer}/.well-known/openid-configuration`,
    jwks_uri: `${issuer}/.well-known/openid-configuration/keys`,
    oauth_metadata: `${trimBase(place.base)}/.well-known/oauth-authorization-server${path}`,
    authorization_endpoint: `${issuer}/oauth/authorize`,
    end_session_endpoint: `${issuer}/oauth/endsession`,
    token_endpoint: `${issuer}/oauth/token`,
    userinfo_endpoint: `${issuer}/oauth/userinfo`,
    introspection_endpoint: `${issuer}/oauth/introspect`,
    revocation_endpoint: `${issuer}/oauth/revoke`,
    pushed_authorization_request_endpoint: `${issuer}/oauth/par`,
    device_authorization_endpoint: `${issuer}/oauth/device_authorization`,
  };
};

/** Addresses of a `saml2` down-party: we are its identity provider. */
export const samlDownPartyAddresses = (place: DownPartyPlace) => {
  const base = partyIssuer(place);
  return {
    authn: `${base}/saml/authn`,
    logout: `${base}/saml/logout`,
    initiate: `${base}/saml/initiate`,
    metadata: `${base}/saml/idpmetadata`,
  };
};

/** Addresses that an OpenID Provider has to be told about us; known as soon as the up-party has a name. */
export const oidcUpPartyAddresses = (place: UpPartyPlace) => {
  const base = upPartyBase(place);
  return {
    redirect_uri: `${base}/oauth/authorizationresponse`,
    post_logout_redirect_uri: `${base}/oauth/endsessionresponse`,
    frontchannel_logout_uri: `${base}/oauth/frontchannellogout`,
    backchannel_logout_uri: `${base}/oauth/backchannellogout`,
  };
};

/** Addresses that a SAML identity provider has to be told about us. */
export const samlUpPartyAddresses = (place: UpPartyPlace) => {
  const base = upPartyBase(place);
  return { acs: `${base}/saml/acs`, single_logout: `${base}/saml/singlelogout`, metadata: `${base}/saml/spmetadata` };
};

/** Where an up-party's pages begin: `/{tenant}/{track}/({up})/login`. Further steps are appended with a slash. */
export const loginAddress = (place: UpPartyPlace): string => `${upPartyBase(place)}/login`;

/** Installation-wide addresses of the config service. */
export const controlAddresses = (base: string) => ({
  console: `${trimBase(base)}/control/`,
  api: `${trimBase(base)}/api`,
  outbox: `${trimBase(base)}/outbox`,
});

/** A resource's identifier for the `resource` parameter (RFC 8707 2): `{track issuer}/{name}`. */
export const resourceIdentifier = (place: TrackPlace, resource: string): string => `${trackIssuer(place)}/${resource}`;

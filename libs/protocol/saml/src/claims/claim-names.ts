const WS = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/';
const MS = 'http://schemas.microsoft.com/ws/2008/06/identity/claims/';
const FX = 'http://schemas.foxids.com/identity/claims/';
const FW = 'http://schemas.foxids.com/ws/identity/claims/';
const SL = 'http://schemas.itfoxtec.com/ws/2014/02/identity/claims/';

/** A JWT claim and the attribute name that says the same. */
export interface ClaimMapping {
  readonly jwt_claim: string;
  readonly saml_claim: string;
}

/** Attribute names that have a meaning of their own here. The namespaces are those that applications know already. */
export const samlClaims = {
  nameIdentifier: `${WS}nameidentifier`,
  nameIdFormat: `${SL}saml2nameidformat`,
  sessionIndex: `${SL}saml2sessionindex`,
  authenticationInstant: `${MS}authenticationinstant`,
  authenticationMethod: `${MS}authenticationmethod`,
  amr: `${FX}amr`,
  upn: `${WS}upn`,
  email: `${WS}emailaddress`,
  name: `${WS}name`,
} as const;

/** Pairs that a track cannot change: what they say decides who the user is. */
export const lockedMappings: readonly ClaimMapping[] = [
  { jwt_claim: 'sub', saml_claim: samlClaims.nameIdentifier },
  { jwt_claim: 'sub_format', saml_claim: samlClaims.nameIdFormat },
  { jwt_claim: 'sid', saml_claim: samlClaims.sessionIndex },
  { jwt_claim: 'amr', saml_claim: samlClaims.amr },
  { jwt_claim: 'up_party', saml_claim: `${FX}upparty` },
  { jwt_claim: 'up_party_type', saml_claim: `${FX}uppartytype` },
  { jwt_claim: 'access_token', saml_claim: `${FX}accesstoken` },
  { jwt_claim: 'auth_method', saml_claim: `${FX}authmethod` },
  { jwt_claim: 'auth_profile_method', saml_claim: `${FX}authprofilemethod` },
  { jwt_claim: 'auth_method_type', saml_claim: `${FX}authmethodtype` },
  { jwt_claim: 'auth_method_issuer', saml_claim: `${FX}authmethodissuer` },
  { jwt_claim: 'local_sub', saml_claim: `${FX}localnameidentifier` },
];

/** Pairs that hold unless the track maps the same name elsewhere. */
export const defaultMappings: readonly ClaimMapping[] = [
  { jwt_claim: 'email', saml_claim: samlClaims.email },
  { jwt_claim: 'given_name', saml_claim: `${WS}givenname` },
  { jwt_claim: 'family_name', saml_claim: `${WS}surname` },
  { jwt_claim: 'role', saml_claim: `${MS}role` },
  { jwt_claim: 'name', saml_claim: samlClaims.name },
  { jwt_claim: 'upn', saml_claim: samlClaims.upn },
  { jwt_claim: 'email_verified', saml_claim: `${FW}emailverified` },
  { jwt_claim: 'preferred_username', saml_claim: `${FW}preferredusername` },
  { jwt_claim: 'client_id', saml_claim: `${FW}clientid` },
  { jwt_claim: 'cpr_number', saml_claim: `${FX}cprnumber` },
];

/** What an application gets without asking. */
export const defaultIssuedSamlClaims: readonly string[] = [
  samlClaims.nameIdentifier,
  samlClaims.nameIdFormat,
  samlClaims.sessionIndex,
  samlClaims.upn,
  samlClaims.authenticationInstant,
  samlClaims.authenticationMethod,
  `${FX}upparty`,
  `${FX}uppartytype`,
];

/**
 * Claims that only we, or a mapping, may make. An attribute that merely bears such a name, or one that no object should
 * have, is left out: otherwise a provider could say who the user is beside its NameID.
 */
export const reservedClaims: ReadonlySet<string> = new Set([
  ...lockedMappings.map(({ jwt_claim }) => jwt_claim),
  ...['iss', 'aud', 'exp', 'nbf', 'iat', 'jti', 'nonce', 'azp', 'at_hash', 'c_hash', 's_hash', 'auth_time', 'acr'],
  ...['client_id', 'scope', 'act', 'may_act', 'cnf', 'events', '__proto__', 'constructor', 'prototype'],
]);

/** Claims about a token, not about a user; an assertion says them in its own places. */
export const tokenClaims: ReadonlySet<string> = new Set([
  ...['iss', 'aud', 'exp', 'nbf', 'iat', 'jti', 'nonce', 'azp', 'at_hash', 'c_hash', 's_hash', 'cnf'],
]);

/** What an assertion says in places of its own; an attribute of that name is left out. Lower case. */
export const reservedSamlClaims: ReadonlySet<string> = new Set([
  samlClaims.nameIdentifier,
  samlClaims.nameIdFormat,
  samlClaims.sessionIndex,
  samlClaims.authenticationInstant,
  samlClaims.authenticationMethod,
]);

import { signingAlgs, type JsonObject } from '@corsac/jwt';
import { acceptedAuthMethods, hasKeys, prompts, respondsWith, type Client } from '@corsac/oauth';
import type { MetadataInput } from './metadata.js';

/** Claims that every ID token can carry. */
const idTokenMembers = [
  'sub',
  'iss',
  'aud',
  'exp',
  'iat',
  'auth_time',
  'nonce',
  'acr',
  'amr',
  'sid',
  'at_hash',
  'c_hash',
];

const deviceGrantType = 'urn:ietf:params:oauth:grant-type:device_code';

/** Token, introspection and revocation endpoint. RFC 8414 2, RFC 7009, RFC 7662, RFC 8628 4, RFC 9449 5.1. */
export const tokenServiceMembers = ({ client, issuers }: MetadataInput): JsonObject => {
  const auth = {
    ...authMembers(client, 'token'),
    ...authMembers(client, 'introspection'),
    ...authMembers(client, 'revocation'),
  };
  return {
    token_endpoint: `${issuers.party}/oauth/token`,
    introspection_endpoint: `${issuers.party}/oauth/introspect`,
    revocation_endpoint: `${issuers.party}/oauth/revoke`,
    ...auth,
    grant_types_supported: [...client.grant_types],
    scopes_supported: scopesOf(client),
    dpop_signing_alg_values_supported: [...signingAlgs],
    ...(client.grant_types.includes(deviceGrantType) && {
      device_authorization_endpoint: `${issuers.party}/oauth/device_authorization`,
    }),
  };
};

/** Authorize endpoint, with what it takes and how it answers. OIDC Discovery 3, RFC 9126 5, RFC 9207 3. */
export const authorizeMembers = ({ client, issuers, ui_locales }: MetadataInput): JsonObject => {
  // `response_types_supported` is required even where there is no authorize endpoint.
  if (client.type !== 'oidc') return { response_types_supported: [] };
  const types = client.response_types;
  return {
    authorization_endpoint: `${issuers.party}/oauth/authorize`,
    pushed_authorization_request_endpoint: `${issuers.party}/oauth/par`,
    require_pushed_authorization_requests: client.require_pushed_authorization_requests ?? false,
    response_types_supported: [...types],
    response_modes_supported: types.includes('code') ? ['query', 'fragment', 'form_post'] : ['fragment', 'form_post'],
    ...(types.some((type) => respondsWith(type, 'code')) && { code_challenge_methods_supported: ['S256'] }),
    authorization_response_iss_parameter_supported: true,
    claims_parameter_supported: true,
    request_parameter_supported: hasKeys(client),
    request_uri_parameter_supported: false,
    ...(hasKeys(client) && { request_object_signing_alg_values_supported: requestObjectAlgs(client) }),
    prompt_values_supported: [...prompts],
    display_values_supported: ['page'],
    ui_locales_supported: [...ui_locales],
  };
};

/** What is said about users, and how they leave. OIDC Discovery 3, RP-Initiated Logout 2.1, Front- and Back-Channel Logout 2.1. */
export const userMembers = ({ client, issuers, defaultAlg, acr_values }: MetadataInput): JsonObject => {
  // Required members of OIDC Discovery 3; a client without users gets no ID token all the same.
  const always = {
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [client.id_token_signed_response_alg ?? defaultAlg],
  };
  if (client.type !== 'oidc') return always;
  return {
    ...always,
    userinfo_endpoint: `${issuers.party}/oauth/userinfo`,
    ...(client.userinfo_signed_response_alg && {
      userinfo_signing_alg_values_supported: [client.userinfo_signed_response_alg],
    }),
    claim_types_supported: ['normal'],
    claims_supported: claimsOf(client),
    ...(acr_values && { acr_values_supported: [...acr_values] }),
    end_session_endpoint: `${issuers.party}/oauth/endsession`,
    frontchannel_logout_supported: true,
    frontchannel_logout_session_supported: true,
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
  };
};

const authMembers = (client: Client, endpoint: 'token' | 'introspection' | 'revocation'): JsonObject => {
  const methods = acceptedAuthMethods(client);
  return {
    [`${endpoint}_endpoint_auth_methods_supported`]: [...methods],
    ...(methods.includes('private_key_jwt') && {
      [`${endpoint}_endpoint_auth_signing_alg_values_supported`]: [...signingAlgs],
    }),
  };
};

const requestObjectAlgs = (client: Client): string[] =>
  client.request_object_signing_alg ? [client.request_object_signing_alg] : [...signingAlgs];

/** Scopes that this client may ask, those of resources in dot form. */
const scopesOf = (client: Client): string[] => [
  ...new Set([
    ...(client.type === 'oidc' ? ['openid'] : []),
    ...client.scopes.map(({ scope }) => scope),
    ...client.resource_scopes.flatMap(({ resource, scopes }) => scopes.map((scope) => `${resource}.${scope}`)),
  ]),
];

const claimsOf = (client: Client): string[] => [
  ...new Set([
    ...idTokenMembers,
    ...client.claims.map(({ claim }) => claim).filter((claim) => claim !== '*'),
    ...client.scopes.flatMap((scope) => scope.voluntary_claims.map(({ claim }) => claim)),
  ]),
];

import { problem, type Problem } from '../../problems/problem.js';
import { isClient } from '../complete.js';
import type { WrittenDownParty } from '../down-party.js';

type Of<T extends WrittenDownParty['type']> = Extract<WrittenDownParty, { type: T }>;

const words = (party: Of<'oidc'>): string[] => party.response_types.flatMap((type) => type.split(' '));

const when = (fails: boolean, ...parts: Parameters<typeof problem>): Problem[] => (fails ? [problem(...parts)] : []);

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';

const responseTypes = (party: Of<'oidc'>): Problem[] =>
  when(
    party.response_types.length === 0 && !party.grant_types.includes(deviceGrant),
    'response_types',
    'must name at least one response type',
    'Set [code], or use type oauth2 for a client without users.',
  );

const redirectUris = (party: Of<'oidc'>): Problem[] =>
  when(
    party.redirect_uris.length === 0 && party.response_types.length > 0,
    'redirect_uris',
    'must name at least one address',
    'Add the address to which the application wants its answer.',
  );

const pkce = (party: Of<'oidc'>): Problem[] =>
  when(
    party.require_pkce && party.response_types.length > 0 && !words(party).includes('code'),
    'require_pkce',
    'needs a response type with code',
    'Set require_pkce to false, or add code to response_types.',
  );

/** RFC 7591 2.1: the response types that are used and the grants that redeem them must fit. */
const grants = (party: Of<'oidc'>): Problem[] =>
  when(
    words(party).includes('code') && !party.grant_types.includes('authorization_code'),
    'grant_types',
    'must have authorization_code, because response_types has code',
  );

const keys = (party: Of<'oidc' | 'oauth2'>): Problem[] => {
  const has = party.jwks !== undefined || party.jwks_uri !== undefined;
  return [
    ...when(
      !!party.jwks && !!party.jwks_uri,
      'jwks_uri',
      'and jwks must not both be set',
      'RFC 7591 2: keep one of them.',
    ),
    ...when(
      party.token_endpoint_auth_method === 'private_key_jwt' && !has,
      'jwks',
      'is required with private_key_jwt',
      'Set jwks or jwks_uri.',
    ),
  ];
};

/** Only confidential clients may use the client credentials grant (RFC 6749 4.4). */
const confidential = (party: Of<'oidc' | 'oauth2'>): Problem[] =>
  when(
    party.token_endpoint_auth_method === 'none' && party.grant_types.includes('client_credentials'),
    'token_endpoint_auth_method',
    'must not be none with the grant client_credentials',
  );

const requestObjects = (party: Of<'oidc'>): Problem[] =>
  when(
    party.request_object_signing_alg !== undefined && !party.jwks && !party.jwks_uri,
    'request_object_signing_alg',
    'needs the keys of the client',
    'Set jwks or jwks_uri.',
  );

/** Tells what an OpenID Connect client lacks or contradicts in itself. */
export const checkOidcClient = (party: Of<'oidc'>): Problem[] =>
  [responseTypes, redirectUris, pkce, grants, keys, confidential, requestObjects].flatMap((check) => check(party));

const machineGrants = ['client_credentials', 'urn:ietf:params:oauth:grant-type:token-exchange'];

/** Kind `oauth2` has no authorize endpoint; it takes `token` as response type because the client credentials recipe writes it. */
const onlyMachine = (party: Of<'oauth2'>): Problem[] => [
  ...when(
    party.response_types.some((type) => type !== 'token'),
    'response_types',
    'can only be token, which has no effect',
    'Use type oidc for a client that signs in users.',
  ),
  ...when(
    party.grant_types.some((grant) => !machineGrants.includes(grant)),
    'grant_types',
    `can only be ${machineGrants.join(' and ')}`,
    'Use type oidc for a client that signs in users.',
  ),
];

/** Tells what an `oauth2` party lacks or contradicts in itself. */
export const checkOAuth2 = (party: Of<'oauth2'>): Problem[] => [
  ...onlyMachine(party),
  ...keys(party),
  ...confidential(party),
  ...when(
    !isClient(party) && !party.resource,
    'resource',
    'is required when the party is no client',
    'Set resource with its scopes, or grant_types.',
  ),
];

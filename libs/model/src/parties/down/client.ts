import type { SigningAlg } from '@corsac/jwt';
import type { AuthMethod, GrantType, ResponseType } from '@corsac/oauth';
import { z } from 'zod';
import { claimLimits, claimOrEverySchema, claimTypeSchema, everyClaim, jsonSchema } from '../../claims/claims.js';
import { nameSchema } from '../../names/names.js';
import { originSchema, redirectUriSchema, webUrlSchema } from '../urls.js';
import { jwksSchema } from '../up/provider.js';

/** The closed lists of the protocol, written again as values so that this library also runs in a browser; a test holds them equal. */
export const responseTypes = [
  'code',
  'code token',
  'code id_token',
  'code id_token token',
  'token',
  'id_token',
  'id_token token',
] as const satisfies readonly ResponseType[];

const words = ['code', 'id_token', 'token'];

/** The registered spelling of a response type whose words come in any order; whole words, each once. */
const normalise = (text: string): ResponseType | undefined => {
  const sorted = text.split(' ').sort((a, b) => words.indexOf(a) - words.indexOf(b));
  return responseTypes.find((type) => type === sorted.join(' '));
};

/** A response type with its words in any order. */
export const responseTypeSchema = z.string().transform((text, context): ResponseType => {
  const normal = normalise(text);
  if (normal) return normal;
  context.addIssue({ code: 'custom', message: `must be one of ${responseTypes.join(', ')}` });
  return z.NEVER;
});

export const grantTypes = [
  'authorization_code',
  'implicit',
  'refresh_token',
  'client_credentials',
  'urn:ietf:params:oauth:grant-type:token-exchange',
  'urn:ietf:params:oauth:grant-type:device_code',
] as const satisfies readonly GrantType[];

const authMethods = [
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
  'none',
] as const satisfies readonly AuthMethod[];

/** Algorithms of signatures that a client may choose; the track must have a key for it. */
export const signingAlgs = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const satisfies readonly SigningAlg[];
export const signingAlgSchema = z.enum(signingAlgs);

/** A scope that configuration names (RFC 6749 3.3); `"` and `\` are not scope characters. */
export const scopeNameSchema = z
  .string()
  .min(1)
  .max(50)
  .regex(/^[A-Za-z0-9_:;.,=[\]/-]+$/, 'must consist of letters, digits and _ : ; . , = [ ] / -');

/** The part of a resource scope after the resource's name. */
export const resourceScopeNameSchema = scopeNameSchema;

const distinct = (what: string) => ({ message: `must not name ${what} twice` });
const isDistinct = (values: readonly string[]): boolean => new Set(values).size === values.length;

const voluntaryClaim = z.strictObject({
  claim: claimTypeSchema.describe('Name of the claim.'),
  in_id_token: z
    .boolean()
    .default(false)
    .describe('Also in the ID token; access token and UserInfo have it anyway. Refused of `oauth2`, which gets none.'),
});

/** A scope of a client and the user's claims that come with it. */
export const clientScopeSchema = z.strictObject({
  scope: scopeNameSchema.describe('Name of the scope.'),
  voluntary_claims: z
    .array(voluntaryClaim)
    .max(100)
    .refine((list) => isDistinct(list.map(({ claim }) => claim)), distinct('a claim'))
    .default([])
    .describe('Claims of the user that come with the scope.'),
});
export type ClientScope = z.output<typeof clientScopeSchema>;

/** A claim that is issued whatever scope was asked; constant `values` are always added. */
export const issueClaimSchema = z
  .strictObject({
    claim: claimOrEverySchema.describe('Name of the claim, or `*` for all.'),
    values: z
      .array(jsonSchema)
      .max(claimLimits.configuredValues)
      .default([])
      .describe('Values that are added to those of the user.'),
    in_id_token: z
      .boolean()
      .default(false)
      .describe('Also in the ID token. Refused where there is none: of `oauth2` and of a track link.'),
  })
  .refine((entry) => entry.claim !== everyClaim || entry.values.length === 0, {
    path: ['values'],
    message: 'must be empty for *',
  });
export type IssueClaim = z.output<typeof issueClaimSchema>;

/** The resource and the scopes of it that a client may ask. */
export const resourceScopeSchema = z.strictObject({
  resource: nameSchema.describe('The party that is the API.'),
  scopes: z
    .array(resourceScopeNameSchema)
    .max(100)
    .refine(isDistinct, distinct('a scope'))
    .default([])
    .describe('Scopes of it; asked for as `{resource}.{scope}`.'),
});
export type ResourceScope = z.output<typeof resourceScopeSchema>;

const redirectUris = z
  .array(redirectUriSchema)
  .max(200)
  .refine(isDistinct, distinct('an address'))
  .refine((uris) => uris.join('').length <= 25_000, { message: 'must be at most 25000 characters together' });

const issueClaims = z
  .array(issueClaimSchema)
  .max(100)
  .refine((list) => isDistinct(list.map(({ claim }) => claim)), distinct('a claim'));

/** What both kinds of OAuth client have: names and defaults of spec 3, limits of reference 2.2; lifetimes in seconds. */
export const clientShape = {
  redirect_uris: redirectUris
    .default([])
    .describe(
      'Where answers may go; compared exactly, but for the port of `http://127.0.0.1` and `http://[::1]`. Of `oauth2`: without effect.',
    ),
  response_types: z
    .array(responseTypeSchema)
    .max(responseTypes.length)
    .refine(isDistinct, distinct('a response type'))
    .optional()
    .describe(
      'What it may ask the authorize endpoint for, words in any order. Left out: `code`; of `oauth2` none, and `token` there has no effect.',
    ),
  grant_types: z
    .array(z.enum(grantTypes))
    .refine(isDistinct, distinct('a grant type'))
    .optional()
    .describe(
      'What it may do at the token endpoint. Left out: `authorization_code` and `refresh_token` for response types with code, `implicit` for others; of `oauth2` `client_credentials` and token exchange, or none when it is only an API.',
    ),
  token_endpoint_auth_method: z
    .enum(authMethods)
    .optional()
    .describe(
      'How it must prove itself. Left out: `client_secret_basic` and `client_secret_post` are both taken from a client with secrets.',
    ),
  jwks: jwksSchema.optional().describe('Public keys of the client, for `private_key_jwt` and request objects.'),
  jwks_uri: webUrlSchema.optional().describe('Address of these keys, in place of `jwks`.'),
  allow_cors_origins: z
    .array(originSchema)
    .max(40)
    .default([])
    .describe('Origins of pages that may call the endpoints of this client by script.'),
  resource_scopes: z
    .array(resourceScopeSchema)
    .max(50)
    .refine((list) => isDistinct(list.map(({ resource }) => resource)), distinct('a resource'))
    .optional()
    .describe('APIs, and scopes of them, for which the client may ask. Left out or empty: the client itself.'),
  scopes: z
    .array(clientScopeSchema)
    .max(100)
    .refine((list) => isDistinct(list.map(({ scope }) => scope)), distinct('a scope'))
    .optional()
    .describe(
      'Scopes that it may ask for, besides `openid`, and the claims that come with each. Left out: `offline_access`, `profile`, `email`, `address` and `phone` with their usual claims; of `oauth2` none.',
    ),
  claims: issueClaims.default([]).describe('Claims that are issued whatever scope was asked for.'),
  access_token_lifetime: z.int().min(300).max(86_400).default(3600).describe('Seconds that an access token is valid.'),
  dpop_bound_access_tokens: z
    .boolean()
    .default(false)
    .describe('Refuses token requests without DPoP proof, RFC 9449. A proof that is sent always counts.'),
  issuer: z
    .enum(['party', 'track'])
    .default('party')
    .describe(
      '`party`: tokens carry the address that the sign-in came by as issuer, but access tokens for APIs that of the track. `track`: all carry that of the track, and such clients may use the endpoints at each other’s addresses.',
    ),
};

/** An API: what access tokens can be asked for. */
export const resourceSchema = z.strictObject({
  scopes: z
    .array(resourceScopeNameSchema)
    .max(100)
    .refine(isDistinct, distinct('a scope'))
    .default([])
    .describe('Scopes of the API.'),
});
export type Resource = z.output<typeof resourceSchema>;

/** Most secrets of one party, reference 2.2. */
export const maxSecrets = 10;

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

const voluntaryClaim = z.strictObject({ claim: claimTypeSchema, in_id_token: z.boolean().default(false) });

/** A scope of a client and the user's claims that come with it. */
export const clientScopeSchema = z.strictObject({
  scope: scopeNameSchema,
  voluntary_claims: z
    .array(voluntaryClaim)
    .max(100)
    .refine((list) => isDistinct(list.map(({ claim }) => claim)), distinct('a claim'))
    .default([]),
});
export type ClientScope = z.output<typeof clientScopeSchema>;

/** A claim that is issued whatever scope was asked; constant `values` are always added. */
export const issueClaimSchema = z
  .strictObject({
    claim: claimOrEverySchema,
    values: z.array(jsonSchema).max(claimLimits.configuredValues).default([]),
    in_id_token: z.boolean().default(false),
  })
  .refine((entry) => entry.claim !== everyClaim || entry.values.length === 0, {
    path: ['values'],
    message: 'must be empty for *',
  });
export type IssueClaim = z.output<typeof issueClaimSchema>;

/** The resource and the scopes of it that a client may ask. */
export const resourceScopeSchema = z.strictObject({
  resource: nameSchema,
  scopes: z.array(resourceScopeNameSchema).max(100).refine(isDistinct, distinct('a scope')).default([]),
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
  redirect_uris: redirectUris.default([]),
  response_types: z
    .array(responseTypeSchema)
    .max(responseTypes.length)
    .refine(isDistinct, distinct('a response type'))
    .optional(),
  grant_types: z.array(z.enum(grantTypes)).refine(isDistinct, distinct('a grant type')).optional(),
  token_endpoint_auth_method: z
    .enum(authMethods)
    .optional()
    .meta({ description: 'Left out: basic and post are both accepted from a client with secrets.' }),
  jwks: jwksSchema.optional(),
  jwks_uri: webUrlSchema.optional(),
  allow_cors_origins: z.array(originSchema).max(40).default([]),
  resource_scopes: z
    .array(resourceScopeSchema)
    .max(50)
    .refine((list) => isDistinct(list.map(({ resource }) => resource)), distinct('a resource'))
    .optional()
    .meta({ description: 'Left out or empty: the client itself.' }),
  scopes: z
    .array(clientScopeSchema)
    .max(100)
    .refine((list) => isDistinct(list.map(({ scope }) => scope)), distinct('a scope'))
    .optional(),
  claims: issueClaims.default([]),
  access_token_lifetime: z.int().min(300).max(86_400).default(3600),
  dpop_bound_access_tokens: z.boolean().default(false),
  issuer: z
    .enum(['party', 'track'])
    .default('party')
    .meta({ description: 'track: everything that the party gets carries the issuer of the track.' }),
};

/** An API: what access tokens can be asked for. */
export const resourceSchema = z.strictObject({
  scopes: z.array(resourceScopeNameSchema).max(100).refine(isDistinct, distinct('a scope')).default([]),
});
export type Resource = z.output<typeof resourceSchema>;

/** Most secrets of one party, reference 2.2. */
export const maxSecrets = 10;

import { z } from 'zod';
import { claimOrEverySchema, everyClaim } from '../../claims/claims.js';
import { authoritySchema, entityIdSchema, webUrlSchema } from '../urls.js';

/** A public key as a JWK, RFC 7517; members that would carry a private key are refused. */
export const publicJwkSchema = z
  .looseObject({
    kty: z.enum(['RSA', 'EC', 'OKP']).describe('Kind of key; its other members are as in RFC 7518.'),
    kid: z.string().max(200).optional().describe('Name of the key in the header of tokens.'),
  })
  .refine((jwk) => !['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'oth'].some((member) => member in jwk), {
    message: 'must be a public key, without private members',
  });

/** A public key set, RFC 7517 5. */
export const jwksSchema = z.strictObject({
  keys: z.array(publicJwkSchema).min(1).max(50).describe('Keys as JWK, RFC 7517, without private members.'),
});

/** An X.509 certificate as PEM or base64 DER. */
export const certificateSchema = z
  .string()
  .max(20_000)
  .regex(
    /^(-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*|[A-Za-z0-9+/=\s]+)$/,
    'must be a certificate as PEM or base64',
  );

/** How an up-party's facts come here and stay fresh; seconds. `manual`: only what is written counts. */
export const updateShape = {
  update_state: z
    .enum(['automatic', 'manual', 'automatic_stopped'])
    .default('automatic')
    .describe(
      '`automatic`: issuer, keys and addresses are read from the metadata, and again by the update rate. `automatic_stopped`: users are signed in by what was read once; refused of `oauth2`, which signs nobody in. `manual`: only what is written counts.',
    ),
};

const rate = z
  .int()
  .min(14_400)
  .max(5_184_000)
  .default(172_800)
  .describe(
    'Seconds after which the metadata is read again; an unknown key of an OpenID Provider asks for it at once.',
  );

/** An issuer with keys, found by discovery or written by hand: the trust half of `oidc` and `oauth2` up-parties, reference 3.1. */
export const openidIssuerShape = {
  ...updateShape,
  oidc_discovery_update_rate: rate,
  authority: authoritySchema
    .optional()
    .describe(
      'Address of the provider; its discovery document says the rest. A trailing slash and the whole discovery address are fine. Required unless `update_state` is `manual`.',
    ),
  edit_issuers_in_automatic: z.boolean().default(false).describe('Without effect: `issuers` counts either way.'),
  issuers: z
    .array(entityIdSchema)
    .max(10)
    .default([])
    .describe(
      'Accepted issuers besides the one at `authority`: needed where the discovery document names another, and in token exchange the whole list when it is not empty. Required when `update_state` is `manual`.',
    ),
  sp_issuer: entityIdSchema
    .optional()
    .describe('Audience that exchanged tokens must have. Left out: the issuer of the track.'),
  jwks: jwksSchema.optional().describe('Public keys of the provider; count when `update_state` is `manual`.'),
  jwks_uri: webUrlSchema
    .optional()
    .describe('Address of its public keys; counts when `update_state` is `manual` and `jwks` is left out.'),
  userinfo_endpoint: webUrlSchema
    .optional()
    .describe('Address of UserInfo, in place of the discovered one. Refused of `oauth2`, which has no use for it.'),
};

/** How often SAML metadata is read again. */
export const metadataUpdateRate = rate;

/** Which of an up-party's two uses are open: signing users in, and token exchange. */
export const trustShape = {
  user_authentication: z.boolean().default(true).describe('Users may sign in by it.'),
  token_exchange: z
    .boolean()
    .default(true)
    .describe('Clients that name it in `allow_up_parties` may exchange its tokens.'),
};

/** Claims that pass from the up-party to the down-parties, besides the standard ones; `*` for all. */
export const forwardClaimsSchema = z
  .array(claimOrEverySchema)
  .max(100)
  .refine((claims) => new Set(claims).size === claims.length, { message: 'must not name a claim twice' })
  .default([everyClaim])
  .describe(
    'Claims that go on to the down-parties, besides those of every sign-in (`sub`, `auth_time`, `acr`, `amr` and the like). `*`: all but those that are about the token itself; `access_token` (the token of the provider) only by name.',
  );

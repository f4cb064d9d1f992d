import { z } from 'zod';
import { claimOrEverySchema, everyClaim } from '../../claims/claims.js';
import { authoritySchema, entityIdSchema, webUrlSchema } from '../urls.js';

/** A public key as a JWK, RFC 7517; members that would carry a private key are refused. */
export const publicJwkSchema = z
  .looseObject({ kty: z.enum(['RSA', 'EC', 'OKP']), kid: z.string().max(200).optional() })
  .refine((jwk) => !['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'oth'].some((member) => member in jwk), {
    message: 'must be a public key, without private members',
  });

/** A public key set, RFC 7517 5. */
export const jwksSchema = z.strictObject({ keys: z.array(publicJwkSchema).min(1).max(50) });

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
  update_state: z.enum(['automatic', 'manual', 'automatic_stopped']).default('automatic'),
};

const rate = z.int().min(14_400).max(5_184_000).default(172_800);

/** An issuer with keys, found by discovery or written by hand: the trust half of `oidc` and `oauth2` up-parties, reference 3.1. */
export const openidIssuerShape = {
  ...updateShape,
  oidc_discovery_update_rate: rate,
  authority: authoritySchema.optional(),
  edit_issuers_in_automatic: z.boolean().default(false),
  issuers: z
    .array(entityIdSchema)
    .max(10)
    .default([])
    .meta({ description: 'Accepted issuers; empty: the one that discovery names.' }),
  sp_issuer: entityIdSchema
    .optional()
    .meta({ description: 'Audience expected in exchanged tokens; by default the track issuer.' }),
  jwks: jwksSchema.optional(),
  jwks_uri: webUrlSchema.optional(),
  userinfo_endpoint: webUrlSchema.optional(),
};

/** How often SAML metadata is read again. */
export const metadataUpdateRate = rate;

/** Which of an up-party's two uses are open: signing users in, and token exchange. */
export const trustShape = {
  user_authentication: z.boolean().default(true),
  token_exchange: z.boolean().default(true),
};

/** Claims that pass from the up-party to the down-parties, besides the standard ones; `*` for all. */
export const forwardClaimsSchema = z
  .array(claimOrEverySchema)
  .max(100)
  .refine((claims) => new Set(claims).size === claims.length, { message: 'must not name a claim twice' })
  .default([everyClaim]);

import { z } from 'zod';
import { allowUpPartiesSchema, partyShape } from '../party.js';
import {
  nameIdFormatSchema,
  samlBindingSchema,
  samlIssueClaim,
  samlMetadataShape,
  samlSignatureAlgorithmSchema,
} from '../saml.js';
import { certificateSchema } from '../up/provider.js';
import { entityIdSchema, webUrlSchema } from '../urls.js';

/** A SAML 2.0 application, spec 5 and reference 8.2; lifetimes in seconds. */
export const saml2DownParty = z.strictObject({
  ...partyShape,
  ...samlMetadataShape,
  type: z.literal('saml2'),
  allow_up_parties: allowUpPartiesSchema.default([]),
  issuer: entityIdSchema.meta({ description: 'EntityID of the application.' }),
  idp_issuer: entityIdSchema.optional().meta({ description: 'Our EntityID towards it; by default the track issuer.' }),
  acs_urls: z.array(webUrlSchema).min(1).max(10),
  authn_request_binding: samlBindingSchema.default('redirect'),
  authn_response_binding: samlBindingSchema.default('post'),
  require_signed_authn_requests: z.boolean().default(false),
  subject_confirmation_lifetime: z.int().min(60).max(900).default(300),
  issued_token_lifetime: z.int().min(300).max(86_400).default(3600),
  signature_algorithm: samlSignatureAlgorithmSchema,
  allow_sha1: z.boolean().default(false),
  authn_response_sign_type: z
    .enum(['sign_response', 'sign_assertion', 'sign_assertion_and_response'])
    .default('sign_response'),
  encrypt_authn_response: z.boolean().default(false),
  encryption_key: certificateSchema.optional(),
  nameid_format: nameIdFormatSchema.optional(),
  logout_request_binding: samlBindingSchema.default('post'),
  logout_response_binding: samlBindingSchema.default('post'),
  single_logout_url: webUrlSchema.optional(),
  single_logout_soap_url: webUrlSchema.optional(),
  logged_out_url: webUrlSchema.optional(),
  keys: z.array(certificateSchema).max(10).default([]),
  claims: z
    .array(samlIssueClaim)
    .max(500)
    .refine((list) => new Set(list.map(({ claim }) => claim)).size === list.length, {
      message: 'must not name a claim twice',
    })
    .default([]),
});

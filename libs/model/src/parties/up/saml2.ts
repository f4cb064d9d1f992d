import { z } from 'zod';
import { everyClaim } from '../../claims/claims.js';
import { homeRealmShape } from '../../home-realm/settings.js';
import { sessionShape } from '../../sessions/settings.js';
import { partyShape } from '../party.js';
import {
  nameIdFormatSchema,
  samlBindingSchema,
  samlClaimsSchema,
  samlMetadataShape,
  samlSignatureAlgorithmSchema,
} from '../saml.js';
import { entityIdSchema, webUrlSchema } from '../urls.js';
import { certificateSchema, metadataUpdateRate, trustShape, updateShape } from './provider.js';

const attribute = z.strictObject({
  name: z.string().min(1).max(500),
  name_format: z.string().max(200).optional(),
  required: z.boolean().default(false),
});

const attributeService = z.strictObject({
  service_name: z.string().min(1).max(200),
  requested_attributes: z.array(attribute).min(1).max(100),
});

/** Rules for assertions that are exchanged for access tokens, spec 5. */
const exchangeShape = {
  recipients: z
    .array(webUrlSchema)
    .max(10)
    .default([])
    .meta({ description: 'Recipient addresses accepted in exchanged assertions.' }),
  accept_confirmed: z
    .boolean()
    .default(false)
    .meta({ description: 'true: the expiry of the subject confirmation is not checked in token exchange.' }),
  one_use: z
    .boolean()
    .default(true)
    .meta({ description: 'false: the same client may exchange the same assertion again.' }),
};

/** An up-party that is a SAML 2.0 identity provider, spec 5 and reference 8.1. */
export const saml2UpParty = z.strictObject({
  ...partyShape,
  ...updateShape,
  ...trustShape,
  ...sessionShape,
  ...homeRealmShape,
  ...samlMetadataShape,
  ...exchangeShape,
  type: z.literal('saml2'),
  metadata_url: webUrlSchema.optional(),
  metadata_xml: z.string().max(200_000).optional(),
  metadata_update_rate: metadataUpdateRate,
  issuers: z
    .array(entityIdSchema)
    .max(1)
    .default([])
    .meta({ description: 'The EntityID; empty: the one in the metadata.' }),
  sp_issuer: entityIdSchema
    .optional()
    .meta({ description: 'Our EntityID and expected audience; by default the track issuer.' }),
  authn_request_binding: samlBindingSchema.optional(),
  authn_response_binding: samlBindingSchema.default('post'),
  authn_url: webUrlSchema.optional(),
  sign_authn_requests: z.boolean().optional(),
  logout_request_binding: samlBindingSchema.optional(),
  logout_response_binding: samlBindingSchema.optional(),
  logout_url: webUrlSchema.optional(),
  single_logout_response_url: webUrlSchema.optional(),
  keys: z.array(certificateSchema).max(10).default([]),
  signature_algorithm: samlSignatureAlgorithmSchema,
  allow_sha1: z.boolean().default(false),
  authn_context_comparison: z.enum(['exact', 'minimum', 'maximum', 'better']).optional(),
  authn_context_class_references: z.array(z.string().min(1).max(500)).max(20).default([]),
  nameid_format: nameIdFormatSchema.optional(),
  send_login_hint: z.boolean().default(true),
  claims: samlClaimsSchema.default([everyClaim]),
  enable_idp_initiated: z.boolean().default(false),
  idp_initiated_grant_lifetime: z.int().min(5).max(300).default(30),
  metadata_attribute_consuming_services: z.array(attributeService).max(10).default([]),
});

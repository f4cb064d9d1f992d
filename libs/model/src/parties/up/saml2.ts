import { z } from 'zod';
import { everyClaim } from '../../claims/claims.js';
import { homeRealmShape } from '../../home-realm/settings.js';
import { nameSchema } from '../../names/names.js';
import { sessionShape } from '../../sessions/settings.js';
import { partyShape } from '../party.js';
import { linkExternalUserShape } from './link-external-user.js';
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
  name: z.string().min(1).max(500).describe('Name of the attribute.'),
  name_format: z.string().max(200).optional().describe('Format of that name.'),
  required: z.boolean().default(false).describe('The service does not work without it.'),
});

const attributeService = z.strictObject({
  service_name: z.string().min(1).max(200).describe('What the service is called.'),
  requested_attributes: z.array(attribute).min(1).max(100).describe('Attributes that it asks for.'),
});

/** Rules for assertions that are exchanged for access tokens, spec 5. */
const exchangeShape = {
  recipients: z
    .array(webUrlSchema)
    .max(10)
    .default([])
    .describe('Recipient addresses that exchanged assertions may name. Empty: no assertion can be exchanged.'),
  accept_confirmed: z
    .boolean()
    .default(false)
    .describe(
      '`true`: in token exchange the end of the subject confirmation is not looked at, only that of the conditions.',
    ),
  one_use: z
    .boolean()
    .default(true)
    .describe('`false`: the same client may exchange the same assertion again; another one never may.'),
};

/** An up-party that is a SAML 2.0 identity provider, spec 5 and reference 8.1. */
export const saml2UpParty = z.strictObject({
  ...partyShape,
  ...updateShape,
  ...trustShape,
  ...sessionShape,
  ...homeRealmShape,
  ...linkExternalUserShape,
  ...samlMetadataShape,
  ...exchangeShape,
  type: z.literal('saml2').describe('A SAML 2.0 identity provider.'),
  metadata_url: webUrlSchema
    .optional()
    .describe('Address of its metadata. It or `metadata_xml` is required unless `update_state` is `manual`.'),
  metadata_xml: z
    .string()
    .max(200_000)
    .optional()
    .describe('Its metadata as text; counts when `metadata_url` does not.'),
  metadata_update_rate: metadataUpdateRate,
  issuers: z
    .array(entityIdSchema)
    .max(1)
    .default([])
    .describe('EntityID of the provider. Empty: the one in the metadata. Required when `update_state` is `manual`.'),
  sp_issuer: entityIdSchema
    .optional()
    .describe(
      'EntityID of this up-party, and the audience that assertions must have. Left out: the issuer of the track.',
    ),
  authn_request_binding: samlBindingSchema
    .optional()
    .describe('How requests are sent. Left out: the first way that the provider offers.'),
  authn_response_binding: samlBindingSchema.default('post').describe('How the provider must answer.'),
  authn_url: webUrlSchema.optional().describe('Where requests are sent, in place of the address in the metadata.'),
  sign_authn_requests: z.boolean().optional().describe('Signs requests. Left out: when the metadata wants it.'),
  logout_request_binding: samlBindingSchema
    .optional()
    .describe('How logout requests are sent. Left out: the first way that the provider offers.'),
  logout_response_binding: samlBindingSchema
    .optional()
    .describe('How logout responses are sent. Left out: the first way that the provider offers.'),
  logout_url: webUrlSchema
    .optional()
    .describe('Where logout messages are sent, in place of the address in the metadata.'),
  single_logout_response_url: webUrlSchema
    .optional()
    .describe('Where logout responses are sent, when `logout_url` is for requests only.'),
  single_logout_soap_url: webUrlSchema
    .optional()
    .describe(
      'Where logout requests are sent over SOAP, in place of the address in the metadata: when it takes none from browsers, or no browser is at hand.',
    ),
  keys: z
    .array(certificateSchema)
    .max(10)
    .default([])
    .describe(
      'Certificates that its signatures are checked with, beside those of the metadata (in token exchange: only without metadata). Required when `update_state` is `manual`.',
    ),
  signature_algorithm: samlSignatureAlgorithmSchema,
  allow_sha1: z.boolean().default(false).describe('Also takes signatures made with SHA-1.'),
  authn_context_comparison: z
    .enum(['exact', 'minimum', 'maximum', 'better'])
    .optional()
    .describe('How the classes below are meant. Left out: `exact`.'),
  authn_context_class_references: z
    .array(z.string().min(1).max(500))
    .max(20)
    .default([])
    .describe('Classes of authentication that are asked for. Empty: what the application asks for.'),
  nameid_format: nameIdFormatSchema.optional().describe('NameID format that is asked for. Left out: none.'),
  send_login_hint: z.boolean().default(true).describe('Sends `login_hint` as the subject of the request.'),
  claims: samlClaimsSchema
    .default([everyClaim])
    .describe('Claims or attributes that go on to the down-parties, besides those of every sign-in. `*`: all.'),
  enable_idp_initiated: z
    .boolean()
    .default(false)
    .describe(
      'Takes responses that nobody asked for. Their RelayState names the application: `app_name=...&app_type=saml2|oidc&app_redirect=...`.',
    ),
  idp_initiated_party: nameSchema
    .optional()
    .describe('The application for which such a response is when its RelayState names none.'),
  idp_initiated_grant_lifetime: z
    .int()
    .min(5)
    .max(300)
    .default(30)
    .describe('Seconds in which an `oidc` application must begin its sign-in after such a response.'),
  metadata_attribute_consuming_services: z
    .array(attributeService)
    .max(10)
    .default([])
    .describe('Services and attributes that the metadata of this up-party names.'),
});

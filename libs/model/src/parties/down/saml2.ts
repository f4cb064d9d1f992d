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
  type: z.literal('saml2').describe('A SAML 2.0 application.'),
  allow_up_parties: allowUpPartiesSchema
    .default([])
    .describe(
      'Up-parties by which its users may sign in; the order is that of the buttons. At least one must sign in users.',
    ),
  issuer: entityIdSchema.describe('EntityID of the application.'),
  idp_issuer: entityIdSchema.optional().describe('EntityID of Corsac towards it. Left out: the issuer of the track.'),
  acs_urls: z
    .array(webUrlSchema)
    .min(1)
    .max(10)
    .describe('Where responses may go; the first when the request names none.'),
  authn_request_binding: samlBindingSchema
    .optional()
    .describe('How requests must come; the other way is refused. Left out: both are taken.'),
  authn_response_binding: samlBindingSchema.default('post').describe('How responses are sent.'),
  require_signed_authn_requests: z
    .boolean()
    .default(false)
    .describe(
      'Refuses requests without signature. Needs `keys`, with which a signature is checked whenever there is one.',
    ),
  enable_idp_initiated: z
    .boolean()
    .default(false)
    .describe(
      'Sends it responses that it did not ask for: of sign-ins that begin at `saml/initiate`, or at an identity provider.',
    ),
  subject_confirmation_lifetime: z
    .int()
    .min(60)
    .max(900)
    .default(300)
    .describe('Seconds in which a response must be presented.'),
  issued_token_lifetime: z.int().min(300).max(86_400).default(3600).describe('Seconds that an assertion is valid.'),
  signature_algorithm: samlSignatureAlgorithmSchema,
  allow_sha1: z.boolean().default(false).describe('Also takes signatures made with SHA-1.'),
  authn_response_sign_type: z
    .enum(['sign_response', 'sign_assertion', 'sign_assertion_and_response'])
    .default('sign_response')
    .describe('What is signed.'),
  encrypt_authn_response: z.boolean().default(false).describe('Encrypts the assertion.'),
  encryption_key: certificateSchema.optional().describe('Certificate that it is encrypted for; its key must be RSA.'),
  encryption_algorithm: z
    .enum(['aes256-gcm', 'aes128-gcm', 'aes256-cbc', 'aes128-cbc'])
    .default('aes256-gcm')
    .describe('Cipher of the assertion. CBC only for an application that knows nothing better.'),
  encryption_key_transport: z
    .enum(['rsa-oaep', 'rsa-oaep-sha256'])
    .default('rsa-oaep')
    .describe(
      'How the key of the cipher is wrapped: RSA-OAEP with SHA-1 or with SHA-256, for the hash and for MGF1 alike.',
    ),
  nameid_format: nameIdFormatSchema
    .optional()
    .describe(
      'NameID format, whatever the request asks for. Left out: what it asks for, otherwise that of the claims, otherwise persistent.',
    ),
  logout_request_binding: samlBindingSchema.default('post').describe('How logout requests are sent.'),
  logout_response_binding: samlBindingSchema.default('post').describe('How logout responses are sent.'),
  single_logout_url: webUrlSchema
    .optional()
    .describe('Where logout messages are sent. Left out: the browser does not tell the application of logouts.'),
  single_logout_soap_url: webUrlSchema
    .optional()
    .describe('Where logout requests are sent by SOAP, without a browser and again until they are answered.'),
  logged_out_url: webUrlSchema.optional().describe('Where logout responses are sent, in place of `single_logout_url`.'),
  keys: z
    .array(certificateSchema)
    .max(10)
    .default([])
    .describe(
      'Certificates that its signatures are checked with. With any, its logout requests must be signed; without, signatures are not looked at.',
    ),
  claims: z
    .array(samlIssueClaim)
    .max(500)
    .refine((list) => new Set(list.map(({ claim }) => claim)).size === list.length, {
      message: 'must not name a claim twice',
    })
    .default([])
    .describe('Claims or attributes that assertions carry, besides the usual ones.'),
});

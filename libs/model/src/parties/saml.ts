import { z } from 'zod';
import { claimLimits, everyClaim, samlClaimTypeSchema } from '../claims/claims.js';

/** SAML 2.0 bindings that the browser carries (SAML bindings 3.4, 3.5). */
export const samlBindingSchema = z.enum(['redirect', 'post']);

/** Algorithms that Corsac signs SAML messages with. SHA-1 is not among them. */
export const samlSignatureAlgorithmSchema = z
  .enum(['rsa-sha256', 'rsa-sha384', 'rsa-sha512', 'rsa-pss-sha256', 'ecdsa-sha256'])
  .default('rsa-sha256')
  .describe('Algorithm of the signatures that Corsac makes.');

/** A NameID format as its URN (SAML core 8.3). */
export const nameIdFormatSchema = z
  .string()
  .max(200)
  .regex(/^urn:oasis:names:tc:SAML:(1\.1|2\.0):nameid-format:[A-Za-z0-9]+$/, 'must be a NameID format URN');

/** Names of claims, in JWT or SAML spelling, or `*`. */
export const samlClaimsSchema = z
  .array(z.union([z.literal(everyClaim), samlClaimTypeSchema]))
  .max(500)
  .refine((claims) => new Set(claims).size === claims.length, { message: 'must not name a claim twice' });

/** A claim that leaves in an assertion, with values that are always added. */
export const samlIssueClaim = z.strictObject({
  claim: z
    .union([z.literal(everyClaim), samlClaimTypeSchema])
    .describe('Name of the claim or attribute, or `*` for all.'),
  values: z
    .array(z.string().max(claimLimits.configuredValue))
    .max(claimLimits.configuredValues)
    .default([])
    .describe('Values that are added to those of the user.'),
});

const contactPerson = z.strictObject({
  contact_type: z
    .enum(['technical', 'support', 'administrative', 'billing', 'other'])
    .default('technical')
    .describe('What the contact is for.'),
  company: z.string().max(200).optional().describe('Company of the contact.'),
  given_name: z.string().max(200).optional().describe('Given name of the contact.'),
  surname: z.string().max(200).optional().describe('Surname of the contact.'),
  email_address: z.string().max(200).optional().describe('Email address of the contact.'),
  telephone_number: z.string().max(100).optional().describe('Phone number of the contact.'),
});

/** What Corsac's own metadata says besides the addresses and keys. */
export const samlMetadataShape = {
  sign_metadata: z.boolean().default(false).describe('Signs the metadata that Corsac publishes.'),
  metadata_include_encryption_keys: z
    .boolean()
    .default(true)
    .describe('Also offers the certificates of the track for encryption in it.'),
  metadata_nameid_formats: z
    .array(nameIdFormatSchema)
    .max(5)
    .default([])
    .describe('NameID formats that it names. Empty: persistent, emailAddress, transient and unspecified.'),
  metadata_contact_persons: z.array(contactPerson).max(5).default([]).describe('Contacts that it names.'),
};

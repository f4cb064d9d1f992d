import { z } from 'zod';
import { claimLimits, everyClaim, samlClaimTypeSchema } from '../claims/claims.js';

/** SAML 2.0 bindings that the browser carries (SAML bindings 3.4, 3.5). */
export const samlBindingSchema = z.enum(['redirect', 'post']);

/** Algorithms that Corsac signs SAML messages with. SHA-1 is not among them. */
export const samlSignatureAlgorithmSchema = z
  .enum(['rsa-sha256', 'rsa-sha384', 'rsa-sha512', 'rsa-pss-sha256', 'ecdsa-sha256'])
  .default('rsa-sha256');

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
  claim: z.union([z.literal(everyClaim), samlClaimTypeSchema]),
  values: z.array(z.string().max(claimLimits.configuredValue)).max(claimLimits.configuredValues).default([]),
});

const contactPerson = z.strictObject({
  contact_type: z.enum(['technical', 'support', 'administrative', 'billing', 'other']).default('technical'),
  company: z.string().max(200).optional(),
  given_name: z.string().max(200).optional(),
  surname: z.string().max(200).optional(),
  email_address: z.string().max(200).optional(),
  telephone_number: z.string().max(100).optional(),
});

/** What Corsac's own metadata says besides the addresses and keys. */
export const samlMetadataShape = {
  sign_metadata: z.boolean().default(false),
  metadata_include_encryption_keys: z.boolean().default(true),
  metadata_nameid_formats: z.array(nameIdFormatSchema).max(5).default([]),
  metadata_contact_persons: z.array(contactPerson).max(5).default([]),
};

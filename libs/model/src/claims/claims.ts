import { z } from 'zod';

/** A JSON value. Inside Corsac a claim keeps its JSON type from the provider to the token. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** JWT claims, whatever protocol they came by or leave by: type to value; several values of one type are an array. */
export type Claims = Readonly<Record<string, Json>>;

/** Figures of claims, per reference 7.1; lengths in characters. */
export const claimLimits = {
  type: 100,
  samlType: 300,
  /** A value that is written into users or configuration. */
  configuredValue: 10_000,
  /** A value that passes through, and the sum of all values of one set. */
  value: 200_000,
  total: 200_000,
  configuredValues: 100,
  values: 1_000,
  types: 500,
  depth: 16,
} as const;

/** `*` in a forward or an issue list: every claim. */
export const everyClaim = '*';

const typePattern = /^[A-Za-z0-9_:/\-.+# ]+$/;

/** Type of a JWT claim as it may stand in configuration. */
export const claimTypeSchema = z
  .string()
  .min(1)
  .max(claimLimits.type)
  .regex(typePattern, 'must consist of letters, digits and _ : / - . + #')
  .refine((type) => !['__proto__', 'constructor', 'prototype'].includes(type), {
    message: 'is not usable as a claim type',
  });

/** Type of a SAML attribute as it may stand in configuration. */
export const samlClaimTypeSchema = z
  .string()
  .min(1)
  .max(claimLimits.samlType)
  .regex(typePattern, 'must consist of letters, digits and _ : / - . + #');

/** Type of a claim, or `*`. */
export const claimOrEverySchema = z.union([z.literal(everyClaim), claimTypeSchema]);

/** Any JSON value as it may stand in configuration. */
export const jsonSchema: z.ZodType<Json> = z.json();

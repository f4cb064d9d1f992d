import { z } from 'zod';
import { claimTypeSchema, claimLimits, jsonSchema } from '../claims/claims.js';
import { nameSchema } from '../names/names.js';
import { reservedUserClaims, standardUserClaims } from './standard-claims.js';

/** Longest value by which a record is linked or redeemed, in characters. */
export const longestLinkValue = 500;

/** A value that redeems a record: blanks around it and case do not count. */
export const redemptionValue = (text: string): string => text.normalize('NFC').trim().toLowerCase();

const text = z.string().max(1000);

/** Claims that follow from settings of an own user; an external one has no such settings, and may have them by hand. */
const byHand = {
  email: z.email().max(254).optional(),
  email_verified: z.boolean().optional(),
  phone_number: text.optional(),
  phone_number_verified: z.boolean().optional(),
  preferred_username: text.optional(),
  role: z.union([text, z.array(text).max(claimLimits.configuredValues)]).optional(),
};

/** Claims that no record can have: the sign-in makes them. */
export const reservedExternalClaims: readonly string[] = [
  ...reservedUserClaims.filter((type) => !Object.hasOwn(byHand, type)),
  'local_sub',
  'access_token',
  'sub_format',
];

/** What is wrong with a claim of a record, or nothing. */
export const externalClaimFault = (type: string, value: unknown): string | undefined => {
  if (reservedExternalClaims.includes(type)) return 'is not set here: it is made at sign-in';
  if (!claimTypeSchema.safeParse(type).success) return 'is not a usable claim type';
  if (JSON.stringify(value).length > claimLimits.configuredValue)
    return `must be at most ${claimLimits.configuredValue} characters`;
  return undefined;
};

/** Claims of an external user: standard ones typed, any other a JSON value. */
const externalClaimsSchema = z
  .object({ ...standardUserClaims, ...byHand })
  .catchall(jsonSchema)
  .superRefine((claims, context) => {
    const types = Object.keys(claims);
    if (types.length > claimLimits.configuredValues)
      context.addIssue({ code: 'custom', message: `must be at most ${claimLimits.configuredValues} claims` });
    for (const type of types) {
      const message = externalClaimFault(type, claims[type]);
      if (message) context.addIssue({ code: 'custom', path: [type], message });
    }
  });

/**
 * What a track knows of a user whom another provider signs in, reference 4.2 of the control plane. It is found by what the
 * provider calls the user, or, once, by a value that redeems it.
 */
export const externalUserSchema = z
  .strictObject({
    user_id: z
      .string()
      .regex(/^[A-Za-z0-9_.:|@-]{1,100}$/, 'must be 1 to 100 letters, digits and _ . : | @ -')
      .optional()
      .meta({ description: 'Becomes local_sub; made by Corsac when left out.' }),
    up_party: nameSchema.meta({ description: 'The up-party that signs the user in.' }),
    link_claim_value: z
      .string()
      .min(1)
      .max(longestLinkValue)
      .optional()
      .meta({ description: 'Value of the link claim, as it stands after the transforms of the up-party.' }),
    redemption_claim_value: z
      .string()
      .transform(redemptionValue)
      .pipe(z.string().min(1).max(longestLinkValue))
      .optional()
      .meta({ description: 'Value of the redemption claim: the first sign-in that has it is linked to the record.' }),
    disabled: z.boolean().default(false).describe('May not sign in.'),
    claims: externalClaimsSchema
      .default({})
      .describe(
        'Claims of the record, which are added to those of the provider; standard ones have their JSON type, any other name takes any JSON value.',
      ),
  })
  .refine((user) => user.link_claim_value !== undefined || user.redemption_claim_value !== undefined, {
    path: ['link_claim_value'],
    message: 'or redemption_claim_value is required',
  });

export type ExternalUserInput = z.input<typeof externalUserSchema>;
export type ExternalUser = z.output<typeof externalUserSchema>;

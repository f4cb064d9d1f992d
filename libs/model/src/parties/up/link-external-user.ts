import { z } from 'zod';
import { claimTypeSchema } from '../../claims/claims.js';
import { expressionFault } from '../../claims/expression.js';
import { claimTransformsSchema } from '../../claims/transform-schema.js';

const required = z.boolean().default(true).describe('The page does not go on without it.');

/** A field of the page on which a new user says what the provider did not. */
const element = z.discriminatedUnion('type', [
  z.strictObject({
    type: z
      .enum(['email', 'phone', 'name', 'given_name', 'family_name'])
      .describe('What is asked; `custom` is a claim of your own.'),
    required,
  }),
  z.strictObject({
    type: z.literal('custom').describe('A claim of your own.'),
    required,
    claim: claimTypeSchema.describe('The claim that is written. Of `custom` only, like what follows.'),
    display_name: z.string().min(1).max(100).describe('Label of the field.'),
    max_length: z.int().min(1).max(1000).default(100).describe('Most characters that can be typed.'),
    reg_ex: z
      .string()
      .max(300)
      .superRefine((expression, context) => {
        const message = expressionFault(expression);
        if (message) context.addIssue({ code: 'custom', message });
      })
      .optional()
      .meta({ description: 'What is typed must match it somewhere; case does not count.' }),
    error_message: z.string().min(1).max(200).optional().describe('Said of what does not match `reg_ex`.'),
  }),
]);
export type ExternalUserElement = z.output<typeof element>;

const claimTypes = z.array(claimTypeSchema).max(100).default([]);

const settings = z
  .strictObject({
    link_claim_type: claimTypeSchema.default('sub').meta({ description: 'Its value names the user at the provider.' }),
    redemption_claim_type: claimTypeSchema
      .optional()
      .meta({ description: 'Its value finds a record that was prepared; email and phone_number only when verified.' }),
    auto_create_user: z.boolean().default(false).meta({ description: 'true: the first sign-in makes a record.' }),
    require_user: z.boolean().default(false).meta({ description: 'true: who has no record is refused.' }),
    external_user_lifetime: z
      .int()
      .min(0)
      .max(315_360_000)
      .default(0)
      .meta({ description: 'Seconds after the last sign-in until a record is forgotten; 0: never.' }),
    overwrite_claims: z
      .boolean()
      .default(false)
      .meta({ description: 'true: claims of the record take the place of those of the provider.' }),
    elements: z
      .array(element)
      .max(20)
      .default([])
      .meta({ description: 'Fields of the page on which a new user completes the record.' }),
    up_party_claims: claimTypes.meta({ description: 'Claims of the provider that a new record keeps.' }),
    claim_transforms: claimTransformsSchema
      .default([])
      .meta({ description: 'Run on the claims of a new record before it is kept.' }),
  })
  .refine((given) => !(given.auto_create_user && given.require_user), {
    path: ['require_user'],
    message: 'and auto_create_user must not both be true',
  });
export type LinkExternalUser = z.output<typeof settings>;

/** Of an up-party whose users have records here: oidc, saml2 and track_link. */
export const linkExternalUserShape = {
  link_external_user: settings
    .optional()
    .meta({ description: 'Records of users whom this up-party signs in; without it none is looked for.' }),
};

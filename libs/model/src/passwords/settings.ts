import { z } from 'zod';

/** What a new password must be, per track; lengths in characters. */
export const passwordPolicySchema = z
  .strictObject({
    min_length: z.int().min(4).max(50).default(8).describe('Least characters of a new password.'),
    max_length: z.int().min(20).max(256).default(128).describe('Most characters of a new password.'),
    check_complexity: z
      .boolean()
      .default(true)
      .describe(
        'A new password needs three of lower case, upper case, digit and other, no character for half of it, and nothing of the identifiers and names of the user or of the address of the page in it.',
      ),
    check_leaked: z
      .boolean()
      .default(true)
      .describe('Refuses new passwords that are in the bundled list of leaked ones.'),
    banned_characters: z.string().max(100).default('').describe('Characters that a new password must not have.'),
    history: z
      .int()
      .min(0)
      .max(30)
      .default(0)
      .describe('So many passwords before the present one may not be used again; the present one never.'),
    max_age: z
      .int()
      .min(0)
      .max(63_072_000)
      .default(0)
      .describe('Seconds after which a new password is asked for at sign-in. 0: never.'),
  })
  .refine((policy) => policy.min_length <= policy.max_length, {
    path: ['min_length'],
    message: 'must not exceed max_length',
  });

export type PasswordPolicy = z.output<typeof passwordPolicySchema>;

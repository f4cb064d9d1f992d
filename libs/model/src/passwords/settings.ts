import { z } from 'zod';

/** What a new password must be, per track; lengths in characters. */
export const passwordPolicySchema = z
  .strictObject({
    min_length: z.int().min(4).max(50).default(8),
    max_length: z.int().min(20).max(256).default(128),
    check_complexity: z
      .boolean()
      .default(true)
      .meta({ description: 'At least 3 of lower, upper, digit, other; nothing of the user or the address in it.' }),
    check_leaked: z.boolean().default(true).meta({ description: 'Refuse passwords that are known from leaks.' }),
    banned_characters: z.string().max(100).default(''),
    history: z
      .int()
      .min(0)
      .max(30)
      .default(0)
      .meta({ description: 'So many earlier passwords may not be used again.' }),
    max_age: z
      .int()
      .min(0)
      .max(63_072_000)
      .default(0)
      .meta({ description: 'Seconds after which a new one is asked; 0: never.' }),
  })
  .refine((policy) => policy.min_length <= policy.max_length, {
    path: ['min_length'],
    message: 'must not exceed max_length',
  });

export type PasswordPolicy = z.output<typeof passwordPolicySchema>;

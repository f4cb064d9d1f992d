import { z } from 'zod';
import { hashTextSchema, passwordInputSchema } from '../secrets/secret.js';
import { userClaimsSchema } from './standard-claims.js';

const lower = (text: string): string => text.trim().toLowerCase();

const identifiers = {
  email: z.string().transform(lower).pipe(z.email().max(254)).optional(),
  phone: z
    .string()
    .regex(/^\+[1-9][0-9]{1,14}$/, 'must be in international form such as +4512345678')
    .optional(),
  username: z
    .string()
    .transform(lower)
    .pipe(
      z
        .string()
        .min(1)
        .max(60)
        .regex(/^[\p{L}0-9:\-_.+@]+$/u, 'must consist of letters, digits and : - _ . + @'),
    )
    .optional(),
};

const shape = {
  user_id: z
    .string()
    .regex(/^[A-Za-z0-9_.:|@-]{1,100}$/, 'must be 1 to 100 letters, digits and _ . : | @ -')
    .optional()
    .meta({ description: 'Becomes sub; made by Corsac when left out.' }),
  ...identifiers,
  email_verified: z.boolean().default(false),
  phone_verified: z.boolean().default(false),
  confirm_account: z.boolean().default(false).meta({ description: 'Ask to confirm the email address at sign-in.' }),
  change_password: z.boolean().default(false).meta({ description: 'Ask for a new password at next sign-in.' }),
  require_multi_factor: z.boolean().default(false),
  disabled: z.boolean().default(false),
  roles: z.array(z.string().min(1).max(200)).max(100).default([]).meta({ description: 'Values of the role claim.' }),
  claims: userClaimsSchema.default({}),
};

const hasIdentifier = (user: { email?: string; phone?: string; username?: string }): boolean =>
  user.email !== undefined || user.phone !== undefined || user.username !== undefined;
const noIdentifier = { path: ['email'], message: 'at least one of email, phone and username is required' };

/** A user as somebody writes it: password as text or hash. Identifiers are stored in lower case. */
export const writtenUserSchema = z
  .strictObject({ ...shape, password: passwordInputSchema.optional() })
  .refine(hasIdentifier, noIdentifier);

/** A user as it travels to the authorize service: the password only as a hash. */
export const userSchema = z
  .strictObject({ ...shape, password_hash: hashTextSchema.optional() })
  .refine(hasIdentifier, noIdentifier);

export type UserInput = z.input<typeof writtenUserSchema>;
export type WrittenUser = z.output<typeof writtenUserSchema>;
export type User = z.output<typeof userSchema>;

/** What a user is called in plans and problems: the first identifier that it has. */
export const userLabel = (user: { email?: string; username?: string; phone?: string; user_id?: string }): string =>
  user.email ?? user.username ?? user.phone ?? user.user_id ?? '';

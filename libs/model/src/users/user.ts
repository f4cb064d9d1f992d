import { z } from 'zod';
import { hashTextSchema, passwordInputSchema } from '../secrets/secret.js';
import { userClaimsSchema } from './standard-claims.js';

const lower = (text: string): string => text.trim().toLowerCase();

const identifiers = {
  email: z
    .string()
    .transform(lower)
    .pipe(z.email().max(254))
    .optional()
    .describe('Email address, at most 254 characters; kept in lower case. Claim `email`.'),
  phone: z
    .string()
    .regex(/^\+[1-9][0-9]{1,14}$/, 'must be in international form such as +4512345678')
    .optional()
    .describe('Phone number. Claim `phone_number`.'),
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
    .optional()
    .describe(
      'User name: 1 to 60 letters, digits and : - _ . + @; kept in lower case. Claim `preferred_username`, which is the email address or phone number of a user without one.',
    ),
};

const shape = {
  user_id: z
    .string()
    .regex(/^[A-Za-z0-9_.:|@-]{1,100}$/, 'must be 1 to 100 letters, digits and _ . : | @ -')
    .optional()
    .describe('Becomes `sub`, and never changes. Left out: made by Corsac.'),
  ...identifiers,
  email_verified: z
    .boolean()
    .default(false)
    .describe("The email address is known to be the user's. Claim `email_verified`."),
  phone_verified: z
    .boolean()
    .default(false)
    .describe("The phone number is known to be the user's. Claim `phone_number_verified`."),
  confirm_account: z
    .boolean()
    .default(false)
    .describe('Asks for a code from a mail at sign-in while `email_verified` is false.'),
  change_password: z.boolean().default(false).describe('Asks for a new password at the next sign-in.'),
  require_multi_factor: z
    .boolean()
    .default(false)
    .describe('Asks for a second factor at every sign-in; a user who has none sets one up.'),
  disabled: z
    .boolean()
    .default(false)
    .describe('May not sign in. Setting it ends the sessions and refresh grants of the user.'),
  roles: z.array(z.string().min(1).max(200)).max(100).default([]).describe('Values of the claim `role`.'),
  claims: userClaimsSchema
    .default({})
    .describe(
      'Further claims: standard ones have their JSON type (OpenID Connect Core 5.1; `address` is an object), any other name takes any JSON value. At most 100, each at most 10000 characters. Claims that follow from other settings or are made at sign-in are refused.',
    ),
};

const hasIdentifier = (user: { email?: string; phone?: string; username?: string }): boolean =>
  user.email !== undefined || user.phone !== undefined || user.username !== undefined;
const noIdentifier = { path: ['email'], message: 'at least one of email, phone and username is required' };

/** A user as somebody writes it: password as text or hash. Identifiers are stored in lower case. */
export const writtenUserSchema = z
  .strictObject({
    ...shape,
    password: passwordInputSchema
      .optional()
      .describe(
        'The password itself, or `hash: ` with a PHC string of argon2id, PBKDF2 (`$pbkdf2-sha512$i=...$salt$hash`, also sha1 and sha256) or scrypt, or an imported `P2HS512:n$salt$hash` (PBKDF2 with HMAC-SHA-512, n times 10000 rounds). A hash of another kind or cost becomes one of today at the next sign-in. Left out: the user has none, and gets one by the reset page.',
      ),
  })
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

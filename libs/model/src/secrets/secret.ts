import { z } from 'zod';
import { readPasswordHash } from './password-hash.js';

/** Longest secret or password hash that is read, in characters. */
const maxSecret = 300;

const phc = /^\$(argon2(id|i|d)|pbkdf2-sha(1|256|512)|scrypt)\$[^\s]{10,600}$/;
const p2hs512 = /^P2HS512:[1-9][0-9]{0,3}\$[A-Za-z0-9_-]{16,200}\$[A-Za-z0-9_-]{16,300}$/;

/**
 * A hash of a secret or password as text: a PHC string (`$argon2id$...`, `$pbkdf2-sha512$i=...$salt$hash`) or the imported
 * form `P2HS512:{n}${salt}${hash}` (PBKDF2 with HMAC-SHA-512, n times 10,000 rounds, base64url).
 */
export const hashTextSchema = z
  .string()
  .refine((text) => phc.test(text) || p2hs512.test(text), { message: 'must be a PHC string or P2HS512:n$salt$hash' });

const n = '([1-9][0-9]?|100)';
const checkableP2hs512 = new RegExp(`^P2HS512:${n}\\$[A-Za-z0-9_-]{16,200}\\$[A-Za-z0-9_-]{43,256}$`);

/** A hash as somebody may write it: what is kept already may be of any kind, what comes in must be one that can be checked. */
const checkableHashSchema = z
  .string()
  .refine((text) => checkableP2hs512.test(text) || Boolean(readPasswordHash(text)), {
    message:
      'must be a PHC string of argon2id, pbkdf2-sha1, pbkdf2-sha256, pbkdf2-sha512 or scrypt, or P2HS512:n$salt$hash, at a cost that can be checked at a sign-in',
  });

const hashParts = z.strictObject({
  algorithm: z.string().regex(new RegExp(`^P2HS512:${n}$`), 'must be P2HS512:n, n from 1 to 100'),
  hash: z.string().regex(/^[A-Za-z0-9_-]{43,256}$/, 'must be base64url'),
  salt: z.string().regex(/^[A-Za-z0-9_-]{16,200}$/, 'must be base64url'),
});

const hashedText = z.strictObject({ hash: checkableHashSchema });

/** A password as somebody writes it: the text itself, or a hash from elsewhere. */
export const passwordInputSchema = z.union([z.string().min(1).max(maxSecret), hashedText, hashParts]);
export type PasswordInput = z.output<typeof passwordInputSchema>;

const id = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);
const info = z.string().max(3);

/** A secret of a down-party as it is kept: only its hash, a keyed fingerprint that finds it, and its first 3 characters. */
export const storedSecretSchema = z.strictObject({
  id,
  hash: hashTextSchema,
  fingerprint: z.string().max(100).optional(),
  info: info.default(''),
  created_at: z.int().optional(),
});
export type StoredSecret = z.output<typeof storedSecretSchema>;

/** A secret of a down-party as somebody writes it: the text itself, or a hash that was exported or imported. */
export const secretInputSchema = z.union([
  z.string().min(1).max(maxSecret),
  storedSecretSchema.extend({ id: id.optional(), hash: checkableHashSchema }),
  hashParts.extend({ id: id.optional(), info: info.default('') }),
]);
export type SecretInput = z.output<typeof secretInputSchema>;

/** A secret that must be sent on in clear (an up-party's, a mail server's) as it is kept: sealed under the master key. */
export const sealedSecretSchema = z.strictObject({ sealed: z.string().min(1).max(4000), info: info.default('') });
export type SealedSecret = z.output<typeof sealedSecretSchema>;

/** The same as somebody writes it: the text itself, or what an export of this installation gave. */
export const sealableInputSchema = z.union([z.string().min(1).max(maxSecret), sealedSecretSchema]);
export type SealableInput = z.output<typeof sealableInputSchema>;

/** What of a secret may be shown: its first 3 characters when it is longer than 20, otherwise nothing. */
export const secretInfo = (secret: string): string => (secret.length > 20 ? secret.slice(0, 3) : '');

/** The text form of a hash, from either of the forms in which it may be written. */
export const hashText = (input: { hash: string; algorithm?: string; salt?: string }): string =>
  input.algorithm && input.salt ? `${input.algorithm}$${input.salt}$${input.hash}` : input.hash;

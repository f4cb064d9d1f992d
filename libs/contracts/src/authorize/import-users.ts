import { z } from 'zod';
import { question } from '../contract/contract.js';
import { claims, name } from '../contract/fields.js';

/** A user as Control and declarative files know it; the password only as a hash. */
export const importedUser = z.object({
  /** Identifiers by which the user signs in; at least one. */
  username: z.string().max(200).optional(),
  email: z.string().max(320).optional(),
  phone_number: z.string().max(50).optional(),
  email_verified: z.boolean().optional(),
  phone_number_verified: z.boolean().optional(),
  /** PHC string of argon2id, or an imported form. Unsaid: the password stays as it is, or there is none. */
  password_hash: z.string().max(1000).optional(),
  disabled: z.boolean().optional(),
  change_password: z.boolean().optional(),
  require_mfa: z.boolean().optional(),
  claims,
});
export type ImportedUser = z.infer<typeof importedUser>;

/** Puts users into a track: creates those that are new by identifier, updates the others, deletes none. */
export const importUsers = question({
  subject: 'corsac.authorize.v1.users.import',
  owner: 'authorize',
  askers: ['config'],
  request: z.object({ tenant: name, track: name, users: z.array(importedUser).min(1).max(500) }),
  response: z.object({ created: z.number().int(), updated: z.number().int() }),
  refusals: ['identifier_taken'],
  deadline_ms: 3000,
  safe_to_retry: true,
});

import { importedUserSchema } from '@corsac/model';
import { z } from 'zod';
import { question } from '../contract/contract.js';
import { name } from '../contract/fields.js';
import { seenUser } from './users.js';

/**
 * Puts users into a track: creates those that are new by `user_id` or identifier, updates the others, deletes none. Of a
 * user with `changed` only those fields are taken over, and who is not there (any more) is not made of them: their places
 * in the list come back as `unknown`. Passwords come as hashes only; a user without one keeps the password that is there.
 */
export const importUsers = question({
  subject: 'corsac.authorize.v1.users.import',
  owner: 'authorize',
  askers: ['config'],
  request: z.object({
    tenant: name,
    track: name,
    users: z.array(importedUserSchema).min(1).max(500),
    /**
     * How the users must be now, in the order of `users`, `null`: not there; `changed_meanwhile`, and nothing is written, when one
     * is neither so nor already as it would become, as it is when the same is asked twice.
     */
    seen: z.array(seenUser.nullable()).max(500).optional(),
  }),
  response: z.object({
    created: z.number().int(),
    updated: z.number().int(),
    unknown: z.array(z.number().int().nonnegative()).optional(),
  }),
  refusals: ['identifier_taken', 'changed_meanwhile'],
  deadline_ms: 3000,
  safe_to_retry: true,
});

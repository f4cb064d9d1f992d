import { importedExternalUserSchema } from '@corsac/model';
import { z } from 'zod';
import { question } from '../contract/contract.js';
import { claims, name, unixSeconds, writtenClaims } from '../contract/fields.js';

const userId = z.string().min(1).max(100);

/** The record of an external user. Times are 0 where the thing has not happened. */
export const keptExternalUser = z.object({
  user_id: userId,
  up_party: name,
  link_claim_value: z.string().optional(),
  redemption_claim_value: z.string().optional(),
  disabled: z.boolean(),
  claims,
  last_sign_in: unixSeconds,
  /** When it is forgotten unless the user signs in before; 0: never. */
  expires: unixSeconds,
  created: unixSeconds,
  updated: unixSeconds,
});
export type KeptExternalUser = z.infer<typeof keptExternalUser>;

/** What of a record somebody may have seen and would change. */
export const seenExternalUser = keptExternalUser
  .pick({ user_id: true, up_party: true, link_claim_value: true, redemption_claim_value: true, disabled: true })
  .extend({ claims: writtenClaims });
export type SeenExternalUser = z.infer<typeof seenExternalUser>;

/**
 * Puts records of external users into a track: creates those that are new by `user_id`, link value or redemption value,
 * updates the others, deletes none. A record that was linked stays linked unless another link value is given. `changed`
 * and `unknown` as with users.
 */
export const importExternalUsers = question({
  subject: 'corsac.authorize.v1.external_users.import',
  owner: 'authorize',
  askers: ['config'],
  request: z.object({
    tenant: name,
    track: name,
    users: z.array(importedExternalUserSchema).min(1).max(500),
    /** As with users. */
    seen: z.array(seenExternalUser.nullable()).max(500).optional(),
  }),
  response: z.object({
    created: z.number().int(),
    updated: z.number().int(),
    unknown: z.array(z.number().int().nonnegative()).optional(),
  }),
  refusals: ['value_taken', 'changed_meanwhile'],
  deadline_ms: 3000,
  safe_to_retry: true,
});

/** Records of a track in the order of their ids, a page at a time; or the one with an id. */
export const listExternalUsers = question({
  subject: 'corsac.authorize.v1.external_users.list',
  owner: 'authorize',
  askers: ['config'],
  request: z.object({
    tenant: name,
    track: name,
    user_id: userId.optional(),
    up_party: name.optional(),
    /** Part of a link value, of a redemption value or of the name. */
    filter: z.string().max(100).optional(),
    limit: z.number().int().positive().max(200),
    after: userId.optional(),
  }),
  response: z.object({ users: z.array(keptExternalUser), more: userId.optional() }),
  refusals: [],
  safe_to_retry: true,
});

/** Removes a record; sessions and grants that stand on it end. */
export const removeExternalUser = question({
  subject: 'corsac.authorize.v1.external_users.remove',
  owner: 'authorize',
  askers: ['config'],
  request: z.object({ tenant: name, track: name, user_id: userId }),
  response: z.object({}),
  refusals: ['unknown_user'],
});

/** Takes the link off a record, so that it can be redeemed again; sessions and grants that stand on it end. */
export const unlinkExternalUser = question({
  subject: 'corsac.authorize.v1.external_users.unlink',
  owner: 'authorize',
  askers: ['config'],
  request: z.object({ tenant: name, track: name, user_id: userId }),
  response: z.object({}),
  refusals: ['unknown_user', 'not_redeemable'],
  safe_to_retry: true,
});

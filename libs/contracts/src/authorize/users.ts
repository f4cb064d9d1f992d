import { z } from 'zod';
import { question } from '../contract/contract.js';
import { claims, name, unixSeconds, writtenClaims } from '../contract/fields.js';

const userId = z.string().min(1).max(100);

/** A user as an administrator sees it: no hash, no seed, no code. */
export const keptUser = z.object({
  user_id: userId,
  email: z.string().optional(),
  phone: z.string().optional(),
  username: z.string().optional(),
  email_verified: z.boolean(),
  phone_verified: z.boolean(),
  confirm_account: z.boolean(),
  change_password: z.boolean(),
  require_multi_factor: z.boolean(),
  disabled: z.boolean(),
  roles: z.array(z.string()),
  claims,
  has_password: z.boolean(),
  has_second_factor: z.boolean(),
  password_changed: unixSeconds,
  created: unixSeconds,
  updated: unixSeconds,
});
export type KeptUser = z.infer<typeof keptUser>;

/** What of a user somebody may have seen and would change: when it is otherwise now, the change was not meant for it. */
export const seenUser = keptUser
  .pick({
    user_id: true,
    email: true,
    phone: true,
    username: true,
    email_verified: true,
    phone_verified: true,
    confirm_account: true,
    change_password: true,
    require_multi_factor: true,
    disabled: true,
    roles: true,
  })
  .extend({ claims: writtenClaims });
export type SeenUser = z.infer<typeof seenUser>;

/** Users of a track in the order of their ids, a page at a time; or the one with an id. */
export const listUsers = question({
  subject: 'corsac.authorize.v1.users.list',
  owner: 'authorize',
  askers: ['config'],
  request: z.object({
    tenant: name,
    track: name,
    user_id: userId.optional(),
    /** Part of an identifier or of the name. */
    filter: z.string().max(100).optional(),
    limit: z.number().int().positive().max(200),
    after: userId.optional(),
  }),
  response: z.object({ users: z.array(keptUser), more: userId.optional() }),
  refusals: [],
  safe_to_retry: true,
});

/** Removes a user; sessions and grants end with it. */
export const removeUser = question({
  subject: 'corsac.authorize.v1.users.remove',
  owner: 'authorize',
  askers: ['config'],
  request: z.object({ tenant: name, track: name, user_id: userId }),
  response: z.object({}),
  refusals: ['unknown_user'],
});

/** Forgets a user's authenticator app and recovery codes: the next sign-in that wants a second factor sets up another. */
export const resetSecondFactor = question({
  subject: 'corsac.authorize.v1.second_factor.reset',
  owner: 'authorize',
  askers: ['config'],
  request: z.object({ tenant: name, track: name, user_id: userId }),
  response: z.object({}),
  refusals: ['unknown_user'],
  safe_to_retry: true,
});

import { z } from 'zod';
import { question } from '../contract/contract.js';
import { name } from '../contract/fields.js';

/** Who waits after too many failures: an identifier, whether there is such a user or not, or an address. */
export const lock = z.object({
  of: z.enum(['user', 'address']),
  guessed: z.enum(['password', 'code']),
  value: z.string().max(400),
});
export type Lock = z.infer<typeof lock>;

/** Who waits in a track just now. */
export const listLocks = question({
  subject: 'corsac.authorize.v1.locks.list',
  owner: 'authorize',
  askers: ['config'],
  request: z.object({ tenant: name, track: name }),
  response: z.object({ locks: z.array(lock) }),
  refusals: [],
  safe_to_retry: true,
});

/** Lets somebody try again at once. */
export const removeLock = question({
  subject: 'corsac.authorize.v1.locks.remove',
  owner: 'authorize',
  askers: ['config'],
  request: z.object({ tenant: name, track: name, lock }),
  response: z.object({}),
  refusals: [],
  safe_to_retry: true,
});

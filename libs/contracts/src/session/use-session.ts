import { z } from 'zod';
import { question } from '../contract/contract.js';
import { name, opaqueId } from '../contract/fields.js';
import { browserUntil, reachedParty, session } from './session.js';

/**
 * Single sign-on: finds the browser's session of one of `up_parties` in the track, checks it against the conditions,
 * slides its lifetime and records the party that is being reached, in one step. `no_session` when none fits; the
 * detail says why.
 */
export const useSession = question({
  subject: 'corsac.session.v1.session.use',
  owner: 'session',
  askers: ['authorize'],
  request: z.object({
    tenant: name,
    track: name,
    browser_id: opaqueId,
    up_parties: z.array(name),
    /** Without it nothing is recorded: a look only. */
    reached: reachedParty.omit({ sub: true }).optional(),
    /** Seconds since authentication, from `max_age`. */
    max_age: z.number().int().nonnegative().optional(),
    /** The user it must be, from `id_token_hint` or a `sub` in the claims parameter. */
    sub: z.string().optional(),
    /** Only a session with a second factor will do. */
    mfa: z.boolean().optional(),
  }),
  response: z.object({ session, browser_until: browserUntil }),
  refusals: ['no_session'],
});

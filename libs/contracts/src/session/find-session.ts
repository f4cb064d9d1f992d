import { z } from 'zod';
import { question } from '../contract/contract.js';
import { name, opaqueId } from '../contract/fields.js';
import { session } from './session.js';

/**
 * Looks sessions up without touching them: by `sid`, by browser, by subject, or by what the provider above called them.
 * The `browser_id` of the sessions' browser is never given back.
 */
export const findSessions = question({
  subject: 'corsac.session.v1.session.find',
  owner: 'session',
  askers: ['authorize', 'config', 'token'],
  request: z.object({
    tenant: name,
    track: name,
    by: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('sid'), sid: opaqueId }),
      z.object({ kind: z.literal('browser'), browser_id: opaqueId }),
      z.object({ kind: z.literal('sub'), sub: z.string() }),
      z.object({
        kind: z.literal('upstream'),
        up_party: name,
        issuer: z.string(),
        sid: z.string().optional(),
        sub: z.string().optional(),
      }),
    ]),
  }),
  response: z.object({ sessions: z.array(session) }),
  refusals: [],
  safe_to_retry: true,
});

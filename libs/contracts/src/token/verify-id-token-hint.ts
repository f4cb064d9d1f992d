import { z } from 'zod';
import { question } from '../contract/contract.js';
import { name } from '../contract/fields.js';

/** Is this ID token ours, for this party, whatever its age and binding? Retired keys still count. */
export const verifyIdTokenHint = question({
  subject: 'corsac.token.v1.id_token_hint.verify',
  owner: 'token',
  askers: ['authorize'],
  request: z.object({
    tenant: name,
    track: name,
    id_token_hint: z.string().max(20_000),
    /** The party it must be for; unsaid, its audience tells. */
    client_id: name.optional(),
  }),
  response: z.object({
    client_id: name,
    sub: z.string(),
    sid: z.string().optional(),
    up_party: name.optional(),
    issuer: z.string(),
  }),
  refusals: ['invalid'],
  safe_to_retry: true,
});

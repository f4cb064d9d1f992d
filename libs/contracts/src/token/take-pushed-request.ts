import { z } from 'zod';
import { question } from '../contract/contract.js';
import { name } from '../contract/fields.js';

/** RFC 9126 4: the parameters behind a `request_uri` of our own, once. */
export const takePushedRequest = question({
  subject: 'corsac.token.v1.pushed_request.take',
  owner: 'token',
  askers: ['authorize'],
  request: z.object({ tenant: name, track: name, client_id: name, request_uri: z.string().max(200) }),
  /** Names and values; `resource` may stand several times. */
  response: z.object({ parameters: z.array(z.tuple([z.string(), z.string()])) }),
  refusals: ['unknown_or_used', 'other_client'],
});

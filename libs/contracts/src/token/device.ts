import { z } from 'zod';
import { question } from '../contract/contract.js';
import { name } from '../contract/fields.js';
import { authorizationGrant } from './issue-code.js';

/** RFC 8628 3.3: what the user is about to allow, by the code shown on the device. */
export const findDeviceRequest = question({
  subject: 'corsac.token.v1.device_request.find',
  owner: 'token',
  askers: ['authorize'],
  request: z.object({ tenant: name, track: name, user_code: z.string().max(20) }),
  response: z.object({
    device_id: z.string(),
    client_id: name,
    issuer: z.string(),
    scope: z.string(),
    up_parties: z.array(name),
  }),
  refusals: ['unknown_or_used'],
  safe_to_retry: true,
});

/** The user's word on it, once. */
export const decideDeviceRequest = question({
  subject: 'corsac.token.v1.device_request.decide',
  owner: 'token',
  askers: ['authorize'],
  request: z.object({
    tenant: name,
    track: name,
    device_id: z.string().max(100),
    decision: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('allow'), grant: authorizationGrant }),
      z.object({ kind: z.literal('deny') }),
    ]),
  }),
  response: z.object({}),
  refusals: ['unknown_or_used'],
});

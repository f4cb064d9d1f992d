import { z } from 'zod';
import { question } from '../contract/contract.js';
import { name, unixSeconds } from '../contract/fields.js';

/** A mail that the authorize service wrote, for the outbox page of the embedded shape. It holds links and codes. */
export const writtenMail = z.object({
  id: z.string().max(30),
  tenant: name,
  track: name,
  recipient: z.string().max(300),
  subject: z.string().max(1000),
  text: z.string().max(10_000),
  created: unixSeconds,
  /** `kept`: the track has no mail server, the mail is only here. */
  state: z.enum(['waiting', 'sent', 'kept', 'failed']),
  attempts: z.number().int(),
  reason: z.string().max(500).optional(),
});
export type WrittenMail = z.infer<typeof writtenMail>;

/** Mails, newest first; of all tracks unless one is named. Refused where services run apart: nobody reads others' mail. */
export const listMails = question({
  subject: 'corsac.authorize.v1.mail.list',
  owner: 'authorize',
  askers: ['config'],
  request: z.object({
    track: z.object({ tenant: name, track: name }).optional(),
    limit: z.number().int().positive().max(200),
  }),
  response: z.object({ mails: z.array(writtenMail) }),
  refusals: ['not_embedded'],
  safe_to_retry: true,
});

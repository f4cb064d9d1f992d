import { z } from 'zod';
import { durableEvent, question } from '../contract/contract.js';
import { name, opaqueId, unixSeconds } from '../contract/fields.js';
import { logoutCauses } from './end-session.js';

/** One party of one job is to be told directly: by a logout token, or by a LogoutRequest over SOAP. The session service works through these itself. */
export const logoutWanted = durableEvent({
  subject: 'corsac.session.v1.logout.wanted',
  owner: 'session',
  listeners: ['session'],
  payload: z.object({ tenant: name, job_id: opaqueId, receipt_id: opaqueId }),
  max_deliveries: 14,
  backoff_ms: [1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 300_000, 900_000],
  // An application has five seconds: what a killed process was about to tell is told by another one soon after.
  ack_wait_ms: 12_000,
});

/** What the browser could tell about an application's iframe: never more than is known. */
export const reportFrontChannel = question({
  subject: 'corsac.session.v1.logout.report',
  owner: 'session',
  askers: ['authorize'],
  request: z.object({
    tenant: name,
    job_id: opaqueId,
    receipts: z
      .array(z.object({ receipt_id: opaqueId, result: z.enum(['loaded', 'timed_out', 'confirmed', 'refused']) }))
      .max(500),
  }),
  response: z.object({}),
  refusals: ['unknown_job'],
  safe_to_retry: true,
});

export const logoutReceipt = z.object({
  receipt_id: opaqueId,
  track: name,
  party: name,
  channel: z.enum(['front', 'back', 'saml', 'soap', 'none']),
  state: z.enum(['wanted', 'told', 'loaded', 'timed_out', 'failed', 'dead']),
  attempts: z.number().int(),
  /** What went wrong last; stays when it went right afterwards. */
  detail: z.string().optional(),
  /** Of the latest attempt; of the job while there was none. */
  updated: unixSeconds,
});

export const logoutJob = z.object({
  job_id: opaqueId,
  tenant: name,
  track: name,
  cause: z.enum(logoutCauses),
  created: unixSeconds,
  sessions: z.array(z.object({ track: name, sid: opaqueId, sub: z.string() })),
  receipts: z.array(logoutReceipt),
});
export type LogoutJob = z.infer<typeof logoutJob>;

/** Jobs of a track, newest first: who was told, how, when, what failed. */
export const listLogoutJobs = question({
  subject: 'corsac.session.v1.logout.list',
  owner: 'session',
  askers: ['config', 'authorize'],
  request: z.object({
    tenant: name,
    track: name,
    limit: z.number().int().positive().max(200),
    before: unixSeconds.optional(),
    /** `more` of the page before. */
    after: z.string().max(250).optional(),
  }),
  response: z.object({ jobs: z.array(logoutJob), more: z.string().optional() }),
  refusals: [],
  safe_to_retry: true,
});

import { z } from 'zod';
import { question } from '../contract/contract.js';
import { name, opaqueId } from '../contract/fields.js';

/** What one claim transform did: the claim that it writes and how many values that had and has; never the values. */
export const transformTrace = z.object({
  rule: z.string().max(100),
  type: z.string().max(40),
  action: z.string().max(40),
  claim_out: z.string().max(400),
  values_before: z.number().int(),
  values_after: z.number().int(),
  changed: z.boolean(),
});

/** One thing that happened on a login's or logout's way. Claims are names only; secrets, codes and tokens never. */
export const journeyEvent = z.object({
  at_ms: z.number().int(),
  track: name,
  party: name.optional(),
  kind: z.string().max(60),
  outcome: z.enum(['ok', 'refused', 'waiting']),
  detail: z.string().max(1000).optional(),
  claims_before: z.array(z.string()).optional(),
  claims_after: z.array(z.string()).optional(),
  trace: z.array(transformTrace).max(100).optional(),
});
export type JourneyEvent = z.infer<typeof journeyEvent>;

export const journey = z.object({
  sequence_id: opaqueId,
  tenant: name,
  track: name,
  kind: z.enum(['login', 'logout']),
  started_ms: z.number().int(),
  ended_ms: z.number().int().optional(),
  outcome: z.enum(['running', 'done', 'failed']),
  events: z.array(journeyEvent),
});
export type Journey = z.infer<typeof journey>;

/** Journeys that touched a track, newest first, or one by its sequence. */
export const listJourneys = question({
  subject: 'corsac.authorize.v1.journey.list',
  owner: 'authorize',
  askers: ['config'],
  request: z.object({
    tenant: name,
    track: name,
    sequence_id: opaqueId.optional(),
    limit: z.number().int().positive().max(200),
    before_ms: z.number().int().optional(),
    /** `more` of the page before. */
    after: z.string().max(250).optional(),
  }),
  /** `more`: there may be older ones; whatever comes meanwhile, none is passed over. */
  response: z.object({ journeys: z.array(journey), more: z.string().optional() }),
  refusals: [],
  safe_to_retry: true,
});

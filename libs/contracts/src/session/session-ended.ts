import { z } from 'zod';
import { durableEvent, event, question } from '../contract/contract.js';
import { name, opaqueId, unixSeconds } from '../contract/fields.js';
import { logoutCauses } from './end-session.js';

export const endedSession = z.object({
  tenant: name,
  track: name,
  sid: opaqueId,
  sub: z.string(),
  up_party: name,
  cause: z.enum(logoutCauses),
  ended_at: unixSeconds,
});
export type EndedSession = z.infer<typeof endedSession>;

/** Refresh grants and codes of the session end with it (not on mere expiry: spec of refresh grants). */
export const sessionEnded = durableEvent({
  subject: 'corsac.session.v1.session.ended',
  owner: 'session',
  listeners: ['token'],
  payload: endedSession,
});

/** The same at once to every token replica's memory; what is lost here comes by `listEnded` within a second. */
export const sessionEndedNotice = event({
  subject: 'corsac.session.v1.session.ended_notice',
  owner: 'session',
  listeners: ['token'],
  payload: z.object({ ended: z.array(endedSession) }),
  delivery: 'every_replica',
});

/**
 * The feed of ended sessions: those ended at or after `since`, oldest first. Token replicas ask on a beat, with some
 * seconds of overlap, so that a commit that came late is not passed over.
 */
export const listEnded = question({
  subject: 'corsac.session.v1.ended.list',
  owner: 'session',
  askers: ['token'],
  request: z.object({ since: unixSeconds, limit: z.number().int().positive().max(2000), after: z.string().optional() }),
  response: z.object({ ended: z.array(endedSession), more: z.string().optional() }),
  refusals: [],
  safe_to_retry: true,
});

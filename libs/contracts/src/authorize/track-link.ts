import { z } from 'zod';
import { event } from '../contract/contract.js';
import { name, opaqueId } from '../contract/fields.js';

const end = z.object({ track: name, party: name });

/**
 * One hop of a track link: the sequence, already written, wants the linked track's login. Whoever hears it opens the
 * linked track in that sequence; the browser notices nothing.
 */
export const trackLinkRequested = event({
  subject: 'corsac.authorize.v1.track_link.requested',
  owner: 'authorize',
  listeners: ['authorize'],
  payload: z.object({ tenant: name, sequence_id: opaqueId, hop_id: opaqueId, from: end, to: end, reply_to: opaqueId }),
  delivery: 'one_of_service',
});

/** The hop is done, or waits for the user: the replica that holds the browser's request (`reply_to`) goes on. */
export const trackLinkAnswered = event({
  subject: 'corsac.authorize.v1.track_link.answered',
  owner: 'authorize',
  listeners: ['authorize'],
  payload: z.object({
    tenant: name,
    sequence_id: opaqueId,
    hop_id: opaqueId,
    reply_to: opaqueId,
    state: z.enum(['opened', 'answered', 'refused']),
    detail: z.string().max(500).optional(),
  }),
  delivery: 'every_replica',
});

import { z } from 'zod';
import { durableEvent, serviceNames } from './contract.js';
import { name } from './fields.js';

/** A durable event that a listening service never got done. The owner's table still has what it was about. */
export const deadLetter = z.object({
  /** Of the message; the same id from two listening services are two letters. */
  id: z.string().max(300),
  /** Of the event that could not be carried out. */
  subject: z.string().max(200),
  /** The service that could not. */
  service: z.enum(serviceNames),
  attempts: z.number().int().nonnegative(),
  reason: z.string().max(500),
  /** Milliseconds since 1970. */
  failed_ms: z.number().int(),
  /** Where it belongs, when the event says so: an administrator sees only letters of his tracks. */
  tenant: name.optional(),
  track: name.optional(),
});
export type DeadLetter = z.infer<typeof deadLetter>;

/**
 * Put aside by the bus itself, in the name of the service that failed, for Control to show. On NATS the subject has
 * that service's name behind it, so that none can write another's letters.
 */
export const deadLettered = durableEvent({
  subject: 'corsac.dead_letter',
  owner: 'config',
  listeners: ['config'],
  payload: deadLetter,
});

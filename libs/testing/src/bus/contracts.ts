import { z } from 'zod';
import { deadLettered, durableEvent, event, question } from '@corsac/contracts';

/** Contracts that only the bus suite speaks, in the names of real services, so that permissions are tried out too. */

export const repeatText = question({
  subject: 'corsac.token.v1.suite_text.repeat',
  owner: 'token',
  askers: ['authorize', 'session'],
  request: z.object({ text: z.string(), extra: z.json().optional() }),
  response: z.object({ text: z.string(), extra: z.json().optional() }),
  refusals: ['not_that'],
  deadline_ms: 400,
});

/** May be asked twice by the bus itself. */
export const readText = question({
  subject: 'corsac.token.v1.suite_text.read',
  owner: 'token',
  askers: ['authorize'],
  request: z.object({ text: z.string() }),
  response: z.object({ text: z.string() }),
  refusals: [],
  deadline_ms: 800,
  safe_to_retry: true,
});

export const textGiven = event({
  subject: 'corsac.config.v1.suite_text.given',
  owner: 'config',
  listeners: ['token', 'authorize'],
  payload: z.object({ text: z.string() }),
  delivery: 'one_of_service',
});

export const textAnnounced = event({
  subject: 'corsac.config.v1.suite_text.announced',
  owner: 'config',
  listeners: ['token', 'authorize'],
  payload: z.object({ text: z.string() }),
  delivery: 'every_replica',
});

export const textPromised = durableEvent({
  subject: 'corsac.session.v1.suite_text.promised',
  owner: 'session',
  listeners: ['token', 'authorize'],
  payload: z.object({ text: z.string(), tenant: z.string().optional() }),
  max_deliveries: 3,
  backoff_ms: [60, 120],
  ack_wait_ms: 500,
});

/** What generated permissions and streams must cover when the suite runs with credentials. */
export const suiteContracts = {
  questions: [repeatText, readText],
  events: [textGiven, textAnnounced],
  durableEvents: [textPromised],
};

export { deadLettered };

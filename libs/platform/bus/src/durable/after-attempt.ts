import type { AnyDurableEvent } from '../carrier.js';

/** How one delivery of a durable event went. */
export type Attempt =
  | { readonly result: 'done' }
  /** The handler threw. */
  | { readonly result: 'failed'; readonly reason: string }
  /** The handler took longer than `ack_wait_ms`. */
  | { readonly result: 'too_slow' }
  /** The message does not match its contract; another delivery would not either. */
  | { readonly result: 'malformed'; readonly reason: string };

export type NextStep =
  | { readonly step: 'acknowledge' }
  | { readonly step: 'deliver_again'; readonly delay_ms: number }
  | { readonly step: 'put_aside'; readonly reason: string };

type Redelivery = Pick<AnyDurableEvent, 'max_deliveries' | 'backoff_ms'>;

/** Milliseconds before the delivery that follows number `attempt`; the last figure of the list repeats. */
const delayAfter = (attempt: number, { backoff_ms }: Redelivery): number =>
  backoff_ms[attempt - 1] ?? backoff_ms.at(-1) ?? 0;

/**
 * What becomes of a message after a delivery.
 * @param attempt number of the delivery, 1 for the first
 */
export function afterAttempt(event: Redelivery, attempt: number, went: Attempt): NextStep {
  if (went.result === 'done') return { step: 'acknowledge' };
  if (went.result === 'malformed') return { step: 'put_aside', reason: went.reason };
  if (attempt >= event.max_deliveries) {
    return { step: 'put_aside', reason: went.result === 'failed' ? went.reason : 'the handler took too long' };
  }
  // Somebody else gets at once what was not acknowledged in time.
  return { step: 'deliver_again', delay_ms: went.result === 'too_slow' ? 0 : delayAfter(attempt, event) };
}

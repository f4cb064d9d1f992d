import { deadLetter, type DeadLetter } from '@corsac/contracts';
import type { DurableHandler } from '../message/handlers.js';
import type { BusOptions } from '../service-bus.js';

/** What is known of a message when it is put aside. */
export interface PutAside {
  readonly id: string;
  readonly attempts: number;
  readonly reason: string;
  /** Parsed JSON, unchecked. */
  readonly payload: unknown;
}

const field = (payload: unknown, name: 'tenant' | 'track'): string | undefined => {
  const value: unknown = typeof payload === 'object' && payload !== null ? Reflect.get(payload, name) : undefined;
  return deadLetter.shape[name].safeParse(value).success ? (value as string | undefined) : undefined;
};

/** The letter about a message; says where it belongs when the payload does, and nothing else of the payload. */
export const letterOf = (
  { service, contract }: Pick<DurableHandler, 'service' | 'contract'>,
  { id, attempts, reason, payload }: PutAside,
  failed_ms: number,
): DeadLetter => ({
  id: id.slice(0, 300),
  subject: contract.subject,
  service,
  attempts,
  reason: reason.slice(0, 500),
  failed_ms,
  tenant: field(payload, 'tenant'),
  track: field(payload, 'track'),
});

/** Tells the log and whoever asked to be told. A letter about a letter goes no further than this. */
export function reportLetter(letter: DeadLetter, options: BusOptions): void {
  options.logger?.error({ ...letter }, 'a durable event was put aside as a dead letter');
  options.onDeadLetter?.(letter);
}

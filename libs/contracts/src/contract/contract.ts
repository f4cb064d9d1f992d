import type { z } from 'zod';

/** The four services. Each owns its data, its subjects and its routes. */
export const serviceNames = ['authorize', 'token', 'session', 'config'] as const;
export type ServiceName = (typeof serviceNames)[number];

/**
 * A question goes to one replica of its owner and is answered within `deadline_ms`, by a response or by one of the
 * named refusals. Both sides check what they receive against the schemas.
 */
export interface Question<Request, Response, Refusal extends string> {
  readonly kind: 'question';
  /** `corsac.<service>.v<n>.<noun>.<verb>`, imperative, exact, without names of tenants or people. */
  readonly subject: string;
  readonly owner: ServiceName;
  readonly askers: readonly ServiceName[];
  readonly request: z.ZodType<Request>;
  readonly response: z.ZodType<Response>;
  readonly refusals: readonly Refusal[];
  /** Milliseconds, at most 3000: a caller never hangs. */
  readonly deadline_ms: number;
  /** True when asking twice has the effect of asking once; only then the bus may ask again by itself. */
  readonly safe_to_retry: boolean;
}

/** Who hears an event: one replica of each listening service, or every replica of it. */
export type Delivery = 'one_of_service' | 'every_replica';

/** A hint that may be lost: caches heal without it. */
export interface BusEvent<Payload> {
  readonly kind: 'event';
  /** `corsac.<service>.v<n>.<noun>.<past tense>`; the service is the one that publishes. */
  readonly subject: string;
  readonly owner: ServiceName;
  readonly listeners: readonly ServiceName[];
  readonly payload: z.ZodType<Payload>;
  readonly delivery: Delivery;
}

/**
 * A promise: written in the owner's own transaction, published until the bus has it, delivered to one replica of every
 * listening service until that one is done, and put aside as a dead letter when it never is. Handlers are idempotent.
 */
export interface DurableEvent<Payload> {
  readonly kind: 'durable_event';
  readonly subject: string;
  readonly owner: ServiceName;
  readonly listeners: readonly ServiceName[];
  readonly payload: z.ZodType<Payload>;
  /** Deliveries before the message becomes a dead letter. */
  readonly max_deliveries: number;
  /** Milliseconds before the second, third, ... delivery; the last one repeats. */
  readonly backoff_ms: readonly number[];
  /** Milliseconds a handler may take before the message is delivered to somebody else. */
  readonly ack_wait_ms: number;
}

export type Contract = Question<unknown, unknown, string> | BusEvent<unknown> | DurableEvent<unknown>;

type QuestionParts<Request, Response, Refusal extends string> = Omit<
  Question<Request, Response, Refusal>,
  'kind' | 'deadline_ms' | 'safe_to_retry'
> &
  Partial<Pick<Question<Request, Response, Refusal>, 'deadline_ms' | 'safe_to_retry'>>;

/** Declares a question; unsaid, it has 2 seconds and is not asked twice. */
export const question = <Request, Response, const Refusal extends string>(
  parts: QuestionParts<Request, Response, Refusal>,
): Question<Request, Response, Refusal> => ({ deadline_ms: 2000, safe_to_retry: false, ...parts, kind: 'question' });

/** Declares an event that may be lost. */
export const event = <Payload>(parts: Omit<BusEvent<Payload>, 'kind'>): BusEvent<Payload> => ({
  ...parts,
  kind: 'event',
});

type DurableParts<Payload> = Omit<DurableEvent<Payload>, 'kind' | 'max_deliveries' | 'backoff_ms' | 'ack_wait_ms'> &
  Partial<Pick<DurableEvent<Payload>, 'max_deliveries' | 'backoff_ms' | 'ack_wait_ms'>>;

/** Declares a durable event; unsaid, it is delivered up to 12 times over about half an hour, 30 seconds to handle each. */
export const durableEvent = <Payload>(parts: DurableParts<Payload>): DurableEvent<Payload> => ({
  max_deliveries: 12,
  backoff_ms: [500, 1000, 2000, 5000, 15_000, 60_000, 300_000],
  ack_wait_ms: 30_000,
  ...parts,
  kind: 'durable_event',
});

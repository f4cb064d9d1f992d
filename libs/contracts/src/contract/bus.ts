import type { Outcome } from '@corsac/outcome';
import type { BusEvent, DurableEvent, Question } from './contract.js';

/** Travels in message headers beside the payload: what joins the logs and traces of one request. */
export interface MessageContext {
  readonly request_id?: string;
  /** W3C Trace Context. */
  readonly traceparent?: string;
  readonly tracestate?: string;
}

/** Nobody answered in time: no replica there, bus away, or deadline passed. Becomes 503 / `temporarily_unavailable`. */
export interface Unavailable {
  readonly refusal: 'unavailable';
  readonly detail: string;
}

/** The answerer's own word that it will not, with a reason for the log. */
export interface Refused<Refusal extends string> {
  readonly refusal: Refusal;
  readonly detail?: string;
}

/** What a handler of a question gives back. */
export type Answer<Response, Refusal extends string> = Outcome<Response, Refused<Refusal>>;
/** What an asker gets: the answer, or `unavailable`. */
export type Asked<Response, Refusal extends string> = Outcome<Response, Refused<Refusal> | Unavailable>;

/**
 * How services speak. Every message is copied as JSON in every shape, so nothing passes in one process that would not
 * pass between two. Promises never reject for reasons of the bus, except `publishDurable`, which rejects when the bus
 * has not taken the message, so that its outbox row stays.
 */
export interface Bus {
  ask<Request, Response, Refusal extends string>(
    question: Question<Request, Response, Refusal>,
    request: Request,
    context?: MessageContext,
  ): Promise<Asked<Response, Refusal>>;
  publish<Payload>(event: BusEvent<Payload>, payload: Payload, context?: MessageContext): Promise<void>;
  /** `id` de-duplicates: publishing the same id again within two minutes delivers nothing new. */
  publishDurable<Payload>(
    event: DurableEvent<Payload>,
    payload: Payload,
    id: string,
    context?: MessageContext,
  ): Promise<void>;
}

/** What a handler of a durable event is told beside the payload. */
export interface DeliveryInfo {
  readonly id: string;
  /** 1 at the first delivery. */
  readonly attempt: number;
  /** Of the request that caused it, however long ago; none where it was not told. */
  readonly context?: MessageContext;
}

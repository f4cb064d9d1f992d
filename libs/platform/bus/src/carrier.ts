import type { BusEvent, DurableEvent, MessageContext, Question, Unavailable } from '@corsac/contracts';
import type { Outcome } from '@corsac/outcome';

export type AnyQuestion = Question<unknown, unknown, string>;
export type AnyEvent = BusEvent<unknown>;
export type AnyDurableEvent = DurableEvent<unknown>;

/** A durable event as JSON, with its id and whatever is known of what caused it. */
export interface DurableMessage {
  readonly body: string;
  readonly id: string;
  readonly context: MessageContext;
}

/** What moves messages. Bodies are JSON texts, so that nothing passes in one process that would not pass between two. */
export interface Carrier {
  /** @returns the parsed answer as the answerer wrote it, not yet checked */
  ask(question: AnyQuestion, body: string, context: MessageContext): Promise<Outcome<unknown, Unavailable>>;
  publish(event: AnyEvent, body: string, context: MessageContext): Promise<void>;
  /** Rejects when the message was not taken. */
  publishDurable(event: AnyDurableEvent, message: DurableMessage): Promise<void>;
}

/** Bytes of one message, at most. NATS is configured to the same figure. */
export const maxMessageBytes = 8 * 1024 * 1024;

/** Whether a text is too long for the bus; counts bytes only when it could be. */
export const isTooLong = (text: string): boolean =>
  text.length * 3 > maxMessageBytes && Buffer.byteLength(text) > maxMessageBytes;

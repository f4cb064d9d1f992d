import { applyDecorators } from '@nestjs/common';
import { EventPattern, MessagePattern } from '@nestjs/microservices';
import type { BusEvent, DurableEvent, Question } from '@corsac/contracts';

/** Where a bus adapter finds the contract that a handler was written for. */
export interface SubjectExtras {
  readonly contract: Question<unknown, unknown, string> | BusEvent<unknown> | DurableEvent<unknown>;
  /** NATS queue group; empty: every replica hears. */
  readonly queue: string;
  /** Which listening service this handler belongs to. */
  readonly service: string;
}

/**
 * Marks the method that answers a question: `(request, context: MessageContext) => Promise<Answer<Response, Refusal>>`.
 * Requests are checked against the contract before the method sees them.
 */
export const Answers = (
  question: Question<never, unknown, string> | Question<unknown, unknown, string>,
): MethodDecorator =>
  applyDecorators(
    MessagePattern(question.subject, { contract: question, queue: question.owner, service: question.owner } satisfies {
      [key in keyof SubjectExtras]: unknown;
    }),
  );

/** Marks the method that hears an event in `service`: `(payload, context: MessageContext) => Promise<void>`. */
export const Hears = (event: BusEvent<unknown>, service: string): MethodDecorator =>
  applyDecorators(
    // With `queue: undefined` the transport would fall back to its default group and only one replica would hear.
    EventPattern(event.subject, { contract: event, queue: event.delivery === 'every_replica' ? '' : service, service }),
  );

/**
 * Marks the method that carries out a durable event in `service`: `(payload, info: DeliveryInfo) => Promise<void>`.
 * Returning acknowledges, throwing asks for redelivery.
 */
export const HearsDurable = (event: DurableEvent<unknown>, service: string): MethodDecorator =>
  applyDecorators(EventPattern(event.subject, { contract: event, queue: service, service }));

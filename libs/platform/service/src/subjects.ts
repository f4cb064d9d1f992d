import { applyDecorators, Catch, UseFilters, type RpcExceptionFilter } from '@nestjs/common';
import { Ctx, EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { throwError, type Observable } from 'rxjs';
import type {
  Answer,
  BusEvent,
  DeliveryInfo,
  DurableEvent,
  MessageContext,
  Question,
  ServiceName,
} from '@corsac/contracts';

/** Where a bus adapter finds the contract that a handler was written for. */
export interface SubjectExtras {
  readonly contract: Question<unknown, unknown, string> | BusEvent<unknown> | DurableEvent<unknown>;
  /** NATS queue group; empty: every replica hears. */
  readonly queue: string;
  /** Which listening service this handler belongs to. */
  readonly service: ServiceName;
}

/** Decorates a method whose shape the contract gives; a handler that promises something else does not compile. */
type HandlerDecorator<Handler> = <Method extends Handler>(
  target: object,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<Method>,
) => void;

type Answerer<Request, Response, Refusal extends string> = (
  request: Request,
  context: MessageContext,
) => Promise<Answer<Response, Refusal>>;
type Hearer<Payload> = (payload: Payload, context: MessageContext) => Promise<void>;
type Worker<Payload> = (payload: Payload, info: DeliveryInfo) => Promise<void>;

/**
 * Hands what a handler throws to the bus adapter as it is. Unsaid, Nest would put `Internal server error` in its place,
 * and neither the log line nor the dead letter could say what went wrong.
 */
@Catch()
class HandToBus implements RpcExceptionFilter {
  catch(thrown: unknown): Observable<never> {
    return throwError(() => thrown);
  }
}

/** Nest passes a handler its first argument only, unless the parameters are marked. */
const withBothArguments: MethodDecorator = (target, key) => {
  Payload()(target, key, 0);
  Ctx()(target, key, 1);
};

/** Nest's own type wants a first parameter of an object type; ours are checked by the contract. */
const onEvent = (subject: string, extras: SubjectExtras): MethodDecorator =>
  EventPattern(subject, { ...extras }) as unknown as MethodDecorator;

const handler = (pattern: MethodDecorator): MethodDecorator =>
  applyDecorators(pattern, UseFilters(new HandToBus()), withBothArguments);

/**
 * Marks the method that answers a question: `(request, context: MessageContext) => Promise<Answer<Response, Refusal>>`.
 * Requests are checked against the contract before the method sees them.
 */
export const Answers = <Request, Response, Refusal extends string>(
  question: Question<Request, Response, Refusal>,
): HandlerDecorator<Answerer<Request, Response, Refusal>> => {
  const extras: SubjectExtras = { contract: question, queue: question.owner, service: question.owner };
  return handler(MessagePattern(question.subject, { ...extras }));
};

/** Marks the method that hears an event in `service`: `(payload, context: MessageContext) => Promise<void>`. */
export const Hears = <Payload>(event: BusEvent<Payload>, service: ServiceName): HandlerDecorator<Hearer<Payload>> => {
  // With `queue: undefined` the transport would fall back to its default group and only one replica would hear.
  const extras: SubjectExtras = { contract: event, queue: event.delivery === 'every_replica' ? '' : service, service };
  return handler(onEvent(event.subject, extras));
};

/**
 * Marks the method that carries out a durable event in `service`: `(payload, info: DeliveryInfo) => Promise<void>`.
 * Returning acknowledges, throwing asks for redelivery.
 */
export const HearsDurable = <Payload>(
  event: DurableEvent<Payload>,
  service: ServiceName,
): HandlerDecorator<Worker<Payload>> => {
  const extras: SubjectExtras = { contract: event, queue: service, service };
  return handler(onEvent(event.subject, extras));
};

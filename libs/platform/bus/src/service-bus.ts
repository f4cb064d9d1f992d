import type { CustomTransportStrategy } from '@nestjs/microservices';
import type { Bus, DeadLetter, MessageContext, ServiceName } from '@corsac/contracts';
import type { Logger } from '@corsac/telemetry';

/** Is the bus of use just now, and what is on its way? */
export interface BusHealth {
  readonly ready: boolean;
  /** For people: what is missing, or `ok`. */
  readonly detail: string;
  /** Questions asked and not answered, and handlers at work. */
  readonly in_flight: number;
}

/** How a process's services are joined. The same in every shape; only the app's main file picks one. */
export interface ServiceBus {
  /** What a service's Nest application listens with. Every call is one more replica of the service. */
  strategyFor(service: ServiceName): CustomTransportStrategy;
  /** What a service speaks with. */
  busFor(service: ServiceName): Bus;
  /** Takes no new message, lets the handlers at work finish, then lets go. Resolves as soon as that is done. */
  drain(): Promise<void>;
  health(): BusHealth;
}

/** One message asked or handled, for metrics. Subjects are few: the contracts' own. */
export interface BusMeasure {
  readonly kind: 'asked' | 'answered' | 'heard' | 'carried_out';
  readonly service: ServiceName;
  readonly subject: string;
  readonly result: 'ok' | 'refused' | 'unavailable' | 'failed';
  readonly duration_ms: number;
}

/** A message that is about to be handled. */
export interface IncomingMessage {
  readonly service: ServiceName;
  readonly subject: string;
  readonly context: MessageContext;
}

/** What both buses take. Everything may be left out. */
export interface BusOptions {
  readonly logger?: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Context of what the caller is doing, for messages that are given none. */
  readonly currentContext?: () => MessageContext;
  /** Runs a handler: the place for a span or an async context. */
  readonly around?: <T>(message: IncomingMessage, handle: () => Promise<T>) => Promise<T>;
  readonly measured?: (measure: BusMeasure) => void;
  /** Told of every dead letter of this process, beside the letter that goes to Control. */
  readonly onDeadLetter?: (letter: DeadLetter) => void;
  /** Milliseconds that handlers get to finish when the bus is drained, at most; 5000 unsaid. */
  readonly drain_limit_ms?: number;
}

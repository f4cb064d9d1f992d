import { ServerNats } from '@nestjs/microservices';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import type { ServiceName } from '@corsac/contracts';
import { InFlight } from '../in-flight.js';
import { handlersOf, type EventHandler, type QuestionHandler } from '../message/handlers.js';
import type { BusOptions } from '../service-bus.js';
import { withinTime } from '../within-time.js';
import { answerMessage, hearMessage } from './answerer.js';
import { Listening, type JetStream } from './listening.js';

/** What a replica is given to listen with. */
export interface Ears {
  readonly nats: NatsConnection;
  readonly jetstream: JetStream;
}

/** A replica as its bus sees it. */
export interface NatsReplica {
  readonly inFlight: InFlight;
  readonly answersInFlight: InFlight;
  readonly listening: readonly Listening[];
  close(): Promise<void>;
}

interface StrategyParts {
  readonly service: ServiceName;
  readonly options: BusOptions;
  readonly drain_limit_ms: number;
  open(): Promise<Ears>;
  entered(replica: NatsReplica): void;
  left(replica: NatsReplica): void;
}

/**
 * Nest's NATS server with three differences: it shares the process's connection, messages are plain JSON with their
 * context in headers, and stopping lasts as long as the handlers at work and not a fixed time.
 */
export class NatsStrategy extends ServerNats implements NatsReplica {
  readonly inFlight = new InFlight();
  /** Apart, since nobody waits for an answer longer than its deadline. */
  readonly answersInFlight = new InFlight();
  listening: readonly Listening[] = [];
  private hearing: readonly Subscription[] = [];
  private ears: Ears | undefined;
  private longestDeadline = 0;

  constructor(private readonly parts: StrategyParts) {
    super({});
  }

  override async createNatsClient(): Promise<NatsConnection> {
    this.ears = await this.parts.open();
    return this.ears.nats;
  }

  /** Ready when the server has every subscription, not when they are on their way. */
  override start(callback: (error?: unknown) => void): void {
    const { ears } = this;
    if (!ears) return callback(new Error('not connected'));
    this.bindEvents(ears.nats);
    ears.nats.flush().then(() => callback(), callback);
  }

  override bindEvents(nats: NatsConnection): void {
    const { service, options } = this.parts;
    const handlers = handlersOf(service, this.getHandlers(), this.inFlight);
    const jetstream = this.ears?.jetstream;
    this.longestDeadline = Math.max(0, ...handlers.questions.map(({ contract }) => contract.deadline_ms));
    this.hearing = [
      ...handlers.questions.map((handler) => this.answering(nats, handler)),
      ...handlers.events.map((handler) => this.hearingOf(nats, handler)),
    ];
    if (jetstream) this.listening = handlers.durable.map((handler) => new Listening(jetstream, handler, options));
    this.parts.entered(this);
  }

  override async close(): Promise<void> {
    if (!this.ears) return;
    this.ears = undefined;
    const limit_ms = this.parts.drain_limit_ms;
    const stopped = [...this.hearing.map(drained), ...this.listening.map((listening) => listening.stop())];
    await withinTime(Promise.all(stopped), limit_ms, undefined);
    await Promise.all([
      this.answersInFlight.settle(Math.min(this.longestDeadline, limit_ms)),
      this.inFlight.settle(limit_ms),
    ]);
    this.parts.left(this);
  }

  private answering(nats: NatsConnection, handler: QuestionHandler): Subscription {
    const { subject, owner } = handler.contract;
    return nats.subscribe(subject, {
      queue: owner,
      callback: (error, message) => {
        if (error) return this.refused(subject, error);
        void this.answersInFlight.track(answerMessage(handler, message, this.parts.options));
      },
    });
  }

  private hearingOf(nats: NatsConnection, handler: EventHandler): Subscription {
    const { subject, delivery } = handler.contract;
    return nats.subscribe(subject, {
      ...(delivery === 'one_of_service' && { queue: handler.service }),
      callback: (error, message) => {
        if (error) return this.refused(subject, error);
        void this.inFlight.track(hearMessage(handler, message, this.parts.options));
      },
    });
  }

  private refused(subject: string, error: Error): void {
    this.parts.options.logger?.error(
      { subject, service: this.parts.service, error },
      'NATS does not let this be heard',
    );
  }
}

const drained = async (subscription: Subscription): Promise<void> => {
  if (!subscription.isClosed()) await subscription.drain().catch(() => undefined);
};

import type { CustomTransportStrategy } from '@nestjs/microservices';
import { ok, type Outcome } from '@corsac/outcome';
import { serviceNames, type Bus, type MessageContext, type ServiceName, type Unavailable } from '@corsac/contracts';
import {
  isTooLong,
  type AnyDurableEvent,
  type AnyEvent,
  type AnyQuestion,
  type Carrier,
  type DurableMessage,
} from '../carrier.js';
import { answer, hear } from '../message/answer.js';
import type { EventHandler, QuestionHandler } from '../message/handlers.js';
import { unavailable } from '../message/unavailable.js';
import type { BusHealth, BusOptions, ServiceBus } from '../service-bus.js';
import { Voice } from '../speak.js';
import { withinTime } from '../within-time.js';
import { MemoryDurable } from './durable.js';
import { Replicas, type Replica } from './replicas.js';
import { MemoryStrategy } from './strategy.js';

export interface MemoryBusOptions extends BusOptions {
  /**
   * Services that this process runs. `publishDurable` waits for those of the event's listeners, also while they are
   * still starting. All four unsaid.
   */
  readonly services?: readonly ServiceName[];
  /** Milliseconds since 1970, for tests. */
  readonly nowMs?: () => number;
}

class MemoryBus implements ServiceBus, Carrier {
  private readonly replicas = new Replicas();
  private readonly there = new Set<Replica>();
  private readonly stopped = new AbortController();
  private readonly durable: MemoryDurable;

  constructor(private readonly options: MemoryBusOptions) {
    this.durable = new MemoryDurable({
      replicas: this.replicas,
      options,
      services: options.services ?? serviceNames,
      stopped: this.stopped.signal,
      nowMs: options.nowMs ?? Date.now,
    });
  }

  strategyFor(service: ServiceName): CustomTransportStrategy {
    return new MemoryStrategy(service, {
      enter: (replica) => this.enter(replica),
      leave: (replica) => this.leave(replica),
    });
  }

  busFor(service: ServiceName): Bus {
    return new Voice(service, this, this.options);
  }

  async drain(): Promise<void> {
    this.stopped.abort();
    await Promise.all([...this.there].map((replica) => this.leave(replica)));
  }

  health(): BusHealth {
    const ready = !this.stopped.signal.aborted;
    return { ready, detail: ready ? 'ok' : 'stopped', in_flight: this.inFlight };
  }

  async ask(question: AnyQuestion, body: string, context: MessageContext): Promise<Outcome<unknown, Unavailable>> {
    if (this.stopped.signal.aborted) return unavailable('the bus is stopped');
    const handler = this.replicas.questions.next(question.subject, question.owner);
    if (!handler) return unavailable(`nobody answers ${question.subject}`);
    // What is later than the deadline is not waited for, by a stopping replica either.
    const answered = await handler.inFlight.track(
      withinTime(this.answered(handler, body, context), question.deadline_ms, undefined),
    );
    if (answered === undefined) return unavailable(`no answer within ${question.deadline_ms} ms`);
    return isTooLong(answered) ? unavailable('the answer is too long') : ok(JSON.parse(answered));
  }

  async publish(event: AnyEvent, body: string, context: MessageContext): Promise<void> {
    if (this.stopped.signal.aborted) return;
    for (const handler of this.hearersOf(event)) void handler.inFlight.track(this.heard(handler, body, context));
  }

  async publishDurable(event: AnyDurableEvent, message: DurableMessage): Promise<void> {
    await this.durable.deliver({ event, ...message });
  }

  private get inFlight(): number {
    return [...this.there].reduce((sum, { inFlight }) => sum + inFlight.count, this.durable.waiting);
  }

  private get drainLimit(): number {
    return this.options.drain_limit_ms ?? 5000;
  }

  private hearersOf(event: AnyEvent): readonly EventHandler[] {
    if (event.delivery === 'every_replica') return this.replicas.events.all(event.subject);
    return event.listeners.flatMap((service) => this.replicas.events.next(event.subject, service) ?? []);
  }

  /** In a later turn, as between processes: a handler never runs inside its caller. */
  private async answered(handler: QuestionHandler, body: string, context: MessageContext): Promise<string> {
    await Promise.resolve();
    return answer(handler, JSON.parse(body), { ...context }, this.options);
  }

  private async heard(handler: EventHandler, body: string, context: MessageContext): Promise<void> {
    await Promise.resolve();
    await hear(handler, JSON.parse(body), { ...context }, this.options);
  }

  private enter(replica: Replica): void {
    this.there.add(replica);
    this.replicas.add(replica);
  }

  private async leave(replica: Replica): Promise<void> {
    this.replicas.remove(replica);
    await replica.inFlight.settle(this.drainLimit);
    this.there.delete(replica);
  }
}

/**
 * The bus of one process: every message is copied as JSON, replicas take turns, nobody there is `unavailable` at once.
 * `publishDurable` resolves when every listening service of this process has done the message or it is a dead letter;
 * publish rows side by side, since one that fails stays open for its whole backoff. It rejects when the bus is stopped.
 */
export const memoryBus = (options: MemoryBusOptions = {}): ServiceBus => new MemoryBus(options);

import { setTimeout as sleep } from 'node:timers/promises';
import { deadLettered, type DeadLetter, type MessageContext, type ServiceName } from '@corsac/contracts';
import type { AnyDurableEvent } from '../carrier.js';
import { afterAttempt } from '../durable/after-attempt.js';
import { carryOut } from '../durable/carry-out.js';
import { letterOf, reportLetter, type PutAside } from '../durable/letter.js';
import { deliveryInfo } from '../message/context.js';
import type { DurableHandler } from '../message/handlers.js';
import type { BusOptions } from '../service-bus.js';
import { RecentIds } from '../durable/recent-ids.js';
import type { Replicas } from './replicas.js';

interface Message {
  readonly event: AnyDurableEvent;
  readonly body: string;
  readonly id: string;
  readonly context?: MessageContext;
}

/** What the deliverer needs of its bus. */
export interface DurableParts {
  readonly replicas: Replicas;
  readonly options: BusOptions;
  /** Services that run in this process: only their part is waited for. */
  readonly services: readonly ServiceName[];
  readonly stopped: AbortSignal;
  readonly nowMs: () => number;
}

const stop = (): Error => new Error('the bus is stopped');

/**
 * Durable events of one process. Nothing is kept here: the outbox row is the memory, so the promise of `deliver` stays
 * open until every listening service has done the message or it has become a dead letter. Services do not wait for each
 * other, and messages do not either: one that fails for half an hour keeps its own row and nobody else's.
 */
export class MemoryDurable {
  private readonly recent: RecentIds;

  constructor(private readonly parts: DurableParts) {
    this.recent = new RecentIds(parts.nowMs);
  }

  /** Messages that some service has not done yet. */
  get waiting(): number {
    return this.recent.runningCount;
  }

  /** @throws Error when the bus stops first; the row must stay and be published again after the start */
  deliver(message: Message): Promise<void> {
    if (this.parts.stopped.aborted) return Promise.reject(stop());
    return this.recent.once(`${message.event.subject} ${message.id}`, async () => {
      const listeners = message.event.listeners.filter((service) => this.parts.services.includes(service));
      const outcomes = await Promise.allSettled(listeners.map((service) => this.toService(message, service)));
      const broken = outcomes.find((outcome) => outcome.status === 'rejected');
      if (broken) throw broken.reason;
    });
  }

  private async toService(message: Message, service: ServiceName): Promise<void> {
    // A handler never runs inside its caller, here as between processes.
    await Promise.resolve();
    for (let attempt = 1; ; attempt += 1) {
      const handler = await this.replicaOf(service, message.event);
      const payload: unknown = JSON.parse(message.body);
      const work = carryOut(handler, payload, deliveryInfo(message.id, attempt, message.context), this.parts.options);
      const next = afterAttempt(message.event, attempt, await handler.inFlight.track(work));
      if (next.step === 'acknowledge') return;
      if (next.step === 'put_aside') {
        this.putAside(handler, { id: message.id, attempts: attempt, reason: next.reason, payload });
        return;
      }
      await this.wait(next.delay_ms);
    }
  }

  /** A replica of the service, waiting for one to come when there is none: a service that starts last misses nothing. */
  private async replicaOf(service: ServiceName, { subject }: AnyDurableEvent): Promise<DurableHandler> {
    const { replicas, stopped } = this.parts;
    for (;;) {
      if (stopped.aborted) throw stop();
      const handler = replicas.durable.next(subject, service);
      if (handler) return handler;
      await replicas.nextArrival(stopped);
    }
  }

  private async wait(delay_ms: number): Promise<void> {
    await sleep(delay_ms, undefined, { signal: this.parts.stopped, ref: false }).catch(() => undefined);
  }

  private putAside(handler: DurableHandler, message: PutAside): void {
    const letter = letterOf(handler, message, this.parts.nowMs());
    reportLetter(letter, this.parts.options);
    if (handler.contract.subject !== deadLettered.subject) this.post(letter);
  }

  /** On its way to Control. Not waited for: a letter is a courtesy, the owner's table knows what failed. */
  private post(letter: DeadLetter): void {
    const there = deadLettered.listeners.some((service) =>
      this.parts.replicas.durable.next(deadLettered.subject, service),
    );
    if (!there) return;
    const message = {
      event: deadLettered,
      body: JSON.stringify(letter),
      id: `${letter.service} ${letter.subject} ${letter.id}`,
    };
    this.deliver(message).catch(() => undefined);
  }
}

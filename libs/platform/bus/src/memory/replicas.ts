import type { ServiceName } from '@corsac/contracts';
import type { InFlight } from '../in-flight.js';
import type { DurableHandler, EventHandler, QuestionHandler, ServiceHandlers } from '../message/handlers.js';

/** One replica's handlers while it listens. */
export interface Replica {
  readonly handlers: ServiceHandlers;
  readonly inFlight: InFlight;
}

interface Listening {
  readonly contract: { readonly subject: string };
  readonly service: ServiceName;
}

/** The replicas of one service that listen to one subject: what a queue group is on NATS. */
class Group<Handler> {
  readonly handlers: Handler[] = [];
  private turn = 0;

  /** Each in its turn. */
  next(): Handler | undefined {
    this.turn = (this.turn + 1) % Math.max(this.handlers.length, 1);
    return this.handlers[this.turn];
  }
}

/** Who listens to what. */
class Listeners<Handler extends Listening> {
  private readonly bySubject = new Map<string, Map<ServiceName, Group<Handler>>>();

  add(handlers: readonly Handler[]): void {
    for (const handler of handlers) {
      const { subject } = handler.contract;
      const groups = this.bySubject.get(subject) ?? new Map<ServiceName, Group<Handler>>();
      const group = groups.get(handler.service) ?? new Group<Handler>();
      group.handlers.push(handler);
      this.bySubject.set(subject, groups.set(handler.service, group));
    }
  }

  remove(handlers: readonly Handler[]): void {
    for (const handler of handlers) {
      const group = this.bySubject.get(handler.contract.subject)?.get(handler.service);
      const index = group?.handlers.indexOf(handler) ?? -1;
      if (index >= 0) group?.handlers.splice(index, 1);
    }
  }

  all(subject: string): Handler[] {
    return [...(this.bySubject.get(subject)?.values() ?? [])].flatMap((group) => group.handlers);
  }

  next(subject: string, service: ServiceName): Handler | undefined {
    return this.bySubject.get(subject)?.get(service)?.next();
  }
}

/** All replicas of all services of this process. */
export class Replicas {
  readonly questions = new Listeners<QuestionHandler>();
  readonly events = new Listeners<EventHandler>();
  readonly durable = new Listeners<DurableHandler>();
  private readonly waiting = new Set<() => void>();

  add({ handlers }: Replica): void {
    this.questions.add(handlers.questions);
    this.events.add(handlers.events);
    this.durable.add(handlers.durable);
    for (const wake of [...this.waiting]) wake();
  }

  remove({ handlers }: Replica): void {
    this.questions.remove(handlers.questions);
    this.events.remove(handlers.events);
    this.durable.remove(handlers.durable);
  }

  /** Resolves when a replica has come since, or the signal says stop. */
  async nextArrival(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.waiting.add(done);
      signal.addEventListener('abort', done);
    });
  }
}

import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import type { ServiceName } from '@corsac/contracts';
import { InFlight } from '../in-flight.js';
import { handlersOf } from '../message/handlers.js';
import type { Replica } from './replicas.js';

/** How a replica comes and goes. */
export interface Doors {
  enter(replica: Replica): void;
  /** Takes the replica off the list and waits for its handlers. */
  leave(replica: Replica): Promise<void>;
}

/** One replica of a service on the in-process bus: Nest collects the handlers, the bus calls them. */
export class MemoryStrategy extends Server implements CustomTransportStrategy {
  private replica: Replica | undefined;

  constructor(
    private readonly service: ServiceName,
    private readonly doors: Doors,
  ) {
    super();
  }

  listen(callback: (error?: unknown) => void): void {
    try {
      const inFlight = new InFlight();
      this.replica = { handlers: handlersOf(this.service, this.getHandlers(), inFlight), inFlight };
      this.doors.enter(this.replica);
      callback();
    } catch (error) {
      callback(error);
    }
  }

  async close(): Promise<void> {
    const { replica } = this;
    this.replica = undefined;
    if (replica) await this.doors.leave(replica);
  }

  /** There are no connection events to hear in one process. */
  override on(): void {}

  override unwrap<T>(): T {
    throw new Error('the in-process bus has no driver underneath');
  }
}

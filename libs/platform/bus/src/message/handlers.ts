import type { MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import type { DeliveryInfo, MessageContext, ServiceName } from '@corsac/contracts';
import type { SubjectExtras } from '@corsac/service';
import type { InFlight } from '../in-flight.js';
import type { AnyDurableEvent, AnyEvent, AnyQuestion } from '../carrier.js';

/** A method of a service with the contract it was written for. */
export interface BoundHandler<Contract> {
  readonly service: ServiceName;
  readonly contract: Contract;
  /** What its replica is working on. */
  readonly inFlight: InFlight;
  /** Rejects with what the method threw. */
  run(payload: unknown, about: MessageContext | DeliveryInfo): Promise<unknown>;
}

export type QuestionHandler = BoundHandler<AnyQuestion>;
export type EventHandler = BoundHandler<AnyEvent>;
export type DurableHandler = BoundHandler<AnyDurableEvent>;

/** Everything one replica of a service listens to. */
export interface ServiceHandlers {
  readonly questions: readonly QuestionHandler[];
  readonly events: readonly EventHandler[];
  readonly durable: readonly DurableHandler[];
}

const runner =
  (handler: MessageHandler) =>
  async (payload: unknown, about: unknown): Promise<unknown> => {
    const result: unknown = await handler(payload, about);
    return isObservable(result) ? lastValueFrom(result, { defaultValue: undefined }) : result;
  };

const mayHandle = ({ contract }: SubjectExtras, service: ServiceName): boolean =>
  contract.kind === 'question' ? contract.owner === service : contract.listeners.includes(service);

const contractOf = (handler: MessageHandler): SubjectExtras | undefined => {
  const extras: Partial<SubjectExtras> | undefined = handler.extras;
  return extras?.contract && extras.service ? (extras as SubjectExtras) : undefined;
};

/**
 * Reads what Nest found in a service's controllers.
 * @throws Error when a handler has no contract, or one that is not for this service: found at start, not in use
 */
export function handlersOf(
  service: ServiceName,
  registered: ReadonlyMap<string, MessageHandler>,
  inFlight: InFlight,
): ServiceHandlers {
  const questions: QuestionHandler[] = [];
  const events: EventHandler[] = [];
  const durable: DurableHandler[] = [];
  for (const [subject, handler] of registered) {
    const extras = contractOf(handler);
    if (!extras) throw new Error(`the handler of ${subject} in ${service} has no contract`);
    if (extras.service !== service || !mayHandle(extras, service)) {
      throw new Error(`${service} has a handler of ${subject}, which its contract does not give to ${service}`);
    }
    const { contract } = extras;
    const run = runner(handler);
    if (contract.kind === 'question') questions.push({ service, contract, inFlight, run });
    else if (contract.kind === 'event') events.push({ service, contract, inFlight, run });
    else durable.push({ service, contract, inFlight, run });
  }
  return { questions, events, durable };
}

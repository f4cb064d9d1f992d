import { fail, ok, type Outcome } from '@corsac/outcome';
import type {
  Asked,
  Bus,
  BusEvent,
  Contract,
  DurableEvent,
  MessageContext,
  Question,
  ServiceName,
} from '@corsac/contracts';
import { isTooLong, type Carrier } from './carrier.js';
import { contextOf } from './message/context.js';
import { readAnswer } from './message/read-answer.js';
import { unavailable } from './message/unavailable.js';
import type { BusOptions } from './service-bus.js';

/** Whether a service may send this at all: what the permissions on NATS say too. */
const maySend = (service: ServiceName, contract: Contract): boolean =>
  contract.kind === 'question' ? contract.askers.includes(service) : contract.owner === service;

/** A service's own voice over whatever carries it: writes JSON, reads and checks answers, says `unavailable`. */
export class Voice implements Bus {
  constructor(
    private readonly service: ServiceName,
    private readonly carrier: Carrier,
    private readonly options: BusOptions,
  ) {}

  async ask<Request, Response, Refusal extends string>(
    question: Question<Request, Response, Refusal>,
    request: Request,
    context?: MessageContext,
  ): Promise<Asked<Response, Refusal>> {
    const began = performance.now();
    const { subject } = question;
    const about = this.contextFor(context);
    const asked = await this.answerTo(question, request, about);
    const result = asked.ok ? 'ok' : asked.error.refusal === 'unavailable' ? 'unavailable' : 'refused';
    const duration_ms = performance.now() - began;
    if (!asked.ok && result === 'unavailable') {
      const { detail } = asked.error;
      this.options.logger?.warn({ ...about, subject, service: this.service, detail, duration_ms }, 'no answer');
    }
    this.options.measured?.({ kind: 'asked', service: this.service, subject, result, duration_ms });
    // Checked against this very contract: the response schema and its list of refusals.
    return asked as Asked<Response, Refusal>;
  }

  async publish<Payload>(event: BusEvent<Payload>, payload: Payload, context?: MessageContext): Promise<void> {
    const about = this.contextFor(context);
    const written = this.write(event, payload);
    if (written.ok) return this.carrier.publish(event, written.value, about);
    this.options.logger?.error({ ...about, subject: event.subject, detail: written.error }, 'an event was not sent');
  }

  async publishDurable<Payload>(
    event: DurableEvent<Payload>,
    payload: Payload,
    id: string,
    context?: MessageContext,
  ): Promise<void> {
    const written = this.write(event, payload);
    if (!written.ok) throw new Error(`${event.subject} was not sent: ${written.error}`);
    await this.carrier.publishDurable(event, { body: written.value, id, context: contextOf(context) });
  }

  private async answerTo(question: Question<unknown, unknown, string>, request: unknown, context: MessageContext) {
    const written = this.write(question, request);
    if (!written.ok) return unavailable(written.error);
    const received = await this.carrier.ask(question, written.value, context);
    if (!received.ok) return received;
    return readAnswer(question, received.value, (problems) =>
      this.options.logger?.error(
        { ...context, subject: question.subject, problems },
        'an answer does not match its contract',
      ),
    );
  }

  /** The message as JSON, or why it cannot go. */
  private write(contract: Contract, payload: unknown): Outcome<string, string> {
    if (!maySend(this.service, contract)) return fail(`${contract.subject} is not for ${this.service} to send`);
    const body = jsonOf(payload);
    if (body === undefined) return fail('the message cannot be written as JSON');
    return isTooLong(body) ? fail('the message is too long') : ok(body);
  }

  private contextFor(context: MessageContext | undefined): MessageContext {
    return contextOf({ ...this.options.currentContext?.(), ...context });
  }
}

/** A cycle or a bigint is a bug of the sender's, and no reason to throw at who asked him. */
const jsonOf = (payload: unknown): string | undefined => {
  try {
    return JSON.stringify(payload) ?? 'null';
  } catch {
    return undefined;
  }
};

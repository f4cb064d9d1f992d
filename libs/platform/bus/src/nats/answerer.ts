import type { Msg } from '@nats-io/transport-node';
import { inboxPrefix, type MessageContext } from '@corsac/contracts';
import { isTooLong } from '../carrier.js';
import { answer, hear } from '../message/answer.js';
import type { EventHandler, QuestionHandler } from '../message/handlers.js';
import { unavailable } from '../message/unavailable.js';
import type { BusOptions } from '../service-bus.js';
import { contextFrom, readShared, writeAnswers, type Incoming } from './wire.js';

const parsed = (message: Msg): unknown => {
  try {
    return message.json();
  } catch {
    return undefined;
  }
};

/**
 * Answers go to the inbox of a service that may ask this, and nowhere else: otherwise an asker could name any subject as
 * the place for the answer, and have it published there in the answerer's name.
 */
const mayAnswerTo = ({ contract }: QuestionHandler, reply: string | undefined): boolean =>
  reply !== undefined && contract.askers.some((asker) => reply.startsWith(`${inboxPrefix(asker)}.`));

const fitting = (text: string): string =>
  isTooLong(text) ? JSON.stringify(unavailable('the answer is too long')) : text;

const respond = (message: Msg, text: string, options: BusOptions, context: MessageContext = {}): void => {
  try {
    message.respond(fitting(text));
  } catch (error) {
    options.logger?.error({ ...context, subject: message.subject, error }, 'an answer was not sent');
  }
};

/** Sends answers of a shared message as they come; those of one turn together. */
class AnswersOfTurn {
  private ready: (readonly [number, string])[] = [];

  constructor(
    private readonly message: Msg,
    private readonly options: BusOptions,
  ) {}

  add(index: number, text: string): Promise<void> | undefined {
    this.ready.push([index, fitting(text)]);
    if (this.ready.length > 1) return undefined;
    return new Promise((resolve) =>
      setImmediate(() => {
        this.send(this.ready);
        this.ready = [];
        resolve();
      }),
    );
  }

  private send(ready: readonly (readonly [number, string])[]): void {
    const text = writeAnswers(ready);
    if (ready.length === 1 || !isTooLong(text)) return respond(this.message, text, this.options);
    for (const one of ready) respond(this.message, writeAnswers([one]), this.options);
  }
}

async function answerShared(
  handler: QuestionHandler,
  message: Msg,
  questions: readonly Incoming[],
  options: BusOptions,
) {
  const answers = new AnswersOfTurn(message, options);
  const all = questions.map(async ({ request, context }, index) => {
    await answers.add(index, await answer(handler, request, context, options));
  });
  await Promise.all(all);
}

/** Answers the question or questions of one message. */
export async function answerMessage(handler: QuestionHandler, message: Msg, options: BusOptions): Promise<void> {
  const { subject } = handler.contract;
  if (!mayAnswerTo(handler, message.reply)) {
    options.logger?.warn({ subject }, 'a question has no place for its answer that an asker of it may have');
    return;
  }
  const received = parsed(message);
  const questions = Array.isArray(received) ? readShared(received) : undefined;
  if (questions) return answerShared(handler, message, questions, options);
  const context = contextFrom(message.headers);
  respond(message, await answer(handler, received, context, options), options, context);
}

/** Hears one event that may be lost. */
export const hearMessage = (handler: EventHandler, message: Msg, options: BusOptions): Promise<void> =>
  hear(handler, parsed(message), contextFrom(message.headers), options);

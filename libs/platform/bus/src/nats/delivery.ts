import type { JetStreamClient, JsMsg } from '@nats-io/jetstream';
import { deadLettered, deadLetterSubject, type DeadLetter } from '@corsac/contracts';
import { afterAttempt, type Attempt, type NextStep } from '../durable/after-attempt.js';
import { carryOut } from '../durable/carry-out.js';
import { letterOf, reportLetter, type PutAside } from '../durable/letter.js';
import { deliveryInfo } from '../message/context.js';
import type { DurableHandler } from '../message/handlers.js';
import { contextFrom } from './wire.js';
import type { BusOptions } from '../service-bus.js';

/** Milliseconds until a message is tried again that could be neither done nor put aside. */
const laterMs = 5000;

const payloadOf = (message: JsMsg): unknown => {
  try {
    return message.json();
  } catch {
    return undefined;
  }
};

const idOf = (message: JsMsg): string => message.headers?.get('Nats-Msg-Id') || `${message.info.stream} ${message.seq}`;

/** Brings the letter into the stream of dead letters; under an id, since the same may be put aside twice by a hair. */
async function post(jetstream: JetStreamClient, letter: DeadLetter): Promise<void> {
  const msgID = `${letter.service} ${letter.subject} ${letter.id}`;
  await jetstream.publish(deadLetterSubject(letter.service), JSON.stringify(letter), { msgID });
}

async function putAside(jetstream: JetStreamClient, handler: DurableHandler, aside: PutAside, options: BusOptions) {
  const letter = letterOf(handler, aside, Date.now());
  // A letter that Control cannot take goes no further than the log.
  if (handler.contract.subject !== deadLettered.subject) await post(jetstream, letter);
  reportLetter(letter, options);
}

/** Deliveries that ended without a word, as by a crash of the process, count too. */
async function attemptOf(
  handler: DurableHandler,
  payload: unknown,
  message: JsMsg,
  options: BusOptions,
): Promise<NextStep> {
  const attempt = message.info.deliveryCount;
  if (attempt > handler.contract.max_deliveries)
    return { step: 'put_aside', reason: 'delivered too often without an end' };
  const info = deliveryInfo(idOf(message), attempt, contextFrom(message.headers));
  const went: Attempt = await carryOut(handler, payload, info, options);
  return afterAttempt(handler.contract, attempt, went);
}

/** One delivery from JetStream: carries it out and tells JetStream what became of it. */
export async function takeDelivery(
  jetstream: JetStreamClient,
  handler: DurableHandler,
  message: JsMsg,
  options: BusOptions,
): Promise<void> {
  const payload = payloadOf(message);
  const next = await attemptOf(handler, payload, message, options);
  if (next.step === 'acknowledge') return message.ack();
  if (next.step === 'deliver_again') return message.nak(next.delay_ms || undefined);
  const attempts = message.info.deliveryCount;
  try {
    await putAside(jetstream, handler, { id: idOf(message), attempts, reason: next.reason, payload }, options);
    message.term();
  } catch (error) {
    options.logger?.error(
      { subject: handler.contract.subject, error },
      'a dead letter was not taken, tried again later',
    );
    message.nak(laterMs);
  }
}

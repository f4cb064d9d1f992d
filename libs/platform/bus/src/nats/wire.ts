import { headers, type MsgHdrs } from '@nats-io/transport-node';
import { maxQuestionsPerMessage, type MessageContext } from '@corsac/contracts';
import { contextOf } from '../message/context.js';

/**
 * On the wire a question is its JSON object, with the context in headers. Questions of one turn share a message as a
 * list of `[question, context]`, since there is one set of headers only; their answers come back as `[index, answer]`,
 * as many in one message as are ready in one turn.
 */
export interface Outgoing {
  readonly body: string;
  readonly context: MessageContext;
}

export interface Incoming {
  readonly request: unknown;
  readonly context: MessageContext;
}

const contextNames = ['request_id', 'traceparent', 'tracestate'] as const;

/** @returns undefined when there is nothing to say, which saves the server and the reader a parse */
export function headersOf(context: MessageContext): MsgHdrs | undefined {
  let written: MsgHdrs | undefined;
  for (const name of contextNames) {
    const value = context[name];
    if (value !== undefined) (written ??= headers()).set(name, value);
  }
  return written;
}

export const contextFrom = (received: MsgHdrs | undefined): MessageContext =>
  contextOf(received && Object.fromEntries(contextNames.map((name) => [name, received.get(name) || undefined])));

export const writeShared = (questions: readonly Outgoing[]): string =>
  `[${questions.map(({ body, context }) => `[${body},${JSON.stringify(context)}]`).join(',')}]`;

/** @returns undefined when it is no list of questions, or a longer one than we send */
export function readShared(received: readonly unknown[]): readonly Incoming[] | undefined {
  if (received.length > maxQuestionsPerMessage) return undefined;
  const questions: Incoming[] = [];
  for (const item of received) {
    if (!Array.isArray(item)) return undefined;
    const [request, context]: unknown[] = item;
    questions.push({ request, context: contextOf(typeof context === 'object' ? (context ?? undefined) : undefined) });
  }
  return questions;
}

/** @param answers JSON texts by the index of their question */
export const writeAnswers = (answers: readonly (readonly [number, string])[]): string =>
  `[${answers.map(([index, text]) => `[${index},${text}]`).join(',')}]`;

/** Calls `take` for every well-formed answer of a shared message. */
export function readAnswers(received: readonly unknown[], take: (index: number, answer: unknown) => void): void {
  for (const item of received) {
    if (Array.isArray(item) && typeof item[0] === 'number') take(item[0], item[1]);
  }
}

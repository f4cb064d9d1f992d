import type { BusOptions } from '../service-bus.js';
import type { MessageContext } from '@corsac/contracts';
import type { EventHandler, QuestionHandler } from './handlers.js';
import { problemsOf } from './problems.js';
import { unavailable } from './unavailable.js';

const refusalText = (detail: string): string => JSON.stringify(unavailable(detail));

const resultOf = (answer: unknown): 'ok' | 'refused' =>
  typeof answer === 'object' && answer !== null && 'ok' in answer && answer.ok === true ? 'ok' : 'refused';

/** Runs the handler in the place that the options give it. */
const within = (
  handler: QuestionHandler | EventHandler,
  payload: unknown,
  context: MessageContext,
  options: BusOptions,
) => {
  const handle = (): Promise<unknown> => handler.run(payload, context);
  if (!options.around) return handle();
  return options.around({ service: handler.service, subject: handler.contract.subject, context }, handle);
};

/**
 * Answers one question: checks it, runs the handler, writes the answer.
 * @param request parsed JSON from another service, unchecked
 * @returns JSON text of the answer; a bug in the handler or a malformed question is `unavailable` and a line in the log
 */
export async function answer(
  handler: QuestionHandler,
  request: unknown,
  context: MessageContext,
  options: BusOptions,
): Promise<string> {
  const began = performance.now();
  const { subject } = handler.contract;
  const done = (result: 'ok' | 'refused' | 'failed', text: string): string => {
    options.measured?.({
      kind: 'answered',
      service: handler.service,
      subject,
      result,
      duration_ms: performance.now() - began,
    });
    return text;
  };
  const checked = handler.contract.request.safeParse(request);
  if (!checked.success) {
    const problems = problemsOf(checked.error);
    options.logger?.warn({ ...context, subject, problems }, 'a question does not match its contract');
    return done('failed', refusalText(`the question does not match its contract: ${problems}`));
  }
  try {
    const given = await within(handler, checked.data, context, options);
    return done(resultOf(given), JSON.stringify(given) ?? refusalText('the answerer said nothing'));
  } catch (error) {
    options.logger?.error({ ...context, subject, error }, 'the handler of a question failed');
    return done('failed', refusalText('the answerer failed'));
  }
}

/** Hears one event that may be lost: what goes wrong is a line in the log. `payload` is parsed and unchecked. */
export async function hear(
  handler: EventHandler,
  payload: unknown,
  context: MessageContext,
  options: BusOptions,
): Promise<void> {
  const began = performance.now();
  const { subject } = handler.contract;
  let result: 'ok' | 'failed' = 'failed';
  const checked = handler.contract.payload.safeParse(payload);
  if (checked.success) {
    try {
      await within(handler, checked.data, context, options);
      result = 'ok';
    } catch (error) {
      options.logger?.error({ ...context, subject, error }, 'the handler of an event failed');
    }
  } else {
    options.logger?.warn(
      { ...context, subject, problems: problemsOf(checked.error) },
      'an event does not match its contract',
    );
  }
  options.measured?.({
    kind: 'heard',
    service: handler.service,
    subject,
    result,
    duration_ms: performance.now() - began,
  });
}

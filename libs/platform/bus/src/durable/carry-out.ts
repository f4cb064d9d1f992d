import type { DeliveryInfo } from '@corsac/contracts';
import type { DurableHandler } from '../message/handlers.js';
import { problemsOf } from '../message/problems.js';
import type { BusOptions } from '../service-bus.js';
import { withinTime } from '../within-time.js';
import type { Attempt } from './after-attempt.js';

const reasonOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown)).slice(0, 500);

/**
 * One delivery of a durable event to one replica.
 * @param payload parsed JSON, unchecked
 */
export async function carryOut(
  handler: DurableHandler,
  payload: unknown,
  info: DeliveryInfo,
  options: BusOptions,
): Promise<Attempt> {
  const began = performance.now();
  const { service, contract } = handler;
  const { subject } = contract;
  const checked = contract.payload.safeParse(payload);
  if (!checked.success)
    return { result: 'malformed', reason: `does not match its contract: ${problemsOf(checked.error)}` };
  const handle = (): Promise<unknown> => handler.run(checked.data, info);
  let attempt: Attempt;
  try {
    const work = options.around ? options.around({ service, subject, context: info.context ?? {} }, handle) : handle();
    const done = work.then((): Attempt => ({ result: 'done' }));
    attempt = await withinTime(done, contract.ack_wait_ms, { result: 'too_slow' } as const);
  } catch (error) {
    options.logger?.warn({ subject, service, ...info, error }, 'a durable event was not carried out');
    attempt = { result: 'failed', reason: reasonOf(error) };
  }
  const result = attempt.result === 'done' ? 'ok' : 'failed';
  options.measured?.({ kind: 'carried_out', service, subject, result, duration_ms: performance.now() - began });
  return attempt;
}

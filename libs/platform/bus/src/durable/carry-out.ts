import type { DeliveryInfo } from '@corsac/contracts';
import type { DurableHandler } from '../message/handlers.js';
import { problemsOf } from '../message/problems.js';
import type { BusOptions } from '../service-bus.js';
import type { Attempt } from './after-attempt.js';

const reasonOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown)).slice(0, 500);

/** Waits for the handler as long as the contract lets it; one that comes later is not waited for. */
async function inTime(work: Promise<unknown>, limit_ms: number): Promise<Attempt> {
  let timer: NodeJS.Timeout | undefined;
  const tooSlow = new Promise<Attempt>((resolve) => {
    timer = setTimeout(() => resolve({ result: 'too_slow' }), limit_ms);
    timer.unref();
  });
  try {
    return await Promise.race([work.then((): Attempt => ({ result: 'done' })), tooSlow]);
  } finally {
    clearTimeout(timer);
  }
}

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
    const work = options.around ? options.around({ service, subject, context: {} }, handle) : handle();
    attempt = await inTime(work, contract.ack_wait_ms);
  } catch (error) {
    options.logger?.warn({ subject, service, ...info, error }, 'a durable event was not carried out');
    attempt = { result: 'failed', reason: reasonOf(error) };
  }
  const result = attempt.result === 'done' ? 'ok' : 'failed';
  options.measured?.({ kind: 'carried_out', service, subject, result, duration_ms: performance.now() - began });
  return attempt;
}

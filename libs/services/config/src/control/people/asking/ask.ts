import type { Bus, Question } from '@corsac/contracts';
import type { Caller } from '../../api/operation.js';
import { away, type Answered, type Refusal } from '../../api/refusal.js';

/** What a refusal of another service means to whoever called the API. */
export type Meanings<Refused extends string> = Readonly<
  Record<Refused, (detail?: string) => { readonly ok: false; readonly error: Refusal }>
>;

/** Who asks, and for whom. */
export interface Asking {
  readonly bus: Pick<Bus, 'ask'>;
  readonly context: Caller['context'];
}

/**
 * Asks another service on behalf of a caller.
 * @param meanings of what it may refuse; that it gives no answer is 503
 */
export const ask = async <Request, Response, Refused extends string>(
  { bus, context }: Asking,
  question: Question<Request, Response, Refused>,
  request: Request,
  meanings: Meanings<Refused>,
): Promise<Answered<Response>> => {
  const asked = await bus.ask(question, request, context);
  if (asked.ok) return asked;
  const { refusal, detail } = asked.error;
  return refusal === 'unavailable' ? away(question.owner) : meanings[refusal as Refused](detail);
};

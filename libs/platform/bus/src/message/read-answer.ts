import { z } from 'zod';
import { fail, ok } from '@corsac/outcome';
import type { Asked } from '@corsac/contracts';
import type { AnyQuestion } from '../carrier.js';
import { problemsOf } from './problems.js';
import { unavailable } from './unavailable.js';

const answered = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), error: z.object({ refusal: z.string(), detail: z.string().optional() }) }),
]);

/**
 * Checks what came back against the contract.
 * @param received parsed JSON from the answerer
 * @param complain told what is wrong when the answerer breaks the contract; the asker then gets `unavailable`
 */
export function readAnswer(
  question: AnyQuestion,
  received: unknown,
  complain: (problems: string) => void,
): Asked<unknown, string> {
  const broken = (problems: string): Asked<unknown, string> => {
    complain(problems);
    return unavailable(`the answer does not match its contract: ${problems}`);
  };
  const answer = answered.safeParse(received);
  if (!answer.success) return broken(problemsOf(answer.error));
  if (answer.data.ok) {
    const value = question.response.safeParse(answer.data.value);
    return value.success ? ok(value.data) : broken(problemsOf(value.error));
  }
  const { refusal, detail } = answer.data.error;
  if (refusal === 'unavailable') return unavailable(detail ?? '');
  return question.refusals.includes(refusal) ? fail({ refusal, detail }) : broken(`refusal ${refusal}`);
}

import { ok, type Outcome } from '@corsac/outcome';
import { refused, wrongUsage, type Problem } from '../machine/problem.js';
import type { Call } from './command.js';

export const yesOption = { says: 'Does not ask; needed where there is no terminal.' } as const;

/** Asks before something is changed that does not come back. */
export const confirm = async ({ machine, given }: Call, question: string): Promise<Outcome<true, Problem>> => {
  if (given.flags.has('yes')) return ok(true);
  if (!machine.interactive || given.flags.has('json'))
    return wrongUsage('there is nobody to ask here', 'Add --yes when you mean it.');
  const answer = await machine.ask(`${question} [y/N] `);
  return /^y(es)?$/i.test(answer.trim()) ? ok(true) : refused('nothing was changed');
};

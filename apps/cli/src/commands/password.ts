import { ok, type Outcome } from '@corsac/outcome';
import { wrongUsage, type Problem } from '../machine/problem.js';
import type { Call } from './command.js';

/** A password never stands on the command line, where other users of the machine and the shell's history see it. */
export const readPassword = async ({ machine }: Call): Promise<Outcome<string, Problem>> => {
  const password = await machine.readSecret();
  return password === '' ? wrongUsage('standard input has no password') : ok(password);
};

import type { Outcome } from '@corsac/outcome';
import { helpOf, overviewOf } from './arguments/help.js';
import { readArguments } from './arguments/read-arguments.js';
import type { Command, Done } from './commands/command.js';
import { everyCommand } from './commands/every-command.js';
import type { Machine } from './machine/machine.js';
import { plain, type Problem } from './machine/problem.js';

const write = (to: (text: string) => void, lines: readonly string[]): void => {
  if (lines.length > 0) to(`${lines.map(plain).join('\n')}\n`);
};

const startsWith = (words: readonly string[], name: string): boolean =>
  name.split(' ').every((word, at) => words[at] === word);

const tell = ({ err }: Machine, { message, details = [], mend }: Problem, json: boolean): void => {
  if (json) return err(`${JSON.stringify({ problem: { message, details, ...(mend !== undefined && { mend }) } })}\n`);
  write(err, [`corsac: ${message}`, ...details.map((each) => `  ${each}`), ...(mend === undefined ? [] : [mend])]);
};

const finish = (machine: Machine, outcome: Outcome<Done, Problem>, json: boolean): number => {
  if (!outcome.ok) {
    tell(machine, outcome.error, json);
    return outcome.error.usage ? 2 : 1;
  }
  const { lines, json: value, exit = 0 } = outcome.value;
  if (json) machine.out(`${JSON.stringify(value, null, 2)}\n`);
  else write(machine.out, lines);
  return exit;
};

const runCommand = async (machine: Machine, command: Command, words: readonly string[]): Promise<number> => {
  const given = readArguments(command, words);
  if (!given.ok) return finish(machine, given, false);
  if (given.value.flags.has('help')) {
    write(machine.out, helpOf(command));
    return 0;
  }
  const json = given.value.flags.has('json');
  const say = (lines: readonly string[]): void => write(json ? machine.err : machine.out, lines);
  return finish(machine, await command.run({ machine, given: given.value, say }), json);
};

/**
 * Runs a command line.
 * @param words what stands behind `corsac`
 * @returns the exit code: 0 done, 1 refused or with problems, 2 wrong usage, 3 a plan with changes where that was asked for
 */
export const run = async (machine: Machine, words: readonly string[]): Promise<number> => {
  const command = everyCommand.find(({ name }) => startsWith(words, name));
  if (command) return runCommand(machine, command, words.slice(command.name.split(' ').length));
  const [first] = words;
  if (first === '--help' || first === '-h' || first === 'help') {
    write(machine.out, overviewOf(everyCommand));
    return 0;
  }
  const family = everyCommand.filter(({ name }) => name.split(' ')[0] === first);
  const isAsked = family.length > 0 && words.some((word) => word === '--help' || word === '-h');
  write(isAsked ? machine.out : machine.err, overviewOf(family.length > 0 ? family : everyCommand));
  return isAsked ? 0 : 2;
};

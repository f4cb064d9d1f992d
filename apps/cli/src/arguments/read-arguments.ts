import { parseArgs, type ParseArgsConfig } from 'node:util';
import { ok, type Outcome } from '@corsac/outcome';
import type { Arguments, Command, Option } from '../commands/command.js';
import { wrongUsage, type Problem } from '../machine/problem.js';

/** Options that every command has. */
export const everywhere = {
  json: { says: 'Prints JSON, for machines.' },
  help: { short: 'h', says: 'Tells how the command is used.' },
} as const satisfies Command['options'];

const configOf = (options: Readonly<Record<string, Option>>): NonNullable<ParseArgsConfig['options']> =>
  Object.fromEntries(
    Object.entries(options).map(([name, { value, short }]) => [
      name,
      // All may come several times, so that one that must not is refused and not taken by its last value.
      { type: value === undefined ? 'boolean' : 'string', multiple: true, ...(short !== undefined && { short }) },
    ]),
  );

const faultOf = ({ options, operands }: Command, { texts, operands: given }: Arguments): string | undefined => {
  const { name = '', least = 0, most = 0 } = operands ?? {};
  if (given.length > most) return `${given[most]!} is more than it takes`;
  if (given.length < least) return `${name} is missing`;
  for (const [option, { required, multiple, value }] of Object.entries(options)) {
    const values = texts[option] ?? [];
    if (required && values.length === 0) return `--${option} is missing`;
    if (!multiple && values.length > 1) return `--${option} is given twice`;
    if (value !== undefined && values.includes('')) return `--${option} is empty`;
  }
  return undefined;
};

/** Reads what stands behind the name of a command. What was typed is repeated in no message: it may be a secret in the wrong place. */
export const readArguments = (command: Command, words: readonly string[]): Outcome<Arguments, Problem> => {
  const known: Command['options'] = { ...everywhere, ...command.options };
  const mend = `corsac ${command.name} --help tells how it is used.`;
  try {
    const parsed = parseArgs({ args: [...words], options: configOf(known), strict: true, allowPositionals: true });
    const values = Object.entries(parsed.values as Record<string, (string | boolean)[]>);
    const given: Arguments = {
      texts: Object.fromEntries(values.map(([name, all]) => [name, all.filter((one) => typeof one === 'string')])),
      flags: new Set(values.filter(([, all]) => all.includes(true)).map(([name]) => name)),
      operands: parsed.positionals,
    };
    const fault = given.flags.has('help') ? undefined : faultOf(command, given);
    return fault === undefined ? ok(given) : wrongUsage(fault, mend);
  } catch (error) {
    return wrongUsage(reasonOf(error), mend);
  }
};

const reasonOf = (error: unknown): string => {
  const { code, message = '' } = error as { code?: string; message?: string };
  const [, option] = /'(-{1,2}[a-z][a-z-]*)/.exec(message) ?? [];
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return `${option ?? 'an option'} is not known`;
  if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE')
    return `${option ?? 'an option'} has a value where it takes none, or none where it takes one`;
  throw error;
};

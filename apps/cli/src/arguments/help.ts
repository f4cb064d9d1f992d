import type { Command, Option } from '../commands/command.js';
import { everywhere } from './read-arguments.js';

const spelling = (name: string, { short, value }: Option): string =>
  `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;

const columns = (rows: readonly (readonly [string, string])[]): string[] => {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
};

const usageOf = ({ name, options, operands }: Command): string => {
  const needed = Object.entries(options).filter(([, { required }]) => required);
  const operand = operands ? [operands.least === 0 ? `[${operands.name}...]` : operands.name] : [];
  return [
    'corsac',
    name,
    ...needed.map(([option, one]) => `--${option} ${one.value ?? ''}`.trim()),
    ...operand,
    '[options]',
  ].join(' ');
};

/** How one command is used. */
export const helpOf = (command: Command): string[] => {
  const options: Command['options'] = { ...command.options, ...everywhere };
  return [
    `${command.says}.`,
    '',
    usageOf(command),
    '',
    ...columns(Object.entries(options).map(([name, option]) => [spelling(name, option), option.says])),
    ...(command.more ? ['', ...command.more] : []),
  ];
};

/** All commands, or those that begin with a word. */
export const overviewOf = (commands: readonly Command[]): string[] => [
  'corsac administers an installation of Corsac over its Control API.',
  '',
  ...columns(commands.map(({ name, says }) => [`corsac ${name}`, says])),
  '',
  'corsac COMMAND --help tells more. Exit codes: 0 done, 1 refused or with problems, 2 wrong usage.',
  '',
  'Programs set CORSAC_URL and CORSAC_TENANT, and CORSAC_CLIENT_ID with CORSAC_CLIENT_SECRET, or CORSAC_TOKEN.',
];

import type { Command } from '../commands/command.js';
import { everyCommand } from '../commands/every-command.js';
import { helpOf } from './help.js';
import { readArguments } from './read-arguments.js';

const of = (name: string): Command => everyCommand.find((one) => one.name === name)!;
const read = (line: string) => {
  const words = line.split(' ');
  const command = everyCommand.find(({ name }) => line.startsWith(name))!;
  return readArguments(command, words.slice(command.name.split(' ').length));
};

describe('arguments', () => {
  it.each([
    ['plan -f a', { texts: { file: ['a'] }, flags: [], operands: [] }],
    ['plan -fa --file=b --prune', { texts: { file: ['a', 'b'], prune: [] }, flags: ['prune'], operands: [] }],
    ['plan --file a --exit-code --json', { texts: { file: ['a'] }, flags: ['exit-code', 'json'], operands: [] }],
    ['export', { texts: {}, flags: [], operands: [] }],
    ['export - dev -o out', { texts: { output: ['out'] }, flags: [], operands: ['-', 'dev'] }],
    ['user list --track -', { texts: { track: ['-'] }, flags: [], operands: [] }],
    ['user add --track - --role a --role b', { texts: { track: ['-'], role: ['a', 'b'] }, flags: [], operands: [] }],
    ['key rotate --at-once --track dev', { texts: { track: ['dev'] }, flags: ['at-once'], operands: [] }],
    ['track remove dev --yes', { texts: {}, flags: ['yes'], operands: ['dev'] }],
    ['plan --help', { texts: {}, flags: ['help'], operands: [] }],
    ['user add -h', { texts: {}, flags: ['help'], operands: [] }],
  ])('of `%s` are read', (line, wanted) => {
    const given = read(line);
    if (!given.ok) throw new Error(given.error.message);
    const { texts, flags, operands } = given.value;
    expect({ texts, flags: [...flags], operands }).toMatchObject(wanted);
  });

  it.each([
    ['plan', '--file is missing'],
    ['plan -f', '-f has a value where it takes none, or none where it takes one'],
    ['plan -f a --prune=yes', '--prune has a value where it takes none, or none where it takes one'],
    ['plan -f a --file=', '--file is empty'],
    ['plan -f a extra', 'extra is more than it takes'],
    ['plan -f a --purge', '--purge is not known'],
    ['login --url a --url b --tenant t', '--url is given twice'],
    ['login --url a', '--tenant is missing'],
    ['user list', '--track is missing'],
    ['track add', 'TRACK is missing'],
    ['track add a b', 'b is more than it takes'],
  ])('of `%s` are refused: %s', (line, message) => {
    expect(read(line)).toMatchObject({ ok: false, error: { message, usage: true } });
  });

  it('take no password, and repeat none that is written where it does not belong', () => {
    const refusal = readArguments(of('user add'), ['--track', '-', '--password=Rye-bread-1']);
    expect(refusal).toMatchObject({ ok: false, error: { message: '--password is not known' } });
    expect(JSON.stringify(refusal)).not.toContain('Rye');
    const options = everyCommand.flatMap(({ options }) => Object.entries(options));
    expect(options.filter(([name, { value }]) => value !== undefined && /pass|secret|token/.test(name))).toEqual([]);
  });

  it.each(everyCommand.map((command) => [command.name, command] as const))(
    'of %s are all told by its help',
    (name, command) => {
      const help = helpOf(command).join('\n');
      expect(help).toContain(`corsac ${name}`);
      for (const [option, { says }] of Object.entries(command.options)) {
        expect(help).toContain(`--${option}`);
        expect(says).toMatch(/\.$|\.\)$/);
      }
    },
  );
});

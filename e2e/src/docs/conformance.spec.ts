import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { plans } from '../conformance/plans.js';
import { repository } from '../world/world.js';

const page = readFileSync(join(repository, 'docs/reference/conformance.md'), 'utf8');
const folder = 'e2e/src/conformance/modules';

/** Rows of a table whose first cell is a word in code: its cells. */
const rowsOf = (text: string): string[][] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

const fileOf = (name: string): string | undefined =>
  readdirSync(join(repository, folder))
    .map((file) => `${folder}/${file}`)
    .find((file) => readFileSync(join(repository, file), 'utf8').includes(`'${name}'`));

interface Listed {
  readonly module: string;
  readonly plans: string;
  readonly demands: string;
  readonly test: string;
}

/** What the page must say, from the plans that the tests run. */
const expected = (): Listed[] => {
  const modules = new Map<string, { rule: string; profiles: Set<string> }>();
  for (const { profile, parts } of plans)
    for (const { modules: all } of parts)
      for (const { name, rule } of all) {
        const known = modules.get(name) ?? { rule, profiles: new Set<string>() };
        known.profiles.add(profile.replace(/ OP\b/, ''));
        modules.set(name, known);
      }
  return [...modules].map(([name, { rule, profiles }]) => ({
    module: `\`${name}\``,
    plans: [...profiles].join(', '),
    demands: rule,
    test: `\`${fileOf(name) ?? 'no file'}\``,
  }));
};

const [plansText = '', modulesText = ''] = page.split('\n## Modules\n');

describe('the reference of the conformance plans', () => {
  it('names every module that the tests run, and no other', () => {
    const listed = rowsOf(modulesText).map(([module, of, demands, test]) => ({ module, plans: of, demands, test }));
    expect(listed).toEqual(expected());
  });

  it('names every plan, with the clients of the configuration that it runs with', () => {
    const listed = rowsOf(plansText).map(([name, profile, client]) => [name, profile, client]);
    expect(listed).toEqual(
      plans.map(({ name, profile, parts }) => [
        `\`${name}\``,
        profile,
        [...new Set(parts.map(({ variant }) => `\`${variant.client_id}\``))].join(', '),
      ]),
    );
  });

  it('is told by a guide with every client of the configuration', () => {
    const guide = readFileSync(join(repository, 'docs/howto/run-the-conformance-suite.md'), 'utf8');
    const clients = new Set(plans.flatMap(({ parts }) => parts.map(({ variant }) => variant.client_id)));
    for (const client of clients) expect(guide).toContain(`\`${client}\``);
  });
});

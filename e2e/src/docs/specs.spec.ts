import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../world/world.js';

const text = readFileSync(join(repository, 'docs/specs.md'), 'utf8');

interface Row {
  readonly clause: string;
  readonly code: string;
  readonly tests: string;
}

/** Rows of the four columns `clause | what | code | test`. */
const rows: Row[] = text.split(/^### /m).flatMap((section) => {
  const title = section.slice(0, section.indexOf('\n'));
  return section
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (clause\b|-+ )/.test(line))
    .map((line) => {
      const [, clause = '', , code = '', tests = ''] = line.split('|').map((cell) => cell.trim());
      return { clause: `${title}: ${clause}`, code, tests };
    });
});

const missing = (path: string): boolean => !existsSync(join(repository, path));

/** Begins a title: after `describe(`, `it(` or a table's `](` and `)(`, or on a line of its own where it was too long. */
const beforeTitle = /(?:\b(?:describe|it)\(|[)\]`]\(|^\s*)['"`]/;

/** Is this fragment in a title of the file? */
const stands = (file: string, fragment: string): boolean =>
  readFileSync(join(repository, file), 'utf8')
    .split('\n')
    .some((line) => line.includes(fragment) && beforeTitle.test(line.slice(0, line.indexOf(fragment))));

const complaints = ({ code, tests }: Row): string[] => {
  const files = [...code.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path);
  const named = tests.split('<br>').map((test) => /^`([^`]+)`: (.+)$/.exec(test.trim()));
  return [
    ...(files.length === 0 ? ['names no code'] : []),
    ...files.filter(missing).map((path) => `${path} is not there`),
    ...named.flatMap((test) => {
      const [, file = '', fragment = ''] = test ?? [];
      if (file === '') return ['names no test'];
      if (missing(file)) return [`${file} is not there`];
      return stands(file, fragment) ? [] : [`${file} has no test “${fragment}”`];
    }),
  ];
};

const specifications = [
  ...[6749, 6750, 7009, 7515, 7516, 7517, 7518, 7519, 7523, 7591, 7636, 7662, 8252, 8414, 8628, 8693, 8707, 9068],
  ...[9101, 9126, 9207, 9449, 9700],
].map((number) => `RFC ${number}`);

const others = [
  'OIDC Core',
  'OIDC Discovery',
  'RP-Initiated Logout',
  'Front-Channel Logout',
  'Back-Channel Logout',
  'Form Post',
  'Multiple Response Type',
  'SAML 2.0 Core',
  'SAML 2.0 Bindings',
  'SAML 2.0 Profiles',
  'SAML 2.0 Metadata',
  'XML-DSig',
  'XML-Enc',
];

describe('the table of specifications', () => {
  it.each(rows.map((row) => [row.clause, row] as const))('%s is where it says', (_clause, row) => {
    expect(complaints(row)).toEqual([]);
  });

  it.each([...specifications, ...others])('has a table for %s', (name) => {
    expect(text).toContain(`\n### ${name}`);
  });

  it('notices a title and a file that are not there', () => {
    const row = {
      clause: '',
      code: '`libs/nowhere.ts`',
      tests: '`e2e/src/docs/specs.spec.ts`: no such title anywhere',
    };
    const title = ['no such', 'title anywhere'].join(' ');
    expect(complaints({ ...row, tests: `\`docs/specs.md\`: ${title}` })).toEqual([
      'libs/nowhere.ts is not there',
      `docs/specs.md has no test “${title}”`,
    ]);
  });
});

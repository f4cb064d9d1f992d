import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../world/world.js';

const read = (path: string): string => readFileSync(join(repository, path), 'utf8');
const missing = (path: string): boolean => !existsSync(join(repository, path));

/** Rows of `promise | code | test`. */
const rows = read('docs/reference/security.md')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (promise\b|-+ )/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, promise = '', code = '', tests = '']) => ({ promise, code, tests }));

/** Begins a title, on its own line or after the function's name. */
const beforeTitle = /(?:\b(?:describe|it)\(|[)\]`]\(|^\s*)['"`]/;

const stands = (file: string, fragment: string): boolean =>
  read(file)
    .split('\n')
    .some((line) => line.includes(fragment) && beforeTitle.test(line.slice(0, line.indexOf(fragment))));

const complaintsAbout = (test: string): string[] => {
  const [, file = '', fragment = ''] = /^`([^`]+)`: (.+)$/.exec(test.trim()) ?? [];
  if (file === '' || missing(file)) return [`${test} names no file`];
  return stands(file, fragment) ? [] : [`${file} has no test “${fragment}”`];
};

describe('the table of promises of security', () => {
  it('has a row for each', () => {
    expect(rows.length).toBeGreaterThan(15);
  });

  it.each(rows.map((row) => [row.promise, row] as const))('%s: is where it says', (_promise, { code, tests }) => {
    const files = [...code.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path);
    expect(files).not.toEqual([]);
    expect(files.filter(missing)).toEqual([]);
    expect(tests.split('<br>').flatMap(complaintsAbout)).toEqual([]);
  });
});

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { repository } from '../world/world.js';

const filesIn = (folder: string): string[] =>
  readdirSync(join(repository, folder), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? filesIn(join(folder, entry.name))
      : entry.name.endsWith('.md')
        ? [join(folder, entry.name)]
        : [],
  );

const documents = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...filesIn('docs')];

/** Paths in code spans that begin in a folder of the repository; placeholders name no file. */
const pathsIn = (text: string): string[] =>
  [...text.matchAll(/`((?:apps|libs|e2e|bench|deploy|docs|scripts|tools)\/[^`\s]*)`/g)]
    .map(([, path = '']) => path)
    .filter((path) => !/[*{<]/.test(path));

const linksIn = (text: string): string[] =>
  [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));

describe('documents', () => {
  it.each(documents)('%s names only files that are there', (document) => {
    const text = readFileSync(join(repository, document), 'utf8');
    const missing = [
      ...pathsIn(text).filter((path) => !existsSync(join(repository, path))),
      ...linksIn(text).filter((target) => !existsSync(join(repository, dirname(document), target))),
    ];
    expect({ document: relative('.', document), missing }).toEqual({ document: relative('.', document), missing: [] });
  });
});

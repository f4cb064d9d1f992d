import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeclarativeFile } from '@corsac/model';
import { ok, type Outcome } from '@corsac/outcome';
import { refused, type Problem } from '../machine/problem.js';

const isDeclarative = (name: string): boolean => /\.(ya?ml|json)$/.test(name);

const pathsIn = async (path: string): Promise<string[]> => {
  if (!(await stat(path)).isDirectory()) return [path];
  return (await readdir(path))
    .filter(isDeclarative)
    .sort()
    .map((name) => join(path, name));
};

/**
 * The declarative files at some paths: a file, or all of a folder in the order of their names.
 * @returns files called as the paths were written, so that a terminal finds them again
 */
export const readFiles = async (paths: readonly string[]): Promise<Outcome<DeclarativeFile[], Problem>> => {
  const files = new Map<string, DeclarativeFile>();
  for (const path of paths) {
    try {
      const found = await pathsIn(path);
      if (found.length === 0) return refused(`${path} has no file that ends in .yaml, .yml or .json`);
      for (const file of found) files.set(file, { file, text: await readFile(file, 'utf8') });
    } catch (error) {
      const { code } = error as { code?: string };
      return refused(
        code === 'ENOENT' ? `${path} does not exist` : `${path} cannot be read: ${code ?? 'it is damaged'}`,
      );
    }
  }
  return ok([...files.values()]);
};

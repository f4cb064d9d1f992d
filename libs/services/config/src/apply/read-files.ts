import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { DeclarativeFile } from '@corsac/model';

/** Largest declarative file that is read, bytes. */
const largest = 64 * 1024 * 1024;

/** The YAML file at a path, or all in a folder, in the order of their names. @throws with the path when it cannot be read */
export const readDeclarativeFiles = async (path: string): Promise<DeclarativeFile[]> => {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new Error(`CORSAC_CONFIG names ${path}, which does not exist`);
  const names = found.isDirectory()
    ? (await readdir(path))
        .filter((name) => /\.ya?ml$/.test(name))
        .sort()
        .map((name) => join(path, name))
    : [path];
  return Promise.all(
    names.map(async (file) => {
      if ((await stat(file)).size > largest) throw new Error(`${file} is larger than ${largest} bytes`);
      return { file: found.isDirectory() ? basename(file) : file, text: await readFile(file, 'utf8') };
    }),
  );
};

/** Changes whenever a file or a variable that a file names does; secrets cannot be read back from it. */
export const digestOf = (
  files: readonly DeclarativeFile[],
  env: Readonly<Record<string, string | undefined>>,
): string => {
  const hash = createHash('sha256');
  for (const { file, text } of files) {
    hash.update(JSON.stringify([file, text]));
    for (const [, variable = ''] of text.matchAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g))
      hash.update(JSON.stringify([variable, env[variable] ?? null]));
  }
  return hash.digest('hex');
};

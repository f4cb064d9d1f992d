import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the repository. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Small files that the scripts remember things in; deleted together with the installation. */
export const cacheFolder = join(root, 'node_modules/.cache/corsac');

/** @returns the parsed JSON file, path relative to the repository */
export const readJson = (file) => JSON.parse(readFileSync(join(root, file), 'utf8'));

const foldersOf = (pattern) => {
  if (!pattern.endsWith('/*')) return [pattern];
  const parent = pattern.slice(0, -2);
  return readdirSync(join(root, parent), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${parent}/${entry.name}`);
};

/** @returns the folder of every package of the workspace, relative to the repository, in the order of package.json */
export function packageFolders() {
  return readJson('package.json')
    .workspaces.flatMap(foldersOf)
    .filter((folder) => existsSync(join(root, folder, 'package.json')));
}

/**
 * @param folder absolute path; one that is not there has no files
 * @param wanted tells by name whether a file or folder is looked at
 * @returns absolute paths of the files below
 */
export function filesBelow(folder, wanted = () => true) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'node_modules' || !wanted(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path, wanted) : [path];
  });
}

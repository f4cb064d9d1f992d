/**
 * Writes what npm needs to install, without the sources, so that a layer with packages stays until a package changes:
 * `all/` as they are, `production/` without what is only for development.
 */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageFolders, readJson, root } from '../../scripts/workspace.mjs';

const [to] = process.argv.slice(2);

const write = (file, content) => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
};

for (const kind of ['all', 'production']) {
  for (const file of ['package.json', 'package-lock.json', '.npmrc']) cpSync(join(root, file), join(to, kind, file));
}
for (const folder of packageFolders()) {
  const manifest = readJson(`${folder}/package.json`);
  write(join(to, 'all', folder, 'package.json'), manifest);
  write(join(to, 'production', folder, 'package.json'), { ...manifest, devDependencies: undefined });
}

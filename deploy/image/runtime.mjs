/** Collects what runs: of every package the built files and its package.json, of deploy/ the steps that an image can do. */
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolders, root } from '../../scripts/workspace.mjs';

const [to] = process.argv.slice(2);
const runs = (folder) =>
  /^(libs|apps)\//.test(folder) && !/^(libs\/testing|apps\/(samples|embedded|console))\b/.test(folder);
const isNeeded = (path) => !path.endsWith('.map');

for (const folder of packageFolders().filter(runs)) {
  // Apps go to a place of their own: an image gets only the one that it starts.
  const target = folder.startsWith('apps/') ? join(to, folder) : join(to, 'all', folder);
  for (const part of ['package.json', 'dist']) {
    const from = join(root, folder, part);
    if (existsSync(from)) cpSync(from, join(target, part), { recursive: true, filter: isNeeded });
  }
}
// The console is files for browsers, which the config service hands out.
for (const part of ['package.json', 'LICENSE', 'deploy/nats', 'deploy/setup', 'deploy/compose', 'apps/console/dist']) {
  cpSync(join(root, part), join(to, 'all', part), { recursive: true });
}

/**
 * `npm run typecheck`: one compiler program over all packages (they are read from source, so the order does not matter),
 * remembered between runs, then each package's pages for the browser by their own settings (browser/tsconfig.json).
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { install } from './installed.mjs';
import { requireNode } from './node-floor.mjs';
import { packageFolders, root } from './workspace.mjs';

requireNode();
install();
const tsc = join(createRequire(import.meta.url).resolve('typescript/package.json'), '../bin/tsc');
const pages = packageFolders()
  .map((folder) => join(root, folder, 'browser/tsconfig.json'))
  .filter((file) => existsSync(file));
const statuses = [join(root, 'tsconfig.json'), ...pages].map(
  (project) => spawnSync(process.execPath, [tsc, '-p', project, '--noEmit'], { cwd: root, stdio: 'inherit' }).status,
);
process.exitCode = statuses.every((status) => status === 0) ? 0 : 1;

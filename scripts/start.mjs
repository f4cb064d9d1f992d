/**
 * `npm start`: installs what is missing, builds what changed, then becomes the embedded app. The app runs in this very
 * process, so a signal or a crash reaches it without a relay; the build, when needed, runs in a process of its own so
 * that the compiler's memory is gone before the app starts.
 */
import { spawnSync } from 'node:child_process';
import module from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isBuilt } from './build.mjs';
import { install } from './installed.mjs';
import { requireNode } from './node-floor.mjs';
import { cacheFolder, root } from './workspace.mjs';

requireNode();
install();
if (!isBuilt()) {
  const built = spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], { stdio: 'inherit' });
  if (built.status !== 0) process.exit(built.status ?? 1);
}
const main = join(root, 'apps/embedded/dist/main.js');
process.argv[1] = main;
// Node 22 and later keep compiled code from start to start; older ones do without.
module.enableCompileCache?.(join(cacheFolder, 'compiled'));
await import(pathToFileURL(main).href);

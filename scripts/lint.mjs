/** `npm run lint [-- files]`: makes the project graph, then runs eslint on everything. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { install } from './installed.mjs';
import { requireNode } from './node-floor.mjs';
import { root } from './workspace.mjs';

requireNode();
install();
const { makeProjectGraph } = await import('./project-graph.mjs');
await makeProjectGraph();
const eslint = join(dirname(createRequire(import.meta.url).resolve('eslint/package.json')), 'bin/eslint.js');
const wanted = process.argv.slice(2);
const { status } = spawnSync(
  process.execPath,
  [
    eslint,
    '--max-warnings=0',
    '--no-error-on-unmatched-pattern',
    ...(wanted.length > 0 ? wanted : ['apps', 'libs', 'e2e', 'bench']),
  ],
  { cwd: root, stdio: 'inherit', env: { ...process.env, NX_DAEMON: 'false' } },
);
process.exitCode = status ?? 1;

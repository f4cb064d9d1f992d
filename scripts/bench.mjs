/** `npm run bench [-- options]`: installs what is missing, builds, and runs the benchmark in bench/. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { install } from './installed.mjs';
import { requireNode } from './node-floor.mjs';
import { root } from './workspace.mjs';

requireNode();
install();
await build();
const main = join(root, 'bench/dist/main.js');
process.argv[1] = main;
await import(pathToFileURL(main).href);

/**
 * `npm run -s corsac -- plan -f dir`: the command line, built when it is not. Paths are meant from where npm was called.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { install } from './installed.mjs';
import { requireNode } from './node-floor.mjs';
import { root } from './workspace.mjs';

requireNode();
install();
await build(['apps/cli', 'libs/model', 'libs/protocol/outcome', 'libs/protocol/oauth', 'libs/protocol/jwt']);
if (process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);
await import(pathToFileURL(join(root, 'apps/cli/dist/main.js')).href);

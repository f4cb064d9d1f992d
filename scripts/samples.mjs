/**
 * `npm run samples`: starts the sample applications of the demo, each a process, against the Corsac that `npm start` runs
 * (CORSAC_BASE_URL, CORSAC_DATA say where). Ends them all with Ctrl-C, and with the first of them that ends.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build } from './build.mjs';
import { install } from './installed.mjs';
import { requireNode } from './node-floor.mjs';
import { root } from './workspace.mjs';

const samples = { web: 4410, spa: 4411, orders: 4412, billing: 4413, legacy: 4414 };

requireNode();
install();
await build(
  Object.keys(samples)
    .concat('worker')
    .map((name) => `apps/samples/${name}`),
);

const running = Object.entries(samples).map(([name, port]) =>
  spawn(process.execPath, [join(root, 'apps/samples', name, 'dist/main.js')], {
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'inherit', 'inherit'],
  }),
);
let ending = false;
const end = (code) => {
  if (ending) return;
  ending = true;
  process.exitCode = code;
  for (const child of running) child.kill('SIGTERM');
};
for (const child of running) child.once('exit', (code) => end(code ?? 0));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => end(0));
console.log('The worker runs once, when you want: node apps/samples/worker/dist/main.js');

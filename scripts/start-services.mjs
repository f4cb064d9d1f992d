/**
 * `npm run start:services [-- --replicas 2]`: the distributed shape without containers. Each app is a process on the
 * given DATABASE_URL, REDIS_URL and NATS_URL (those that are not given are started here), behind a router on PORT.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from './build.mjs';
import { install } from './installed.mjs';
import { requireNode } from './node-floor.mjs';
import { root } from './workspace.mjs';

// Whoever asks for new processes before there are any shall not end the start; the supervisor listens from its own start on.
process.on('SIGHUP', () => undefined);
requireNode();
install();
await build();
const { runSupervisor } = createRequire(import.meta.url)('@corsac/run/supervisor');
await runSupervisor(process.argv.slice(2), {
  env: process.env,
  mainOf: (service) => join(root, 'apps', service, 'dist/main.js'),
});

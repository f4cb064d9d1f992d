/** Prints the routes as JSON, for whoever makes rules of an ingress: `node scripts/routes.mjs`. */
import { createRequire } from 'node:module';
import { build } from './build.mjs';

await build();
const { ingressRoutes } = createRequire(import.meta.url)('@corsac/run/routes');
console.log(JSON.stringify(ingressRoutes(), undefined, 2));

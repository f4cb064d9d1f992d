/** Prints the routes as JSON, for whoever makes rules of an ingress: `node scripts/routes.mjs`. */
import { build } from './build.mjs';

await build();
const { ingressRoutes } = await import('@corsac/run/routes');
console.log(JSON.stringify(ingressRoutes(), undefined, 2));

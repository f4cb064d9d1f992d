/**
 * Starts a program in a container of the compose file: `node start.cjs <file>`. First it takes its secrets from the
 * file that only this container sees, then it makes addresses of the host hold inside as well: the demo's base
 * URL is http://localhost:4400, and a service that follows it (to the other track, to a sample) must arrive there too.
 */
const { existsSync, readFileSync } = require('node:fs');
const { connect, createServer } = require('node:net');
const { resolve } = require('node:path');
const { pathToFileURL } = require('node:url');

const secrets = '/run/corsac/env';
for (const line of existsSync(secrets) ? readFileSync(secrets, 'utf8').split('\n') : []) {
  const [name, value] = line.split(/=(.*)/s, 2);
  if (name && value !== undefined) process.env[name] ??= value;
}

/** `4400=ingress:4400,4410=host.docker.internal:4410`: a port of this container's loopback is a port elsewhere. */
const forward = (rule) => {
  const [port, target] = rule.split('=');
  const [host, targetPort] = target.split(':');
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ host, port: Number(targetPort), allowHalfOpen: true });
    near.pipe(far).pipe(near);
    near.once('error', () => far.destroy());
    far.once('error', () => near.destroy());
  });
  server.listen({ host: 'localhost', port: Number(port) });
  server.unref();
};
(process.env.LOOPBACK_FORWARD ?? '').split(',').filter(Boolean).forEach(forward);

const main = resolve(process.argv[2]);
process.argv.splice(1, 2, main);
void import(pathToFileURL(main).href);

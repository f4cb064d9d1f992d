import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repository, type World } from '../world/world.js';

const run = promisify(execFile);
const docker = async (...args: readonly string[]): Promise<string> =>
  (await run('docker', [...args], { cwd: repository })).stdout.trim();

/** Ids of a service's containers, also of those that do not run. */
export const containersOf = async (service: string): Promise<string[]> =>
  (await docker('compose', 'ps', '--all', '--quiet', service)).split('\n').filter(Boolean);

/** Ends a container as a crash would; the engine does not start it again by itself. */
export const kill = (container: string, signal: NodeJS.Signals = 'SIGKILL'): Promise<string> =>
  docker('kill', '--signal', signal, container);

/** Starts a container that ended, and waits until it takes requests. */
export const revive = async (container: string): Promise<void> => {
  await docker('start', container);
  for (let tries = 0; tries < 900; tries += 1) {
    if ((await docker('inspect', '--format', '{{.State.Health.Status}}', container)) === 'healthy') return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`the container ${container} is not healthy after three minutes`);
};

const secretsIn = (file: string): Record<string, string> =>
  Object.fromEntries(
    [...readFileSync(file, 'utf8').matchAll(/^DEMO_([A-Z]+)_SECRET=(\S+)$/gm)].map(([, name, value]) => [name, value]),
  );

/** What containers call the host by reaches its bridge; the applications of the journeys listen on its loopback alone. */
const openDoor = async (port: number): Promise<Server> => {
  const host = await docker('network', 'inspect', 'bridge', '--format', '{{(index .IPAM.Config 0).Gateway}}');
  const door = createServer((far) => {
    const near = connect(port, 'localhost');
    far.pipe(near).pipe(far);
    far.once('error', () => near.destroy());
    near.once('error', () => far.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    door.once('error', reject);
    door.listen({ host, port }, resolve);
  });
  return door;
};

/** The installation that `docker compose up` started; it is left as it is found. */
export const composeWorld = async (): Promise<World> => {
  const door = await openDoor(4410);
  return {
    base: process.env['CORSAC_E2E_URL'] ?? 'http://localhost:4400',
    shop: 'http://localhost:4410',
    secrets: secretsIn(join(repository, '.corsac/demo.env')),
    restart: async (service, signal) => {
      const containers = await containersOf(service);
      await Promise.all(containers.map((container) => kill(container, signal)));
      await Promise.all(containers.map(revive));
    },
    stop: async () => {
      await new Promise((resolve) => door.close(resolve));
    },
  };
};

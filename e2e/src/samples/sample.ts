import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { repository, type World } from '../world/world.js';

export type SampleName = 'web' | 'spa' | 'orders' | 'billing' | 'legacy' | 'worker';
export type Addresses = Readonly<Partial<Record<'SPA_URL' | 'ORDERS_URL' | 'BILLING_URL', string>>>;

const environment = (world: World, addresses: Addresses, port?: string): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  CORSAC_BASE_URL: world.base,
  ...Object.fromEntries(Object.entries(world.secrets).map(([name, value]) => [`DEMO_${name}_SECRET`, value])),
  ...addresses,
  ...(port !== undefined && { PORT: port }),
});

const spawned = (name: SampleName, env: NodeJS.ProcessEnv): { child: ChildProcess; text: () => string } => {
  const child = spawn(process.execPath, [join(repository, 'apps/samples', name, 'dist/main.js')], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { child, text: () => text };
};

/** Starts a sample application at an address and waits until it listens. */
export const startSample = async (
  name: SampleName,
  at: string,
  world: World,
  addresses: Addresses = {},
): Promise<() => void> => {
  const { child, text } = spawned(name, environment(world, addresses, new URL(at).port));
  for (let tries = 0; tries < 300 && !text().includes(' is at '); tries += 1) {
    if (child.exitCode !== null) throw new Error(`the sample ${name} ended:\n${text()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return () => void child.kill();
};

/** Runs a sample that ends by itself. */
export const runSample = async (
  name: SampleName,
  world: World,
  addresses: Addresses,
): Promise<{ code: number | null; text: string }> => {
  const { child, text } = spawned(name, environment(world, addresses));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, text: text() };
};

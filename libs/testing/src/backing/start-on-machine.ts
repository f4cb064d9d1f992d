import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BackingKind, StartedServer } from './backing.js';

const PROGRAMS = {
  redis: {
    program: 'redis-server',
    args: (port: number, folder: string) => [
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder],
      ...['--save', '', '--appendonly', 'no', '--daemonize', 'no'],
    ],
  },
  nats: {
    program: 'nats-server',
    args: (port: number, folder: string) => ['-a', '127.0.0.1', '-p', String(port), '-js', '-sd', folder],
  },
} as const;

const START_MS = 10_000;

/** Whether a program can be started from PATH. */
export function isOnMachine(kind: Exclude<BackingKind, 'postgres'>): boolean {
  return spawnSync(PROGRAMS[kind].program, ['--version'], { stdio: 'ignore', env: process.env }).status === 0;
}

/** A fixed port and further arguments, for tests that stop a server and start it again. */
export interface MachineOptions {
  port?: number;
  args?: string[];
}

/**
 * Starts redis-server or nats-server (with JetStream) on a free loopback port with a temporary folder of its own.
 * @throws Error when it does not answer in ten seconds
 */
export async function startOnMachine(
  kind: Exclude<BackingKind, 'postgres'>,
  options: MachineOptions = {},
): Promise<StartedServer> {
  const folder = mkdtempSync(join(tmpdir(), `corsac-${kind}-`));
  const port = options.port ?? (await freePort());
  const { program, args } = PROGRAMS[kind];
  const child = spawn(program, [...args(port, folder), ...(options.args ?? [])], {
    stdio: 'ignore',
    cwd: folder,
    env: process.env,
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  const endNow = () => {
    child.kill('SIGKILL');
    remove();
  };
  process.once('exit', endNow);
  const stop = async () => {
    process.off('exit', endNow);
    child.kill('SIGKILL');
    await ended;
    remove();
  };
  try {
    await untilOpen(port);
  } catch (error) {
    await stop();
    throw new Error(`${program} did not start`, { cause: error });
  }
  return { url: `${kind}://127.0.0.1:${port}`, pid: child.pid, folder, stop };
}

async function untilOpen(port: number): Promise<void> {
  for (let waited = 0; waited < START_MS; waited += 20) {
    if (await isOpen(port)) return;
    await sleep(20);
  }
  throw new Error(`nothing listens on ${port}`);
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** A port that was free a moment ago, on 127.0.0.1. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backingIsRequired } from '../backing/backing.js';
import { freePort, isOnMachine } from '../backing/start-on-machine.js';
import { pause } from './world.js';

/** A nats-server of a test's own, which can be killed and started again with what it had stored. */
export interface NatsServer {
  readonly url: string;
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Removes what it had stored, as a lost disk does. */
  forget(): Promise<void>;
  /** Kills it and removes what it had stored. */
  remove(): Promise<void>;
}

export interface NatsServerOptions {
  /** Configuration beside port, store and size of messages, such as accounts. */
  readonly config?: string;
  /** Path of the program; what `NATS_SERVER` says, or the one on PATH. */
  readonly program?: string;
}

const configFor = (port: number, folder: string, config: string): string => `
host: 127.0.0.1
port: ${port}
max_payload: 8MB
jetstream { store_dir: ${JSON.stringify(join(folder, 'store'))} }
${config}
`;

async function untilItListens(port: number, child: ChildProcess, said: () => string): Promise<void> {
  for (let waited = 0; waited < 10_000; waited += 20) {
    if (child.exitCode !== null) throw new Error(`nats-server ended: ${said()}`);
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (open) return;
    await pause(20);
  }
  throw new Error('nats-server does not listen after ten seconds');
}

/** Starts a nats-server with JetStream on a free loopback port. */
export async function startNatsServer({ config = '', program }: NatsServerOptions = {}): Promise<NatsServer> {
  const folder = mkdtempSync(join(tmpdir(), 'corsac-nats-own-'));
  const port = await freePort();
  const file = join(folder, 'nats.conf');
  writeFileSync(file, configFor(port, folder, config));
  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    let said = '';
    const started = spawn(program ?? process.env['NATS_SERVER'] ?? 'nats-server', ['-c', file], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    started.stderr?.on('data', (text: Buffer) => (said = (said + text.toString()).slice(-2000)));
    child = started;
    await untilItListens(port, started, () => said);
  };
  const kill = async (): Promise<void> => {
    const running = child;
    child = undefined;
    if (!running || running.exitCode !== null) return;
    const ended = new Promise((resolve) => running.once('exit', resolve));
    running.kill('SIGKILL');
    await ended;
  };
  const remove = async (): Promise<void> => {
    await kill();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  const forget = async (): Promise<void> => rmSync(join(folder, 'store'), { recursive: true, force: true });
  try {
    await start();
  } catch (error) {
    await remove();
    throw error;
  }
  return { url: `nats://127.0.0.1:${port}`, kill, start, forget, remove };
}

/**
 * A group of tests that start nats-server themselves, with a configuration of their own. Without the program the group is
 * one skipped test that says so, or a failed one under `REQUIRE_BACKING=1`.
 */
export function describeWithNatsServer(name: string, rules: () => void): void {
  if (process.env['NATS_SERVER'] || isOnMachine('nats')) return describe(name, rules);
  describe(name, () => {
    if (!backingIsRequired()) return it.skip('needs the program nats-server', () => undefined);
    it('needs the program nats-server (REQUIRE_BACKING=1)', () => {
      throw new Error('nats-server is not on this machine');
    });
  });
}

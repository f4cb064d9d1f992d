import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { connect, createServer, type AddressInfo } from 'node:net';
import { StartProblem } from '../../start/start-problem.js';
import { endLeftover, noteServer } from './leftover.js';

/** A server program that we started. */
export interface OwnServer {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

export interface OwnServerOptions {
  readonly program: string;
  readonly scheme: string;
  /** Arguments; they name `folder`, by which a server is known again. */
  readonly args: (port: number) => readonly string[];
  /** What it stores. */
  readonly folder: string;
  /** What to do when the program is not on this machine. */
  readonly mend: string;
}

const startMs = 10_000;

/** A port that was free a moment ago. */
const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

const isOpen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

const untilOpen = async (port: number, child: ChildProcess, said: () => string): Promise<void> => {
  for (let waited = 0; waited < startMs; waited += 20) {
    if (child.exitCode !== null) throw new Error(said());
    if (await isOpen(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`it does not listen after ${startMs / 1000} s`);
};

/**
 * Starts a server program of this machine on a free loopback port. It ends with `stop`, and when this process ends.
 * @throws StartProblem when it is not there or does not start
 */
export const startOwnServer = async ({ program, scheme, args, mend, folder }: OwnServerOptions): Promise<OwnServer> => {
  if (spawnSync(program, ['--version'], { stdio: 'ignore' }).status !== 0) {
    throw new StartProblem(`${program} is not on this machine`, mend);
  }
  await endLeftover(folder);
  const port = await freePort();
  let said = '';
  // Not in our group, so that Ctrl-C leaves it to the services until they have stopped.
  const child = spawn(program, args(port), { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text: Buffer) => (said = (said + text.toString()).slice(-500)));
  }
  noteServer(folder, child.pid ?? 0);
  const endNow = (): void => void child.kill('SIGKILL');
  process.once('exit', endNow);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  try {
    await untilOpen(port, child, () => said);
  } catch (error) {
    endNow();
    throw new StartProblem(
      `${program} does not start (${(error as Error).message.trim().split('\n').pop()})`,
      mend,
      error,
    );
  }
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    stop: async () => {
      process.off('exit', endNow);
      child.kill('SIGTERM');
      await ended;
    },
  };
};

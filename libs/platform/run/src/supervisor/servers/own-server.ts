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

const longestWaitMs = 2000;

/** A server program at work on one port, started again there when it ends without being asked. */
class ServerRun {
  private child: ChildProcess | undefined;
  private ended: Promise<void> = Promise.resolve();
  private stopping = false;
  private readonly endNow = (): void => void this.child?.kill('SIGKILL');

  constructor(
    private readonly options: OwnServerOptions,
    private readonly port: number,
  ) {
    process.once('exit', this.endNow);
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  /** @throws Error with the server's last words */
  async launch(): Promise<void> {
    const { program, args, folder } = this.options;
    // Not in our group, so that Ctrl-C leaves it to the services until they have stopped.
    const child = spawn(program, args(this.port), { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text: Buffer) => (said = (said + text.toString()).slice(-500)));
    }
    this.child = child;
    noteServer(folder, child.pid ?? 0);
    this.ended = new Promise((resolve) => child.once('exit', () => resolve()));
    await untilOpen(this.port, child, () => said);
    void this.ended.then(() => this.again());
  }

  async stop(): Promise<void> {
    this.stopping = true;
    process.off('exit', this.endNow);
    this.child?.kill('SIGTERM');
    await this.ended;
  }

  /** What it had stored is in its folder; clients find it where it was. */
  private async again(): Promise<void> {
    for (let waitMs = 100; !this.stopping; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      if (this.stopping) return;
      try {
        await this.launch();
        return;
      } catch {
        this.child?.kill('SIGKILL');
      }
    }
  }
}

/**
 * Starts a server program of this machine on a free loopback port. It ends with `stop`, and when this process ends.
 * @throws StartProblem when it is not there or does not start
 */
export const startOwnServer = async (options: OwnServerOptions): Promise<OwnServer> => {
  const { program, scheme, mend, folder } = options;
  if (spawnSync(program, ['--version'], { stdio: 'ignore' }).status !== 0) {
    throw new StartProblem(`${program} is not on this machine`, mend);
  }
  await endLeftover(folder);
  const port = await freePort();
  const run = new ServerRun(options, port);
  try {
    await run.launch();
  } catch (error) {
    await run.stop();
    const words = (error as Error).message.trim().split('\n').pop();
    throw new StartProblem(`${program} does not start (${words})`, mend, error);
  }
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    get pid() {
      return run.pid;
    },
    stop: () => run.stop(),
  };
};

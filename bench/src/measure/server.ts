import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';

/** A product that runs: its first process, and how to end it. */
export interface Server {
  readonly pid: number;
  /** The end of what it printed so far. */
  printed(): string;
  stop(): Promise<void>;
}

const hasTaskset = spawnSync('taskset', ['--version']).status === 0;

const onFirstCore = (args: readonly string[]): string[] =>
  hasTaskset ? ['taskset', '-c', '0', process.execPath, ...args] : [process.execPath, ...args];

/** Pins this process, the generator, to the second core; servers get the first. */
export const pinGenerator = (): void => {
  if (hasTaskset) spawnSync('taskset', ['-a', '-cp', '1', String(process.pid)]);
};

/** Runs a program on the first core, where servers are, and answers what it printed. */
export const onServerCore = (args: readonly string[]): Promise<string> => {
  const [program = process.execPath, ...rest] = onFirstCore(args);
  return new Promise((resolve, reject) =>
    execFile(program, rest, (error, stdout) => (error ? reject(error) : resolve(stdout))),
  );
};

/** Starts a program on the first core and waits until `isReady`. */
export const startServer = async (
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  isReady: () => Promise<boolean>,
): Promise<Server> => {
  const [program, ...rest] = onFirstCore(args);
  const child: ChildProcess = spawn(program ?? process.execPath, rest, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (log = (log + chunk.toString()).slice(-5000)));
  for (let tries = 0; tries < 1200; tries += 1) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}:\n${log}`);
    if (await isReady().catch(() => false)) return { pid: child.pid ?? 0, printed: () => log, stop: () => end(child) };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  child.kill('SIGKILL');
  throw new Error(`the server was not ready within two minutes:\n${log}`);
};

const end = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await ended;
  clearTimeout(late);
};

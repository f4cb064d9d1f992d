import { once } from 'node:events';
import { createClient } from 'redis';
import { StoreUnavailable } from '../../store-unavailable.js';
import { itemScripts } from './item-scripts.js';
import { SameDeadline } from './same-deadline.js';

/** How long a command may take, with the wait for a connection: known as lost in less than 3 s. */
const DEADLINE_MS = 2000;
const CONNECT_MS = 1500;
const LONGEST_WAIT_MS = 1000;
const PING_MS = 1000;

/** A connection on which nothing has come for so long is given up; the ping keeps a good one from it. */
const SILENCE_MS = 4000;

/** Answers of a server that is there but cannot serve now. After READONLY another server is the master, to be found by connecting anew. */
const NOT_NOW = /^(LOADING|MASTERDOWN|READONLY|CLUSTERDOWN|TRYAGAIN|BUSY|OOM|MISCONF|NOREPLICAS|UNBLOCKED)\b/;

/** What the client throws when it has no connection, or loses it with a command under way; looked at by name, see `storeFault`. */
const NO_CONNECTION =
  /^(ClientClosedError|ClientOfflineError|SocketClosedUnexpectedlyError|SocketTimeoutError|ConnectionTimeoutError|DisconnectsClientError|AbortError|TimeoutError|ReconnectStrategyError)$/;
const NETWORK = /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|ENOTFOUND|ENOENT|ABORT_ERR|NR_CLOSED)/;

function makeClient(url: string, name: string) {
  const client = createClient({
    url,
    name,
    scripts: itemScripts,
    // A command that waits for a connection would run long after its caller was told that it failed.
    disableOfflineQueue: true,
    // The client's own deadline makes an AbortSignal per command and does not cover the wait for the reply.
    commandOptions: { timeout: undefined },
    pingInterval: PING_MS,
    socket: {
      connectTimeout: CONNECT_MS,
      socketTimeout: SILENCE_MS,
      reconnectStrategy: (retries) =>
        Math.min(50 * 2 ** Math.min(retries, 10), LONGEST_WAIT_MS) * (0.75 + Math.random() / 2),
    },
  });
  client.on('error', () => undefined);
  return client;
}

export type RedisClient = ReturnType<typeof makeClient>;

/** What is known of the server that is connected now. */
export interface RedisServer {
  runId: string;
  evicts?: string;
}

/** A connection to Redis that comes back for ever, and whose every command ends in time. */
export class RedisLink {
  private readonly deadline = new SameDeadline(DEADLINE_MS);
  private client: RedisClient;
  private server?: RedisServer;
  private lastReply = 0;
  private closed = false;

  constructor(
    private readonly url: string,
    private readonly name: string,
  ) {
    this.client = this.connect();
  }

  /** The server, read anew after each time the connection was lost. */
  async currentServer(): Promise<RedisServer> {
    return this.inTime(async (client) => (this.server ??= readServer(await client.info())));
  }

  /**
   * Does something with the client.
   * @throws StoreUnavailable after two seconds at most, also for a server that evicts
   */
  async run<T>(work: (client: RedisClient) => Promise<T>): Promise<T> {
    if (this.server?.evicts !== undefined)
      throw new StoreUnavailable('redis', `maxmemory-policy ${this.server.evicts}`);
    return this.inTime(work);
  }

  /** Ends the connection. */
  close(): void {
    this.closed = true;
    if (this.client.isOpen) this.client.destroy();
  }

  private async inTime<T>(work: (client: RedisClient) => Promise<T>): Promise<T> {
    const began = performance.now();
    try {
      const working = this.client.isReady ? work(this.client) : this.whenReady(work, began);
      const done = await this.deadline.within(working, () => this.tooLate(began));
      this.lastReply = performance.now();
      return done;
    } catch (error) {
      throw this.translate(error);
    }
  }

  /** Commands that come while there is no connection wait for one as long as their own time allows. */
  private async whenReady<T>(work: (client: RedisClient) => Promise<T>, began: number): Promise<T> {
    const rest_ms = Math.max(1, Math.ceil(DEADLINE_MS - (performance.now() - began)));
    await once(this.client, 'ready', { signal: AbortSignal.timeout(rest_ms) });
    return work(this.client);
  }

  private connect(): RedisClient {
    const client = makeClient(this.url, this.name);
    client.setMaxListeners(0);
    client.on('ready', () => {
      this.server = undefined;
      this.currentServer().catch(() => undefined);
    });
    client.connect().catch(() => undefined);
    return client;
  }

  /** A connection that has answered nobody since this command was sent is of no use: the next commands get a new one. */
  private tooLate(began: number): StoreUnavailable {
    if (this.client.isReady && this.lastReply < began) this.reconnect();
    return new StoreUnavailable('redis', `no answer in ${DEADLINE_MS} ms`);
  }

  private reconnect(): void {
    if (this.closed) return;
    const old = this.client;
    this.client = this.connect();
    if (old.isOpen) old.destroy();
  }

  private translate(error: unknown): unknown {
    if (error instanceof StoreUnavailable) return error;
    const { message = '', code = '', constructor } = error as { message?: string; code?: string } & object;
    if (message.startsWith('READONLY')) this.reconnect();
    const away = NO_CONNECTION.test(constructor.name) || NETWORK.test(code) || NOT_NOW.test(message);
    return away ? new StoreUnavailable('redis', message || 'no connection', error) : error;
  }
}

/** Reads what matters from INFO, which needs no right to read the configuration. */
function readServer(info: string): RedisServer {
  const field = (name: string): string => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';
  const policy = field('maxmemory_policy');
  return { runId: field('run_id'), ...(policy !== '' && policy !== 'noeviction' && { evicts: policy }) };
}

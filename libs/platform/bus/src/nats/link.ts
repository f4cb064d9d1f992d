import { setTimeout as sleep } from 'node:timers/promises';
import {
  connect,
  credsAuthenticator,
  errors,
  type NatsConnection,
  type NodeConnectionOptions,
} from '@nats-io/transport-node';
import { inboxPrefix } from '@corsac/contracts';
import type { NatsCredentials, NatsServers, NatsUser } from './options.js';

/** One connection to NATS, and whether it is there just now. */
export class Link {
  /** Called whenever NATS is back. */
  onReconnect: () => void = () => undefined;
  /** Called when NATS forbids something: a contract and the accounts do not agree. */
  onDenied: (operation: string, subject: string) => void = () => undefined;
  private there = true;
  private readonly waiting = new Set<() => void>();

  constructor(
    readonly nats: NatsConnection,
    readonly user: NatsUser,
  ) {
    void this.watch();
  }

  get connected(): boolean {
    return this.there && !this.nats.isClosed();
  }

  /** @returns whether NATS is there, now or within `limit_ms` */
  async whenConnected(limit_ms: number): Promise<boolean> {
    if (this.connected || this.nats.isClosed()) return this.connected;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, limit_ms);
      const { waiting } = this;
      function done(): void {
        clearTimeout(timer);
        waiting.delete(done);
        resolve();
      }
      waiting.add(done);
    });
    return this.connected;
  }

  private async watch(): Promise<void> {
    for await (const status of this.nats.status()) {
      if (status.type === 'disconnect') this.there = false;
      if (status.type === 'reconnect') {
        this.there = true;
        this.onReconnect();
      }
      if (status.type === 'error' && status.error instanceof errors.PermissionViolationError) {
        this.onDenied(status.error.operation, status.error.subject);
      }
      if (status.type === 'reconnect' || status.type === 'close') for (const done of [...this.waiting]) done();
    }
  }
}

const proofOf = (credentials: NatsCredentials | undefined): Partial<NodeConnectionOptions> => {
  if (!credentials) return {};
  if ('creds' in credentials) return { authenticator: credsAuthenticator(new TextEncoder().encode(credentials.creds)) };
  return credentials;
};

const credentialsOf = ({ credentials }: NatsServers, user: string): NatsCredentials | undefined =>
  typeof credentials === 'function' ? credentials(user) : credentials;

const connectionOptions = (options: NatsServers, user: NatsUser): NodeConnectionOptions => ({
  servers: typeof options.servers === 'string' ? options.servers.split(',') : [...options.servers],
  name: `corsac ${user}`,
  inboxPrefix: inboxPrefix(user),
  ...proofOf(credentialsOf(options, user)),
  ...(options.tls && { tls: options.tls }),
  timeout: 2000,
  // Once it was there, NATS is waited for without end, and soon found when it is back.
  maxReconnectAttempts: -1,
  reconnectTimeWait: 250,
  reconnectJitter: 250,
  ignoreAuthErrorAbort: true,
  // A dead peer is noticed in half a minute even when no packet says so.
  pingInterval: 10_000,
  maxPingOut: 2,
  noAsyncTraces: true,
});

/** Where NATS is, for people: never with a password that stands in an address. */
const placesOf = ({ servers }: NatsServers): string =>
  (typeof servers === 'string' ? servers.split(',') : servers)
    .map((server) => server.replace(/\/\/[^@/]*@/, '//'))
    .join(', ');

const refused = (error: unknown): boolean =>
  error instanceof errors.AuthorizationError || error instanceof errors.UserAuthenticationExpiredError;

/**
 * Opens a connection, trying until the start deadline: at a cold start NATS may come later than we do.
 * @throws Error of one line that says where NATS was looked for and what was in the way
 */
export async function openLink(options: NatsServers, user: NatsUser, stopped: AbortSignal): Promise<Link> {
  const limit_ms = options.start_deadline_ms ?? 30_000;
  const end = performance.now() + limit_ms;
  for (;;) {
    try {
      const nats = await connect(connectionOptions(options, user));
      if (!stopped.aborted) return new Link(nats, user);
      await nats.close();
    } catch (error) {
      const place = `NATS at ${placesOf(options)}`;
      if (refused(error)) throw new Error(`${place} does not let ${user} in: check its user and password`);
      const why = error instanceof Error ? error.message : String(error);
      if (performance.now() > end) throw new Error(`${place} was not reached in ${limit_ms} ms: ${why}`);
    }
    await sleep(250, undefined, { signal: stopped }).catch(() => undefined);
    if (stopped.aborted) throw new Error('the bus is stopped');
  }
}

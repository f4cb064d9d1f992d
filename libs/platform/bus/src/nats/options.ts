import type { Contracts, ServiceName } from '@corsac/contracts';
import type { BusOptions } from '../service-bus.js';

/** How a service proves who it is to NATS. */
export type NatsCredentials =
  | { readonly user: string; readonly pass: string }
  | { readonly token: string }
  /** Text of a `.creds` file: JWT and NKey seed. */
  | { readonly creds: string };

/** PEM texts. `{}` means TLS with the system's authorities. */
export interface NatsTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

export interface NatsServers {
  readonly servers: string | readonly string[];
  /** Of this process's one service, or by service where a test runs several. */
  readonly credentials?: NatsCredentials | ((service: string) => NatsCredentials | undefined);
  readonly tls?: NatsTls;
  /** Milliseconds in which NATS must be reached at start; 30000 unsaid. */
  readonly start_deadline_ms?: number;
}

export interface NatsBusOptions extends BusOptions, NatsServers {
  /** The contracts in force, from which streams are made; the system's own unsaid. */
  readonly contracts?: Contracts;
  /** Copies of every stored message, for a cluster; 1 unsaid. */
  readonly stream_replicas?: number;
  /** Whether questions of one event-loop turn share a message; true unsaid. */
  readonly share_messages?: boolean;
}

/** What a connection is opened for: a service, or `setup`. */
export type NatsUser = ServiceName | 'setup';

import type { ServiceBus } from '@corsac/bus';
import type { ServiceName } from '@corsac/contracts';
import type { Database, ItemStore, MasterKeys } from '@corsac/data';
import type { HealthCheck } from '@corsac/http';
import type { Service } from '@corsac/service';
import type { Settings, Shape } from '@corsac/settings';
import type { Logger, MetricsRegistry, SpanAround } from '@corsac/telemetry';

/** What a wiring is told when it opens. */
export interface WiringParts {
  readonly settings: Settings;
  readonly services: readonly Service[];
  readonly logger: Logger;
  readonly metrics: MetricsRegistry;
  /** Runs a message's handler in a span, where traces are sent. */
  readonly spanAround?: SpanAround;
}

/** Stores and bus of a process, opened. */
export interface World {
  readonly bus: ServiceBus;
  readonly masterKeys: MasterKeys;
  databaseOf(service: ServiceName): Database;
  itemsOf(service: ServiceName): ItemStore;
  /** By name: `database`, `items`, `bus`. */
  readonly checks: Readonly<Record<string, HealthCheck>>;
  /** Lets go of the stores; the bus is drained before. */
  close(): Promise<void>;
}

/** The one thing in which the two shapes differ. */
export interface Wiring {
  readonly shape: Shape;
  /** Opens everything that the services need. @throws StartProblem */
  open(parts: WiringParts): Promise<World>;
}

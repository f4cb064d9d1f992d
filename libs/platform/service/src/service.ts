import type { DynamicModule } from '@nestjs/common';
import type { Bus, ServiceName } from '@corsac/contracts';
import type { Database, DatabaseSchema, ItemStore, MasterKeys, SealedColumn, Sealer } from '@corsac/data';
import type { OutboundClient } from '@corsac/outbound';
import type { Logger, Metrics } from '@corsac/telemetry';

/** Wall clock, injected so that tests can move it. */
export interface Clock {
  /** Milliseconds since 1970. */
  nowMs(): number;
}

/** What must have happened once before a replica takes requests; told by `/health/ready`. */
export interface Readiness {
  /** `isDone` is asked again until it is true: `readiness.waitFor('configuration', () => cache.loaded)`. */
  waitFor(what: string, isDone: () => boolean): void;
}

/** What every service is given by whoever starts it. Adapters differ between shapes, the types do not. */
export interface ServiceParts {
  readonly bus: Bus;
  /** The service's own space of short-lived items. */
  readonly items: ItemStore;
  /** The service's own schema. */
  readonly database: Database;
  readonly sealer: Sealer;
  /** What fingerprints and tokens that are derived, not stored, are made with: `new Fingerprinter(masterKeys, purpose)`. */
  readonly masterKeys: MasterKeys;
  /** Guarded client for addresses that an administrator typed. */
  readonly outbound: OutboundClient;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly settings: ServiceSettings;
  readonly readiness: Readiness;
}

/** The few settings that services see; each part declares the slice it needs of them. */
export interface ServiceSettings {
  /** Public address without a trailing slash; issuers and links are made of it, never of a request header. */
  readonly base_url: string;
  /** Everything in one process: local mail outbox, demo. */
  readonly embedded: boolean;
  /** Declarative file or folder to apply at start; the config service reads it. */
  readonly config_path?: string;
  /** Folder with the console as it was built; the config service hands it out. */
  readonly console_path?: string;
  /** What `${NAME}` stands for in declarative files. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Folder for what must survive a restart beside the database (printed demo secrets). Unset when nothing is kept. */
  readonly data_dir?: string;
}

/** A service as a value: the same in every shape. An app picks the wiring and runs it. */
export interface Service {
  readonly name: ServiceName;
  /** Entities and migrations of its own schema. */
  readonly schema: DatabaseSchema;
  /**
   * What of its schema is sealed: a start with master keys that open none of it ends, and after a new master key it is sealed
   * anew. A service that has any brings the migration `CreateMasterKeyCanary`.
   */
  readonly sealed?: readonly SealedColumn[];
  /** Its Nest module: endpoints, subjects and the parts between them, made top to bottom in one file. */
  module(parts: ServiceParts): DynamicModule;
}

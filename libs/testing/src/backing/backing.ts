/** A real server that tests may need. */
export type BackingKind = 'postgres' | 'redis' | 'nats';

/** A server that answers at `url`, and how it came to be; or why there is none. */
export type Backing =
  | { state: 'there'; url: string; how: 'given' | 'container' | 'machine' | 'embedded' }
  | { state: 'missing'; reason: string };

/** A server that was started and must be ended: a process or a container. */
export interface StartedServer {
  url: string;
  pid?: number;
  container?: string;
  /** The temporary folder of the server. */
  folder?: string;
  stop(): Promise<void>;
}

/** Whether containers may be tried (`CORSAC_TEST_CONTAINERS=0` says no). */
export function containersAllowed(): boolean {
  return process.env['CORSAC_TEST_CONTAINERS'] !== '0';
}

/** What people set. */
export const GIVEN = { postgres: 'DATABASE_URL', redis: 'REDIS_URL', nats: 'NATS_URL' } as const;

const variable = (kind: BackingKind): string => `CORSAC_TEST_${kind.toUpperCase()}`;

/** Tells the workers of this run what was found. */
export function publishBacking(kind: BackingKind, backing: Backing): void {
  process.env[variable(kind)] = JSON.stringify(backing);
}

/** What the run found before the workers began. */
export function publishedBacking(kind: BackingKind): Backing | undefined {
  const text = process.env[variable(kind)];
  return text === undefined ? undefined : (JSON.parse(text) as Backing);
}

/** Whether a missing server fails the tests that need it (`REQUIRE_BACKING=1`). */
export function backingIsRequired(): boolean {
  return process.env['REQUIRE_BACKING'] === '1';
}

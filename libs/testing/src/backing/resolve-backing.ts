import { startEmbeddedPostgres } from '@corsac/data/embedded-postgres';
import { GIVEN, publishedBacking, type Backing, type BackingKind, type StartedServer } from './backing.js';
import { startContainer } from './start-container.js';
import { isOnMachine, startOnMachine } from './start-on-machine.js';

/** A backing with the way to end it, where it was started here. */
export interface ResolvedBacking {
  backing: Backing;
  server?: StartedServer;
}

/**
 * Finds or starts a real server, in this order: the URL that is given (`DATABASE_URL`, `REDIS_URL`, `NATS_URL`), a container where an engine
 * answers and the image is there, a server program of this machine, the embedded Postgres. What the run has already is taken as it is.
 */
export async function resolveBacking(kind: BackingKind): Promise<ResolvedBacking> {
  const published = publishedBacking(kind);
  if (published) return { backing: published };
  const given = process.env[GIVEN[kind]];
  if (given) return { backing: { state: 'there', how: 'given', url: given } };
  const contained = await startContainer(kind);
  if (contained) return { backing: { state: 'there', how: 'container', url: contained.url }, server: contained };
  return kind === 'postgres' ? resolvePostgres() : resolveProgram(kind);
}

async function resolvePostgres(): Promise<ResolvedBacking> {
  try {
    const server = await startEmbeddedPostgres({ folder: 'memory', prefer: 'machine' });
    const { url, pid } = server;
    const how = server.from === 'machine' ? 'machine' : 'embedded';
    const folder = new URL(url).searchParams.get('host') ?? undefined;
    return { backing: { state: 'there', how, url }, server: { url, pid, folder, stop: () => server.stop() } };
  } catch (error) {
    return missing('postgres', (error as Error).message);
  }
}

async function resolveProgram(kind: 'redis' | 'nats'): Promise<ResolvedBacking> {
  if (!isOnMachine(kind)) return missing(kind, `no container engine, and no ${kind}-server on this machine`);
  try {
    const server = await startOnMachine(kind);
    return { backing: { state: 'there', how: 'machine', url: server.url }, server };
  } catch (error) {
    return missing(kind, (error as Error).message);
  }
}

function missing(kind: BackingKind, why: string): ResolvedBacking {
  return { backing: { state: 'missing', reason: `${GIVEN[kind]} is not set, and ${why}` } };
}

import { containersAllowed, type BackingKind, type StartedServer } from './backing.js';

interface Image {
  name: string;
  port: number;
  env: Record<string, string>;
  command: string[];
  ready: RegExp;
  /** How often the line is said: Postgres restarts once after it has made its data. */
  times: number;
  url(address: string): string;
}

/** The images of the compose file. */
const IMAGES: Record<BackingKind, Image> = {
  postgres: {
    name: 'postgres:17',
    port: 5432,
    env: { POSTGRES_USER: 'corsac', POSTGRES_PASSWORD: 'corsac', POSTGRES_DB: 'corsac' },
    command: ['postgres', '-c', 'fsync=off', '-c', 'max_connections=200'],
    ready: /ready to accept connections/,
    times: 2,
    url: (address) => `postgresql://corsac:corsac@${address}/corsac`,
  },
  redis: {
    name: 'redis:7',
    port: 6379,
    env: {},
    command: ['redis-server', '--save', '', '--appendonly', 'no'],
    ready: /Ready to accept connections/,
    times: 1,
    url: (address) => `redis://${address}`,
  },
  nats: {
    name: 'nats:2.10',
    port: 4222,
    env: {},
    command: ['-js'],
    ready: /Server is ready/,
    times: 1,
    url: (address) => `nats://${address}`,
  },
};

const START_MS = 60_000;

/**
 * Starts a server in a container when an engine answers and has or gets the image.
 * @returns undefined when there is no engine, no image or no start in a minute; whatever the cause, the next way is tried
 */
export async function startContainer(kind: BackingKind): Promise<StartedServer | undefined> {
  if (!containersAllowed()) return undefined;
  try {
    const { GenericContainer, getContainerRuntimeClient, Wait } = await import('testcontainers');
    await getContainerRuntimeClient();
    const { name, port, env, command, ready, times, url } = IMAGES[kind];
    const started = await new GenericContainer(name)
      .withExposedPorts(port)
      .withEnvironment(env)
      .withCommand(command)
      .withWaitStrategy(Wait.forLogMessage(ready, times))
      .withStartupTimeout(START_MS)
      .start();
    return {
      url: url(`${started.getHost()}:${started.getMappedPort(port)}`),
      container: started.getId(),
      stop: async () => void (await started.stop({ timeout: 0 })),
    };
  } catch {
    return undefined;
  }
}

import { jetstreamManager } from '@nats-io/jetstream';
import { deadLettered, durableEvents, type Contracts } from '@corsac/contracts';
import { openLink } from './link.js';
import type { NatsServers } from './options.js';
import { ensureConsumer, ensureStream, wantedStreams } from './streams.js';

export interface PrepareOptions extends NatsServers {
  readonly contracts?: Pick<Contracts, 'durableEvents'>;
  readonly stream_replicas?: number;
}

/**
 * Makes all streams and consumers as the user `setup`, so that no service needs the right to: once at deployment, and
 * after every update. Doing it again changes nothing.
 * @returns names of the streams
 * @throws Error when NATS is not reached, has no JetStream or does not allow it
 */
export async function prepareStreams(options: PrepareOptions): Promise<string[]> {
  const contracts = options.contracts ?? { durableEvents };
  const link = await openLink(options, 'setup', new AbortController().signal);
  try {
    const manager = await jetstreamManager(link.nats, { checkAPI: false, timeout: 5000 });
    const streams = wantedStreams(contracts);
    for (const stream of streams) await ensureStream(manager, stream, options.stream_replicas ?? 1);
    for (const event of [...contracts.durableEvents, deadLettered]) {
      for (const service of event.listeners) await ensureConsumer(manager, event, service);
    }
    return streams.map(({ name }) => name);
  } finally {
    await link.nats.close();
  }
}

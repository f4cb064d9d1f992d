import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { busSuite, suiteContracts } from '@corsac/testing';
import { describeWith } from '@corsac/testing/backing';
import { natsBus } from './nats-bus.js';

/** The server is shared with other specs; what a test leaves in it is taken out again. */
async function removeStreams(url: string): Promise<void> {
  const nats = await connect({ servers: url });
  const manager = await jetstreamManager(nats);
  for await (const name of manager.streams.names()) if (name.startsWith('CORSAC_')) await manager.streams.delete(name);
  await nats.close();
}

describeWith('nats', (url) => {
  busSuite('on NATS', async () => {
    await removeStreams(url);
    return {
      process: async (options) => natsBus({ ...options, servers: url, contracts: suiteContracts }),
      close: () => removeStreams(url),
    };
  });
});

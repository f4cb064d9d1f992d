import { durableEvents, type Bus, type DurableEvent } from '@corsac/contracts';
import { OutboxPublisher, type Database } from '@corsac/data';
import type { Logger, Metrics } from '@corsac/telemetry';

export interface OutboxParts {
  readonly database: Database;
  readonly bus: Bus;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

const contracts: ReadonlyMap<string, DurableEvent<unknown>> = new Map(
  durableEvents.map((contract) => [contract.subject, contract as DurableEvent<unknown>]),
);

/** Publishes a service's outbox as durable events on the bus, until each is taken. The caller starts and stops it. */
export const outboxPublisher = ({ database, bus, logger, metrics }: OutboxParts): OutboxPublisher => {
  const depth = metrics.gauge({ name: 'outbox_waiting', help: 'Durable events written and not yet published.' });
  return new OutboxPublisher({
    dataSource: database,
    publish: async ({ subject, payload, id, context }) => {
      const contract = contracts.get(subject);
      if (!contract) throw new Error(`no contract has the subject ${subject}`);
      await bus.publishDurable(contract, payload, id, context);
    },
    observer: {
      failed: ({ subject, id, attempt }, error, wait_s) =>
        logger.warn(
          { subject, message_id: id, attempt, wait_s, err: error },
          'a durable event was not taken and waits',
        ),
      depth: ({ waiting }) => depth.set(waiting),
      trouble: (error) => logger.warn({ err: error }, 'the outbox could not be read'),
    },
  });
};

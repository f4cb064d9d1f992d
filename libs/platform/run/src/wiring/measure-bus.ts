import type { BusMeasure, BusOptions, ServiceBus } from '@corsac/bus';
import { serviceNames } from '@corsac/contracts';
import type { Counter, Histogram, MetricsRegistry } from '@corsac/telemetry';
import type { WiringParts } from './wiring.js';

const buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 3] as const;

/** Counts what goes over the bus, by subject: there are as many as there are contracts. */
const measureBus = (metrics: MetricsRegistry): ((measure: BusMeasure) => void) => {
  const of = new Map<string, { messages: Counter; seconds: Histogram }>();
  for (const service of serviceNames) {
    const own = metrics.forService(service);
    of.set(service, {
      messages: own.counter({
        name: 'bus_messages_total',
        help: 'Messages asked, answered, heard or carried out, by result.',
        labels: ['kind', 'subject', 'result'],
      }),
      seconds: own.histogram(
        {
          name: 'bus_message_duration_seconds',
          help: 'Time of a question or of a handler.',
          labels: ['kind', 'subject'],
        },
        buckets,
      ),
    });
  }
  return ({ kind, service, subject, result, duration_ms }) => {
    const series = of.get(service);
    series?.messages.inc({ kind, subject, result });
    series?.seconds.observe(duration_ms / 1000, { kind, subject });
  };
};

/** What every bus is told, whatever it is made of. */
export const busOptionsOf = ({ logger, metrics, spanAround }: WiringParts): BusOptions => ({
  logger,
  measured: measureBus(metrics),
  ...(spanAround && { around: ({ subject, context }, handle) => spanAround(subject, context, handle) }),
});

/** How many messages are on their way just now. */
export const gaugeBus = (metrics: MetricsRegistry, bus: ServiceBus, service: string): void => {
  metrics
    .forService(service)
    .gaugeOf(
      { name: 'bus_in_flight', help: 'Questions without answer yet and handlers at work.' },
      () => bus.health().in_flight,
    );
};

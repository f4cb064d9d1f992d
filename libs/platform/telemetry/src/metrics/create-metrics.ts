import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { LabelValues, MetricDefinition, Metrics } from './metrics.js';
import { RequestSeries, requestText } from './request-series.js';

/** The metrics of a process: one registry, one `Metrics` per service in it. */
export interface MetricsRegistry {
  /** The same object for the same name. */
  forService(service: string): Metrics;
  /** Everything in Prometheus text format. */
  text(): Promise<string>;
  readonly contentType: string;
}

type Kind<T> = new (configuration: {
  name: string;
  help: string;
  labelNames: string[];
  registers: Registry[];
  buckets?: number[];
}) => T;

class ServiceMetrics implements Metrics {
  readonly series: RequestSeries;
  private readonly readers = new Map<string, () => number | Promise<number>>();

  constructor(
    private readonly registry: Registry,
    private readonly service: string,
  ) {
    this.series = new RequestSeries(service);
  }

  counter(definition: MetricDefinition): ReturnType<Metrics['counter']> {
    const counter = this.make<Counter<string>>(Counter as unknown as Kind<Counter<string>>, definition);
    return { inc: (labels, by = 1) => counter.inc(this.withService(labels), by) };
  }

  gauge(definition: MetricDefinition): ReturnType<Metrics['gauge']> {
    const gauge = this.make<Gauge<string>>(Gauge as unknown as Kind<Gauge<string>>, definition);
    return { set: (value, labels) => gauge.set(this.withService(labels), value) };
  }

  gaugeOf(definition: MetricDefinition, read: () => number | Promise<number>): void {
    this.make<Gauge<string>>(Gauge as unknown as Kind<Gauge<string>>, definition);
    this.readers.set(definition.name, read);
  }

  histogram(definition: MetricDefinition, buckets: readonly number[]): ReturnType<Metrics['histogram']> {
    const histogram = this.make<Histogram<string>>(
      Histogram as unknown as Kind<Histogram<string>>,
      definition,
      buckets,
    );
    return { observe: (value, labels) => histogram.observe(this.withService(labels), value) };
  }

  request(measure: Parameters<Metrics['request']>[0]): void {
    this.series.add(measure);
  }

  /** Reads the gauges that are read on demand; one that fails keeps its last value. */
  async collect(): Promise<void> {
    for (const [name, read] of this.readers) {
      try {
        const gauge = this.registry.getSingleMetric(`corsac_${name}`) as Gauge<string>;
        gauge.set({ service: this.service }, await read());
      } catch {
        continue;
      }
    }
  }

  private make<T>(kind: Kind<T>, { name, help, labels = [] }: MetricDefinition, buckets?: readonly number[]): T {
    const full = `corsac_${name}`;
    const there = this.registry.getSingleMetric(full);
    if (there) return there as T;
    const labelNames = ['service', ...labels];
    return new kind({
      name: full,
      help,
      labelNames,
      registers: [this.registry],
      ...(buckets && { buckets: [...buckets] }),
    });
  }

  private withService(labels?: LabelValues): Record<string, string> {
    return { ...labels, service: this.service };
  }
}

/** Makes the metrics of a process. `process` adds memory, CPU, event loop and garbage collection. */
export const createMetrics = (options: { readonly process?: boolean } = {}): MetricsRegistry => {
  const registry = new Registry();
  const services = new Map<string, ServiceMetrics>();
  if (options.process) collectDefaultMetrics({ register: registry, prefix: 'corsac_' });
  return {
    contentType: registry.contentType,
    forService: (service) => {
      const metrics = services.get(service) ?? new ServiceMetrics(registry, service);
      services.set(service, metrics);
      return metrics;
    },
    text: async () => {
      const all = [...services.values()];
      for (const metrics of all) await metrics.collect();
      return requestText(all.map(({ series }) => series)) + (await registry.metrics());
    },
  };
};

const nothing = (): void => undefined;

/** Counts nothing; for tests. */
export const silentMetrics: Metrics = {
  counter: () => ({ inc: nothing }),
  gauge: () => ({ set: nothing }),
  gaugeOf: nothing,
  histogram: () => ({ observe: nothing }),
  request: nothing,
};

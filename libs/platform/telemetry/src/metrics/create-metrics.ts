import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { Buckets } from './buckets.js';
import { Labelled, labelledText, type Total } from './labelled.js';
import type { MetricDefinition, Metrics } from './metrics.js';
import { RequestSeries, requestText } from './request-series.js';

/** The metrics of a process: one registry, one `Metrics` per service in it. */
export interface MetricsRegistry {
  /** The same object for the same name. */
  forService(service: string): Metrics;
  /** Everything in Prometheus text format. */
  text(): Promise<string>;
  readonly contentType: string;
}

class ServiceMetrics implements Metrics {
  readonly series: RequestSeries;
  readonly counters = new Map<string, Labelled<Total>>();
  readonly histograms = new Map<string, Labelled<Buckets>>();
  private readonly readers = new Map<string, () => number | Promise<number>>();

  constructor(
    private readonly registry: Registry,
    private readonly service: string,
  ) {
    this.series = new RequestSeries(service);
  }

  counter(definition: MetricDefinition): ReturnType<Metrics['counter']> {
    const { name } = definition;
    const counter = this.counters.get(name) ?? new Labelled(definition, this.service, () => ({ total: 0 }));
    this.counters.set(name, counter);
    return { inc: (labels, by = 1) => void (counter.at(labels).total += by) };
  }

  gauge(definition: MetricDefinition): ReturnType<Metrics['gauge']> {
    const gauge = this.make(definition);
    return { set: (value, labels) => gauge.set({ ...labels, service: this.service }, value) };
  }

  gaugeOf(definition: MetricDefinition, read: () => number | Promise<number>): void {
    this.make(definition);
    this.readers.set(definition.name, read);
  }

  histogram(definition: MetricDefinition, buckets: readonly number[]): ReturnType<Metrics['histogram']> {
    const { name } = definition;
    const histogram = this.histograms.get(name) ?? new Labelled(definition, this.service, () => new Buckets(buckets));
    this.histograms.set(name, histogram);
    return { observe: (value, labels) => histogram.at(labels).add(value) };
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

  private make({ name, help, labels = [] }: MetricDefinition): Gauge<string> {
    const full = `corsac_${name}`;
    const there = this.registry.getSingleMetric(full) as Gauge<string> | undefined;
    return there ?? new Gauge({ name: full, help, labelNames: ['service', ...labels], registers: [this.registry] });
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
      return [
        requestText(all.map(({ series }) => series)),
        labelledText(
          'counter',
          all.flatMap(({ counters }) => [...counters.values()]),
        ),
        labelledText(
          'histogram',
          all.flatMap(({ histograms }) => [...histograms.values()]),
        ),
        await registry.metrics(),
      ].join('');
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

export type LabelValues = Readonly<Record<string, string>>;

/** What a metric is: name in Prometheus spelling without the prefix `corsac_`, meaning, label names. */
export interface MetricDefinition {
  readonly name: string;
  readonly help: string;
  /** Few and bounded: every combination of values is a series that is kept for ever. */
  readonly labels?: readonly string[];
}

export interface Counter {
  inc(labels?: LabelValues, by?: number): void;
}

export interface Gauge {
  set(value: number, labels?: LabelValues): void;
}

export interface Histogram {
  observe(value: number, labels?: LabelValues): void;
}

/** One finished HTTP request. `tenant` and `track` as in the path, unproven. */
export interface RequestMeasure {
  /** Kind of route, such as `oauth/token`; never a whole path. */
  readonly route: string;
  readonly status: number;
  readonly duration_ms: number;
  readonly tenant?: string;
  readonly track?: string;
}

/** Metrics of one service. The same name may be declared again and gives the same series. */
export interface Metrics {
  counter(definition: MetricDefinition): Counter;
  gauge(definition: MetricDefinition): Gauge;
  /** A gauge that is read only when somebody looks, for example an age or a queue's depth. */
  gaugeOf(definition: MetricDefinition, read: () => number | Promise<number>): void;
  /** `buckets` are upper bounds, ascending, in the unit of the name. */
  histogram(definition: MetricDefinition, buckets: readonly number[]): Histogram;
  /** Counts a request by route kind and status, and by tenant and track as long as there are few of them. */
  request(measure: RequestMeasure): void;
}

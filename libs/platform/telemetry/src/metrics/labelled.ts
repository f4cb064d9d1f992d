import type { Buckets } from './buckets.js';
import type { LabelValues, MetricDefinition } from './metrics.js';

/** A number that only grows. */
export interface Total {
  total: number;
}

const escaped = (value: string): string => value.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/"/g, '\\"');

/**
 * What one service counted or measured under one name, by label values. Kept in a plain map instead of the metrics
 * library, as this runs once per message and the library hashes its labels every time.
 */
export class Labelled<Value extends Total | Buckets> {
  private readonly series = new Map<string, { readonly labels: string; readonly value: Value }>();

  constructor(
    readonly definition: MetricDefinition,
    private readonly service: string,
    private readonly make: () => Value,
  ) {}

  at(labels: LabelValues = {}): Value {
    let key = '';
    for (const name of this.definition.labels ?? []) key += `${labels[name]}\n`;
    const there = this.series.get(key);
    if (there) return there.value;
    const value = this.make();
    this.series.set(key, { labels: this.labelsOf(labels), value });
    return value;
  }

  /** Lines in Prometheus text format, without heading. */
  lines(): string[] {
    const name = `corsac_${this.definition.name}`;
    return [...this.series.values()].flatMap(({ labels, value }) =>
      'total' in value
        ? [`${name}{${labels}} ${value.total}`]
        : [
            ...value.below().map(([bound, count]) => `${name}_bucket{le="${bound}",${labels}} ${count}`),
            `${name}_sum{${labels}} ${value.sum}`,
            `${name}_count{${labels}} ${value.count}`,
          ],
    );
  }

  private labelsOf(labels: LabelValues): string {
    const named = (this.definition.labels ?? []).map((name) => `${name}="${escaped(labels[name] ?? '')}",`);
    return `${named.join('')}service="${escaped(this.service)}"`;
  }
}

/** The heading of a metric in Prometheus text format. */
export const heading = (name: string, type: 'counter' | 'histogram', help: string): string[] => [
  `# HELP ${name} ${help}`,
  `# TYPE ${name} ${type}`,
];

/** The metrics of all services of a process as Prometheus text: of one name together, below one heading. */
export const labelledText = (type: 'counter' | 'histogram', all: readonly Labelled<Total | Buckets>[]): string => {
  const names = new Map(all.map(({ definition }) => [definition.name, definition.help]));
  const lines = [...names].flatMap(([name, help]) => [
    ...heading(`corsac_${name}`, type, help),
    ...all.filter(({ definition }) => definition.name === name).flatMap((one) => one.lines()),
  ]);
  return lines.map((line) => `${line}\n`).join('');
};

export type { LogFields, Logger, LogLevel } from './log/logger.js';
export { logLevels } from './log/logger.js';
export type {
  Counter,
  Gauge,
  Histogram,
  LabelValues,
  MetricDefinition,
  Metrics,
  RequestMeasure,
} from './metrics/metrics.js';

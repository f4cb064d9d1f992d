export { createLogger, silentLogger, type LoggerOptions } from './log/create-logger.js';
export { logLevels, type LogFields, type Logger, type LogLevel } from './log/logger.js';
export { createMetrics, silentMetrics, type MetricsRegistry } from './metrics/create-metrics.js';
export type {
  Counter,
  Gauge,
  Histogram,
  LabelValues,
  MetricDefinition,
  Metrics,
  RequestMeasure,
} from './metrics/metrics.js';
export { loadSpanAround, type SpanAround, type TraceCarrier } from './trace/span-around.js';
export { startTracing, type StopTracing, type TracingOptions } from './trace/start-tracing.js';
export {
  childTraceparent,
  formatTraceparent,
  isTraceparent,
  parseTraceparent,
  type TraceParent,
} from './trace/traceparent.js';

import type { Logger } from '../log/logger.js';

export interface TracingOptions {
  /** OTLP collector, for example `http://collector:4318`; unsaid, nothing of OpenTelemetry is even loaded. */
  readonly endpoint?: string;
  readonly service: string;
  readonly logger: Logger;
}

/** Ends tracing and sends what is left. */
export type StopTracing = () => Promise<void>;

/**
 * Starts OpenTelemetry when an endpoint is configured. Spans of HTTP come from its instrumentation; over the bus the
 * `traceparent` of the message context carries them on. It must run before HTTP servers are made.
 */
export const startTracing = async ({ endpoint, service, logger }: TracingOptions): Promise<StopTracing> => {
  if (endpoint === undefined) return async () => undefined;
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = endpoint;
  const [{ NodeSDK }, { HttpInstrumentation }] = await Promise.all([
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/instrumentation-http'),
  ]);
  const sdk = new NodeSDK({ serviceName: `corsac-${service}`, instrumentations: [new HttpInstrumentation()] });
  sdk.start();
  logger.info({ endpoint }, 'traces are sent');
  return () => sdk.shutdown().catch((error: unknown) => logger.warn({ error }, 'the last traces were not sent'));
};

import type { Context, Span, TextMapGetter } from '@opentelemetry/api';

/** What a message says of the trace that it belongs to. */
export interface TraceCarrier {
  readonly traceparent?: string;
  readonly tracestate?: string;
}

/** Runs work in a span of its own below the caller's. */
export type SpanAround = <T>(name: string, carrier: TraceCarrier, work: () => Promise<T>) => Promise<T>;

const getter: TextMapGetter<TraceCarrier> = {
  keys: (carrier) => Object.keys(carrier),
  get: (carrier, key) => carrier[key as keyof TraceCarrier],
};

/**
 * Spans for messages, which no instrumentation knows. Loaded only where tracing was started.
 */
export const loadSpanAround = async (): Promise<SpanAround> => {
  const { context, propagation, SpanKind, SpanStatusCode, trace } = await import('@opentelemetry/api');
  const tracer = trace.getTracer('corsac-bus');
  const end = (span: Span, error?: unknown): void => {
    if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
  };
  return async (name, carrier, work) => {
    const parent: Context = propagation.extract(context.active(), carrier, getter);
    const span = tracer.startSpan(name, { kind: SpanKind.CONSUMER }, parent);
    try {
      const result = await context.with(trace.setSpan(parent, span), work);
      end(span);
      return result;
    } catch (error) {
      end(span, error);
      throw error;
    }
  };
};

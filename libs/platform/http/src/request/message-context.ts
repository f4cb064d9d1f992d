import type { MessageContext } from '@corsac/contracts';
import { isTraceparent } from '@corsac/telemetry';
import type { IncomingHttpHeaders } from 'node:http';

const tracestateLimit = 512;

/** What travels from a request into every message that it causes. A malformed trace context is dropped, W3C 3.2. */
export const messageContextOf = (request_id: string, headers: IncomingHttpHeaders): MessageContext => {
  const { traceparent, tracestate } = headers;
  if (typeof traceparent !== 'string' || !isTraceparent(traceparent)) return { request_id };
  if (typeof tracestate !== 'string' || tracestate.length > tracestateLimit) return { request_id, traceparent };
  return { request_id, traceparent, tracestate };
};

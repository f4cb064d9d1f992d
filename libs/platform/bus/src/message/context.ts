import type { DeliveryInfo, MessageContext } from '@corsac/contracts';

const names = ['request_id', 'traceparent', 'tracestate'] as const;
/** Printable ASCII: what may stand in a header of every transport. */
const headerValue = /^[\x20-\x7e]{1,512}$/;

/**
 * The three things that travel beside a payload, copied. Values that no header could carry are left out, since a
 * request id can come from outside.
 */
export function contextOf(source: { readonly [name in keyof MessageContext]?: unknown } | undefined): MessageContext {
  const context: { -readonly [name in keyof MessageContext]: string } = {};
  if (!source) return context;
  for (const name of names) {
    const value = source[name];
    if (typeof value === 'string' && headerValue.test(value)) context[name] = value;
  }
  return context;
}

/** What a handler is told of a delivery; of what caused it nothing, where nothing is known. */
export const deliveryInfo = (id: string, attempt: number, context: MessageContext | undefined): DeliveryInfo => ({
  id,
  attempt,
  ...(context && Object.keys(context).length > 0 && { context: { ...context } }),
});

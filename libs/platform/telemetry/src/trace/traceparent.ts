import { randomBytes } from 'node:crypto';

/** A `traceparent` of W3C Trace Context 3.2, taken apart. */
export interface TraceParent {
  /** 32 hexadecimal digits, not all zero. */
  readonly trace_id: string;
  /** 16 hexadecimal digits, not all zero. */
  readonly span_id: string;
  readonly sampled: boolean;
}

const pattern = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:$|-)/;

/** Whether a header is one we can pass on. Version 00 ends after the flags; later versions may go on. */
export const isTraceparent = (header: string): boolean =>
  pattern.test(header) && (header.length === 55 || (!header.startsWith('00') && header.length < 256));

/** Takes a `traceparent` apart; undefined when it is malformed, and then it must be ignored (3.2.2.3). */
export const parseTraceparent = (header: string | undefined): TraceParent | undefined => {
  if (header === undefined || !isTraceparent(header)) return undefined;
  const [, trace_id = '', span_id = '', flags = ''] = pattern.exec(header) ?? [];
  return { trace_id, span_id, sampled: (parseInt(flags, 16) & 1) === 1 };
};

/** Writes a `traceparent` of version 00. */
export const formatTraceparent = ({ trace_id, span_id, sampled }: TraceParent): string =>
  `00-${trace_id}-${span_id}-${sampled ? '01' : '00'}`;

/** The parent that a call to somebody else carries: the same trace, a span of its own, or a trace begun here. */
export const childTraceparent = (parent: string | undefined): string => {
  const known = parseTraceparent(parent);
  return formatTraceparent({
    trace_id: known?.trace_id ?? randomBytes(16).toString('hex'),
    span_id: randomBytes(8).toString('hex'),
    sampled: known?.sampled ?? false,
  });
};

import { silentLogger } from '../log/create-logger.js';
import { loadSpanAround } from './span-around.js';
import { startTracing } from './start-tracing.js';
import { childTraceparent, formatTraceparent, isTraceparent, parseTraceparent } from './traceparent.js';

const example = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('traceparent, W3C Trace Context 3.2', () => {
  it('is taken apart and written again', () => {
    const parsed = parseTraceparent(example);
    expect(parsed).toEqual({
      trace_id: '0af7651916cd43dd8448eb211c80319c',
      span_id: 'b7ad6b7169203331',
      sampled: true,
    });
    expect(formatTraceparent(parsed!)).toBe(example);
  });

  it('of a later version may go on', () => {
    expect(isTraceparent(`01${example.slice(2)}-more`)).toBe(true);
  });

  it.each([
    '',
    'x',
    example.toUpperCase(),
    `ff${example.slice(2)}`,
    `${example}-more`,
    example.slice(0, -1),
    `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
    `00-0af7651916cd43dd8448eb211c80319c-${'0'.repeat(16)}-01`,
    `01${example.slice(2)}-${'m'.repeat(300)}`,
    `${example}\n`,
  ])('%j is ignored', (header) => {
    expect(isTraceparent(header)).toBe(false);
    expect(parseTraceparent(header)).toBeUndefined();
  });

  it('of a child stays in the trace with a span of its own', () => {
    const child = parseTraceparent(childTraceparent(example));
    expect(child).toMatchObject({ trace_id: '0af7651916cd43dd8448eb211c80319c', sampled: true });
    expect(child?.span_id).not.toBe('b7ad6b7169203331');
    expect(parseTraceparent(childTraceparent(undefined))).toMatchObject({ sampled: false });
  });
});

describe('tracing', () => {
  it('loads nothing when it is not configured', async () => {
    const stop = await startTracing({ service: 'token', logger: silentLogger });
    await expect(stop()).resolves.toBeUndefined();
    expect(Object.keys(require.cache).some((file) => file.includes('sdk-node'))).toBe(false);
  });

  it('records spans once an endpoint is set, those of messages below the caller', async () => {
    const stop = await startTracing({ endpoint: 'http://127.0.0.1:9', service: 'token', logger: silentLogger });
    const { trace } = await import('@opentelemetry/api');
    const around = await loadSpanAround();
    const seen = await around('asked', { traceparent: example }, async () => trace.getActiveSpan()?.spanContext());
    expect(seen).toMatchObject({ traceId: '0af7651916cd43dd8448eb211c80319c' });
    expect(seen?.spanId).not.toBe('b7ad6b7169203331');
    await expect(around('asked', {}, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    trace.disable();
    void stop();
  }, 30_000);
});

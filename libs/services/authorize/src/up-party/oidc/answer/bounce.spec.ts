import { MemoryItemStore } from '@corsac/data';
import { BouncedAnswers } from './bounce.js';

const sequence = 'a'.repeat(32);

describe('answers that wait for the browser’s cookies', () => {
  let nowMs: number;
  let bounced: BouncedAnswers;
  beforeEach(() => {
    nowMs = 0;
    bounced = new BouncedAnswers(new MemoryItemStore({ now_ms: () => nowMs }));
  });

  it('are found by their handle, and by nothing else', async () => {
    const handle = await bounced.keep('acme', sequence, 'code=x');
    expect(await bounced.read('acme', handle)).toBe('code=x');
    expect(await bounced.read('other', handle)).toBeUndefined();
    for (const guess of ['', sequence, `${sequence}.${'b'.repeat(24)}`, `${handle}x`, `${sequence}/x`])
      expect(await bounced.read('acme', guess)).toBeUndefined();
  });

  it('are one per sequence: the last one that came', async () => {
    const first = await bounced.keep('acme', sequence, 'one');
    const second = await bounced.keep('acme', sequence, 'two');
    expect(await bounced.read('acme', first)).toBeUndefined();
    expect(await bounced.read('acme', second)).toBe('two');
  });

  it('are gone once they were used, and after two minutes', async () => {
    const used = await bounced.keep('acme', sequence, 'x');
    await bounced.forget('acme', sequence);
    expect(await bounced.read('acme', used)).toBeUndefined();
    const old = await bounced.keep('acme', sequence, 'x');
    nowMs += 121_000;
    expect(await bounced.read('acme', old)).toBeUndefined();
  });

  it('can be taken by one', async () => {
    const handle = await bounced.keep('acme', sequence, 'x');
    const taken = await Promise.all([1, 2, 3].map(() => bounced.take('acme', handle)));
    expect(taken.filter((form) => form === 'x')).toHaveLength(1);
    expect(await bounced.take('acme', handle)).toBeUndefined();
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import { StoreUnavailable } from '../store-unavailable.js';
import { Batcher } from './batcher.js';

const recording = (run: (ops: string[]) => Promise<string[]> = async (ops) => ops.map((op) => op.toUpperCase())) => {
  const batches: string[][] = [];
  const batcher = new Batcher<string, string>({
    nameOf: (op) => op.split(':')[0]!,
    run: (ops) => {
      batches.push(ops);
      return run(ops);
    },
  });
  return { batches, batcher };
};

describe('batcher', () => {
  it('lets what is asked in one turn share a statement, each with its own answer', async () => {
    const { batches, batcher } = recording();
    expect(await Promise.all(['c', 'a', 'b'].map((op) => batcher.add(op)))).toEqual(['C', 'A', 'B']);
    expect(batches).toHaveLength(1);
  });

  it('orders a statement by name, so that two of them lock rows in the same order', async () => {
    const { batches, batcher } = recording();
    await Promise.all(['b', 'a', 'c', 'B'].map((op) => batcher.add(op)));
    expect(batches).toEqual([['B', 'a', 'b', 'c']]);
  });

  it('puts two of the same name into statements one after the other, in the order asked', async () => {
    const { batches, batcher } = recording();
    await Promise.all(['a:1', 'b:1', 'a:2', 'a:3', 'b:2'].map((op) => batcher.add(op)));
    expect(batches).toEqual([['a:1', 'b:1'], ['a:2', 'b:2'], ['a:3']]);
  });

  it('gathers what comes while a statement runs', async () => {
    const { batches, batcher } = recording(async (ops) => {
      await sleep(20);
      return ops;
    });
    const first = batcher.add('a');
    await sleep(5);
    const rest = [batcher.add('b')];
    await sleep(5);
    rest.push(batcher.add('c'));
    await Promise.all([first, ...rest]);
    expect(batches).toEqual([['a'], ['b', 'c']]);
  });

  it('sends at most 256 in one statement', async () => {
    const { batches, batcher } = recording();
    await Promise.all(Array.from({ length: 600 }, (_, n) => batcher.add(`k${n}`)));
    expect(batches.map(({ length }) => length)).toEqual([256, 256, 88]);
  });

  it('gives an error to those of the statement and lets later ones try', async () => {
    let calls = 0;
    const { batcher } = recording(async (ops) => {
      if (++calls === 1) throw new Error('bug');
      return ops;
    });
    const first = await Promise.allSettled([batcher.add('a'), batcher.add('b')]);
    expect(first.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await batcher.add('c')).toBe('c');
  });

  it('sends a statement again that lost a deadlock', async () => {
    let calls = 0;
    const { batcher } = recording(async (ops) => {
      if (++calls < 3) throw Object.assign(new Error('deadlock'), { code: '40P01' });
      return ops;
    });
    expect(await batcher.add('a')).toBe('a');
    expect(calls).toBe(3);
  });

  it('does not let those wait further that gathered behind a statement without an answer', async () => {
    const { batcher, batches } = recording(async () => {
      await sleep(20);
      throw new StoreUnavailable('postgres', 'no answer');
    });
    const first = batcher.add('a');
    await sleep(5);
    const settled = await Promise.allSettled([first, batcher.add('b')]);
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(batches).toEqual([['a']]);
  });
});

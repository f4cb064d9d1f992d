import type { StoresUnderTest } from './item-store-suite.js';

/** Rules of `take`: the gate before anything is minted from a code, a refresh token or an assertion. */
export function singleUseRules(stores: StoresUnderTest): void {
  const spend = { spent: 'grant-1', spentTtl: 60 };

  it('gives the value once and then the mark', async () => {
    const key = stores.fresh();
    await stores.store.put(key, { code: 'c' }, 60);
    expect(await stores.store.take(key, spend)).toEqual({ state: 'taken', value: { code: 'c' } });
    expect(await stores.replica.take(key, { spent: 'other', spentTtl: 60 })).toEqual({
      state: 'spent',
      mark: 'grant-1',
    });
    expect(await stores.store.get(key)).toBeUndefined();
  });

  it('says missing of what was never there', async () => {
    expect(await stores.store.take(stores.fresh(), spend)).toEqual({ state: 'missing' });
  });

  it('leaves no mark where nothing was taken', async () => {
    const key = stores.fresh();
    await stores.store.take(key, spend);
    expect(await stores.store.take(key, spend)).toEqual({ state: 'missing' });
    expect(await stores.store.putIfAbsent(key, {}, 60)).toBe(true);
  });

  it('leaves nothing when no mark is wanted', async () => {
    const key = stores.fresh();
    await stores.store.put(key, {}, 60);
    expect((await stores.store.take(key)).state).toBe('taken');
    expect(await stores.store.take(key)).toEqual({ state: 'missing' });
  });

  it('leaves an empty mark when only its time is given', async () => {
    const key = stores.fresh();
    await stores.store.put(key, {}, 60);
    await stores.store.take(key, { spentTtl: 60 });
    expect(await stores.store.take(key)).toEqual({ state: 'spent', mark: '' });
  });

  it('refuses a mark without a time to live', async () => {
    await expect(stores.store.take(stores.fresh(), { spent: 'x' })).rejects.toThrow(RangeError);
  });

  it('gives the value to exactly one of many parallel takers', async () => {
    const key = stores.fresh();
    await stores.store.put(key, { code: 'c' }, 60);
    const takers = Array.from({ length: 30 }, (_, i) => (i % 2 ? stores.store : stores.replica));
    const taken = await Promise.all(takers.map((store) => store.take(key, spend)));
    expect(taken.filter(({ state }) => state === 'taken')).toHaveLength(1);
    expect(taken.filter(({ state }) => state === 'spent')).toHaveLength(29);
  });

  it('gives each of many values to one of two parallel takers', async () => {
    const keys = Array.from({ length: 60 }, () => stores.fresh());
    await Promise.all(keys.map((key, n) => stores.store.put(key, { n }, 60)));
    const [one, other] = await Promise.all([
      Promise.all(keys.map((key) => stores.store.take(key, spend))),
      Promise.all([...keys].reverse().map((key) => stores.replica.take(key, spend))),
    ]);
    const states = keys.map((_, n) => [one[n]!.state, other[keys.length - 1 - n]!.state].sort());
    expect(states).toEqual(keys.map(() => ['spent', 'taken']));
    expect(
      one.flatMap((taken, n) => (taken.state === 'taken' && (taken.value as { n: number }).n !== n ? [n] : [])),
    ).toEqual([]);
  });

  it('keeps the mark for its own time, longer than the value would have lived', async () => {
    const key = stores.fresh();
    await stores.store.put(key, {}, 0.2);
    await stores.store.take(key, { spent: 'm', spentTtl: 0.6 });
    await stores.pass(0.3);
    expect(await stores.store.take(key)).toEqual({ state: 'spent', mark: 'm' });
    await stores.pass(0.4);
    expect(await stores.store.take(key)).toEqual({ state: 'missing' });
  });

  it('does not take what is over', async () => {
    const key = stores.fresh();
    await stores.store.put(key, {}, 0.1);
    await stores.pass(0.25);
    expect(await stores.store.take(key, spend)).toEqual({ state: 'missing' });
  });

  it('treats a spent key as in use for putIfAbsent and as absent for replace and remove', async () => {
    const key = stores.fresh();
    await stores.store.put(key, {}, 60);
    const { version } = (await stores.store.get(key))!;
    await stores.store.take(key, spend);
    expect(await stores.store.putIfAbsent(key, {}, 60)).toBe(false);
    expect(await stores.store.replace(key, {}, { version, ttl: 60 })).toBe(false);
    expect(await stores.store.remove(key)).toBe(false);
    expect(await stores.store.take(key)).toEqual({ state: 'missing' });
  });

  it('lets a put overwrite a mark', async () => {
    const key = stores.fresh();
    await stores.store.put(key, {}, 60);
    await stores.store.take(key, spend);
    await stores.store.put(key, { again: true }, 60);
    expect((await stores.store.get(key))?.value).toEqual({ again: true });
  });

  it('lets a take or a replace win, never both', async () => {
    const keys = Array.from({ length: 30 }, () => stores.fresh());
    await Promise.all(keys.map((key) => stores.store.put(key, { n: 1 }, 60)));
    const versions = await Promise.all(keys.map(async (key) => (await stores.store.get(key))!.version));
    const both = keys.map((key, i) =>
      Promise.all([
        stores.store.take<{ n: number }>(key, spend),
        stores.replica.replace(key, { n: 2 }, { version: versions[i]!, ttl: 60 }),
      ]),
    );
    for (const [taken, replaced] of await Promise.all(both)) {
      expect(taken).toEqual({ state: 'taken', value: { n: replaced ? 2 : 1 } });
    }
  });
}

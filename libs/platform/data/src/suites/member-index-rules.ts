import type { StoresUnderTest } from './item-store-suite.js';

/** Rules of the sets of members with a time to live: sessions of a subject, parties of a session. */
export function memberIndexRules(stores: StoresUnderTest): void {
  it('gives the members that were added, each once', async () => {
    const index = stores.fresh();
    await Promise.all(['a', 'b', 'a', 'c \' " \\ é'].map((member) => stores.store.addToIndex(index, member, 60)));
    expect((await stores.replica.membersOf(index)).sort()).toEqual(['a', 'b', 'c \' " \\ é']);
  });

  it('has no members before the first', async () => {
    expect(await stores.store.membersOf(stores.fresh())).toEqual([]);
  });

  it('forgets a member that is taken out, and only it', async () => {
    const index = stores.fresh();
    await Promise.all(['a', 'b', 'c'].map((member) => stores.store.addToIndex(index, member, 60)));
    await Promise.all([stores.store.removeFromIndex(index, 'b'), stores.store.removeFromIndex(index, 'unknown')]);
    expect((await stores.store.membersOf(index)).sort()).toEqual(['a', 'c']);
  });

  it('forgets each member when its own time is over', async () => {
    const index = stores.fresh();
    await stores.store.addToIndex(index, 'long', 60);
    await stores.store.addToIndex(index, 'short', 0.15);
    await stores.pass(0.3);
    expect(await stores.store.membersOf(index)).toEqual(['long']);
  });

  it('renews the time of a member that is added again', async () => {
    const index = stores.fresh();
    await stores.store.addToIndex(index, 'a', 0.2);
    await stores.store.addToIndex(index, 'a', 60);
    await stores.pass(0.3);
    expect(await stores.store.membersOf(index)).toEqual(['a']);
  });

  it('shortens the time of a member that is added again for less', async () => {
    const index = stores.fresh();
    await stores.store.addToIndex(index, 'a', 60);
    await stores.store.addToIndex(index, 'a', 0.15);
    await stores.pass(0.3);
    expect(await stores.store.membersOf(index)).toEqual([]);
  });

  it('is apart in every index and space', async () => {
    const [one, two] = [stores.fresh(), stores.fresh()];
    await Promise.all([stores.store.addToIndex(one, 'a', 60), stores.store.addToIndex(two, 'b', 60)]);
    const read = [stores.store.membersOf(one), stores.store.membersOf(two), stores.neighbour.membersOf(one)];
    expect(await Promise.all(read)).toEqual([['a'], ['b'], []]);
  });

  it('keeps every one of many added in one turn', async () => {
    const index = stores.fresh();
    await Promise.all(Array.from({ length: 300 }, (_, n) => stores.store.addToIndex(index, `m${n}`, 60)));
    expect(await stores.store.membersOf(index)).toHaveLength(300);
  });

  it('keeps values, members and deadlines of one turn, whatever it gets of each', async () => {
    const [key, index] = [stores.fresh(), stores.fresh()];
    await Promise.all([
      ...['1', '2'].map((n) => stores.store.put(`${key}${n}`, { n }, 60)),
      stores.store.addToIndex(index, 'a', 60),
      ...['a', 'b', 'c'].map((member, at) => stores.store.schedule(index, member, 1000 + at)),
    ]);
    expect((await stores.replica.get(`${key}2`))?.value).toEqual({ n: '2' });
    expect(await stores.replica.membersOf(index)).toEqual(['a']);
    expect((await stores.replica.due(index, 2000, 10)).map(({ member }) => member)).toEqual(['a', 'b', 'c']);
  });
}

import type { StoresUnderTest } from './item-store-suite.js';

/** Rules of the deadline index that the expiry sweep works from. The times are the caller's, so no waiting is needed. */
export function deadlineIndexRules(stores: StoresUnderTest): void {
  const now = 1_800_000_000;

  it('gives what is due, earliest first, up to the limit', async () => {
    const index = stores.fresh();
    await stores.store.schedule(index, 'second', now - 5);
    await stores.store.schedule(index, 'later', now + 1);
    await stores.store.schedule(index, 'first', now - 10.25);
    await stores.store.schedule(index, 'third', now);
    expect(await stores.replica.due(index, now, 2)).toEqual([
      { member: 'first', dueAt: now - 10.25 },
      { member: 'second', dueAt: now - 5 },
    ]);
    expect((await stores.store.due(index, now, 10)).map(({ member }) => member)).toEqual(['first', 'second', 'third']);
  });

  it('changes nothing by looking', async () => {
    const index = stores.fresh();
    await stores.store.schedule(index, 'a', now);
    await stores.store.due(index, now, 10);
    expect(await stores.store.due(index, now, 10)).toHaveLength(1);
  });

  it('moves a member that is scheduled again', async () => {
    const index = stores.fresh();
    await stores.store.schedule(index, 'a', now);
    await stores.store.schedule(index, 'a', now + 100);
    expect(await stores.store.due(index, now, 10)).toEqual([]);
    expect(await stores.store.due(index, now + 100, 10)).toEqual([{ member: 'a', dueAt: now + 100 }]);
  });

  it('forgets a member that is unscheduled and says whether it was there', async () => {
    const index = stores.fresh();
    await stores.store.schedule(index, 'a', now);
    expect(await stores.store.unschedule(index, 'a')).toBe(true);
    expect(await stores.store.unschedule(index, 'a')).toBe(false);
    expect(await stores.store.due(index, now, 10)).toEqual([]);
  });

  it('unschedules a given deadline only while it stands', async () => {
    const index = stores.fresh();
    await stores.store.schedule(index, 'a', now + 0.1);
    expect(await stores.store.unschedule(index, 'a', now)).toBe(false);
    expect(await stores.store.unschedule(index, 'a', now + 0.1)).toBe(true);
  });

  it('gives a claimed member to nobody else until the lease is over', async () => {
    const index = stores.fresh();
    await stores.store.schedule(index, 'a', now - 1);
    const claim = { now, limit: 10, lease_s: 30 };
    expect(await stores.store.claim(index, claim)).toEqual([{ member: 'a', dueAt: now + 30 }]);
    expect(await stores.replica.claim(index, { ...claim, now: now + 29 })).toEqual([]);
    expect(await stores.replica.claim(index, { ...claim, now: now + 30 })).toEqual([{ member: 'a', dueAt: now + 60 }]);
  });

  it('shares the due members among parallel sweepers without giving one twice', async () => {
    const index = stores.fresh();
    await Promise.all(Array.from({ length: 100 }, (_, n) => stores.store.schedule(index, `m${n}`, now - n)));
    const claims = Array.from({ length: 8 }, (_, i) =>
      (i % 2 ? stores.store : stores.replica).claim(index, { now, limit: 20, lease_s: 30 }),
    );
    const first = (await Promise.all(claims)).flat().map(({ member }) => member);
    expect(new Set(first).size).toBe(first.length);
    const rest = (await stores.store.claim(index, { now, limit: 100, lease_s: 30 })).map(({ member }) => member);
    expect(new Set([...first, ...rest]).size).toBe(100);
    expect(first.length + rest.length).toBe(100);
  });

  it('does not forget a member that was scheduled anew while it was claimed', async () => {
    const index = stores.fresh();
    await stores.store.schedule(index, 'a', now);
    const [claimed] = await stores.store.claim(index, { now, limit: 1, lease_s: 30 });
    await stores.replica.schedule(index, 'a', now + 500);
    expect(await stores.store.unschedule(index, 'a', claimed!.dueAt)).toBe(false);
    expect(await stores.store.due(index, now + 500, 1)).toEqual([{ member: 'a', dueAt: now + 500 }]);
  });

  it('forgets a claimed member when the claimer is done', async () => {
    const index = stores.fresh();
    await stores.store.schedule(index, 'a', now);
    const [claimed] = await stores.store.claim(index, { now, limit: 1, lease_s: 30 });
    expect(await stores.store.unschedule(index, 'a', claimed!.dueAt)).toBe(true);
    expect(await stores.store.due(index, now + 1000, 1)).toEqual([]);
  });

  it('is apart in every index and space, and from sets of the same name', async () => {
    const [one, two] = [stores.fresh(), stores.fresh()];
    await stores.store.schedule(one, 'a', now);
    await stores.store.addToIndex(one, 'b', 60);
    expect(await stores.store.due(two, now, 10)).toEqual([]);
    expect(await stores.neighbour.due(one, now, 10)).toEqual([]);
    expect(await stores.neighbour.unschedule(one, 'a')).toBe(false);
    expect(await stores.store.due(one, now, 10)).toHaveLength(1);
  });
}

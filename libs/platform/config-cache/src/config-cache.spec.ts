import { listChanges, readTrack, type Bus, type ChangedTrack } from '@corsac/contracts';
import { fail, ok } from '@corsac/outcome';
import { ConfigCache } from './config-cache.js';

/** A config service small enough to hold in the hand: versions by track, changes in a list. */
const fakeConfig = () => {
  const tracks = new Map<string, number>([['acme/-', 1]]);
  const changes: ChangedTrack[] = [];
  const state = {
    away: false,
    reads: 0,
    reset: false,
    portion: Infinity,
    gate: undefined as Promise<void> | undefined,
  };
  const bus = {
    ask: async (question: unknown, request: never) => {
      if (state.away) return fail({ refusal: 'unavailable', detail: 'nobody there' });
      if (question === listChanges) {
        const { after } = request as { after: number };
        const told = changes.filter((change) => change.number > after).slice(0, state.portion);
        return ok({ latest: told.at(-1)?.number ?? changes.length, reset: state.reset, changes: told });
      }
      if (question !== readTrack) throw new Error('not a question of the config service');
      state.reads += 1;
      const { tenant, track, cursor } = request as { tenant: string; track: string; cursor?: string };
      const version = tracks.get(`${tenant}/${track}`);
      await state.gate;
      if (version === undefined) return fail({ refusal: 'not_found' });
      const party = { name: cursor === undefined ? 'first' : 'second' };
      return ok({
        version,
        settings: {},
        up_parties: [],
        down_parties: [party],
        next: cursor === undefined ? 'more' : undefined,
      });
    },
  } as unknown as Bus;
  const change = (tenant: string, track: string): ChangedTrack => {
    tracks.set(`${tenant}/${track}`, (tracks.get(`${tenant}/${track}`) ?? 0) + 1);
    const made = { number: changes.length + 1, tenant, track };
    changes.push(made);
    return made;
  };
  return { bus, state, change };
};

describe('configuration in memory', () => {
  const begin = (options: { stale_ms?: number; capacity?: number } = {}) => {
    const config = fakeConfig();
    const clock = { nowMs: 1_000_000 };
    const cache = new ConfigCache({ bus: config.bus, nowMs: () => clock.nowMs, beat_ms: 5, ...options });
    return { ...config, clock, cache };
  };

  it('joins the pages of a large track and asks once for parallel requests', async () => {
    const { cache, state } = begin();
    const [one, two] = await Promise.all([cache.track('acme', '-'), cache.track('acme', '-')]);
    expect(one.ok && one.value.downParties.map((party) => party.name)).toEqual(['first', 'second']);
    expect(two).toEqual(one);
    expect(state.reads).toBe(2);
    expect(cache.trackNow('acme', '-')).toBe(one.ok && one.value);
  });

  it('forgets a track at once when a notice names it', async () => {
    const { cache, change } = begin();
    await cache.track('acme', '-');
    const seen: string[] = [];
    cache.onChanged((tenant, track) => seen.push(`${tenant}/${track}`));
    cache.changed([change('acme', '-')]);
    expect(cache.trackNow('acme', '-')).toBeUndefined();
    const again = await cache.track('acme', '-');
    expect(again.ok && again.value.version).toBe(2);
    expect(seen).toEqual(['acme/-']);
  });

  it('keeps tracks of the same name in two tenants apart, and two tracks of one tenant', async () => {
    const { cache, change } = begin();
    for (const place of ['rival/-', 'acme/test', 'acme/test']) change(...(place.split('/') as [string, string]));
    change('rival', '-');
    change('rival', '-');
    const derived = async (tenant: string, track: string): Promise<unknown> => {
      const read = await cache.track(tenant, track);
      return read.ok && [read.value.version, read.value.memo('place', () => `${tenant}/${track}`)];
    };
    expect(await derived('acme', '-')).toEqual([1, 'acme/-']);
    expect(await derived('rival', '-')).toEqual([3, 'rival/-']);
    expect(await derived('acme', 'test')).toEqual([2, 'acme/test']);
    cache.changed([change('rival', '-')]);
    expect(cache.trackNow('rival', '-')).toBeUndefined();
    expect(cache.trackNow('acme', '-')).toBeDefined();
    expect(cache.trackNow('acme', 'test')).toBeDefined();
  });

  it('does not keep an answer that a change overtook', async () => {
    const { cache, state, change } = begin();
    let open = (): void => undefined;
    state.gate = new Promise((resolve) => (open = resolve));
    const reading = cache.track('acme', '-');
    cache.changed([change('acme', '-')]);
    open();
    await reading;
    expect(cache.trackNow('acme', '-')).toBeUndefined();
    const fresh = await cache.track('acme', '-');
    expect(fresh.ok && fresh.value.version).toBe(2);
  });

  it('heals a lost notice by asking for changes on a beat', async () => {
    const { cache, change } = begin();
    await cache.start();
    await cache.track('acme', '-');
    change('acme', '-');
    await new Promise((resolve) => setTimeout(resolve, 40));
    cache.stop();
    expect(cache.trackNow('acme', '-')).toBeUndefined();
  });

  it('asks on until it has heard of all that changed, however small the portions of the list are', async () => {
    const { cache, change, state } = begin();
    await cache.start();
    state.portion = 2;
    const seen: string[] = [];
    cache.onChanged((_tenant, track) => seen.push(track));
    for (const track of ['a', 'b', 'c', 'd', 'e']) change('acme', track);
    await new Promise((resolve) => setTimeout(resolve, 40));
    cache.stop();
    expect(seen).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('forgets everything when the list of changes no longer reaches back', async () => {
    const { cache, state } = begin();
    await cache.start();
    await cache.track('acme', '-');
    state.reset = true;
    await new Promise((resolve) => setTimeout(resolve, 40));
    cache.stop();
    expect(cache.trackNow('acme', '-')).toBeUndefined();
  });

  it('remembers unknown names for five seconds', async () => {
    const { cache, state, clock } = begin();
    expect(await cache.track('acme', 'nowhere')).toEqual(fail('not_found'));
    expect(await cache.track('acme', 'nowhere')).toEqual(fail('not_found'));
    expect(state.reads).toBe(1);
    clock.nowMs += 5_001;
    await cache.track('acme', 'nowhere');
    expect(state.reads).toBe(2);
  });

  it('answers from memory while the config service is away, for an hour and no longer', async () => {
    const { cache, state, clock } = begin();
    await cache.track('acme', '-');
    state.away = true;
    clock.nowMs += 3_599_000;
    expect((await cache.track('acme', '-')).ok).toBe(true);
    clock.nowMs += 2_000;
    expect(await cache.track('acme', '-')).toEqual(fail('unavailable'));
    expect(await cache.track('acme', 'other')).toEqual(fail('unavailable'));
  });

  it('holds no more tracks than its capacity', async () => {
    const { cache, change } = begin({ capacity: 2 });
    for (const track of ['a', 'b', 'c']) {
      change('acme', track);
      await cache.track('acme', track);
    }
    expect(cache.trackNow('acme', 'a')).toBeUndefined();
    expect(cache.trackNow('acme', 'c')).toBeDefined();
  });

  it('makes a derived value once per version', async () => {
    const { cache } = begin();
    const read = await cache.track('acme', '-');
    if (!read.ok) throw new Error(read.error);
    let made = 0;
    const make = (): number => (made += 1);
    expect([read.value.memo('x', make), read.value.memo('x', make)]).toEqual([1, 1]);
  });

  it('keeps what tracks have in common once, and gives nobody a way to change it for others', async () => {
    const settings = () => ({
      keys: { signing_algs: ['ES256'], rotation_interval: 7_776_000 },
      title: 'A long enough title',
    });
    const bus = {
      ask: async (_question: unknown, { track }: { track: string }) =>
        ok({
          version: 1,
          settings: JSON.parse(JSON.stringify(settings())) as object,
          up_parties: [],
          down_parties: [
            { name: 'app', redirect_uris: [`https://${track}.test/callback`], grant_types: ['refresh_token'] },
          ],
        }),
    } as unknown as Bus;
    const cache = new ConfigCache({ bus, nowMs: () => 0 });
    const [one, two] = await Promise.all([cache.track('acme', 'one'), cache.track('acme', 'two')]);
    if (!one.ok || !two.ok) throw new Error('not read');
    expect(one.value.settings).toEqual(settings());
    expect(one.value.settings).toBe(two.value.settings);
    const [app, other] = [one.value.downParties[0]!, two.value.downParties[0]!] as unknown as Record<
      string,
      string[]
    >[];
    expect(app).not.toBe(other);
    expect(app!['grant_types']).toBe(other!['grant_types']);
    expect(app!['redirect_uris']).toEqual(['https://one.test/callback']);
    expect(other!['redirect_uris']).toEqual(['https://two.test/callback']);
    expect(() => app!['grant_types']!.push('authorization_code')).toThrow(TypeError);
  });
});

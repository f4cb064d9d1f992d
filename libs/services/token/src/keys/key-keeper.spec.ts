import type { TrackView } from '@corsac/config-cache';
import { Sealer } from '@corsac/data';
import { fail, ok } from '@corsac/outcome';
import { silentLogger } from '@corsac/telemetry';
import { testMasterKeys } from '@corsac/testing';
import { KeyKeeper } from './key-keeper.js';
import type { DueClaim, KeyStore, TrackName } from './key-store.js';
import type { TrackKey } from './track-key.js';

const bothAlgs = {
  keys: {
    signing_algs: ['RS256', 'ES256'],
    default_signing_alg: 'ES256',
    rotation_interval: 7_776_000,
    publish_before_use: 86_400,
    keep_after_use: 86_400,
  },
};

/** Tracks that are due, and in which order keys came to them. */
const world = (tracks: readonly string[], before: readonly TrackKey[] = [], settings: object = bothAlgs) => {
  const keys = new Map(before.length > 0 ? tracks.map((track) => [track, [...before]]) : []);
  let due = tracks.map((track) => ({ track, at: 0 }));
  const order: string[] = [];
  const announced: string[] = [];
  const hastened: string[][] = [];
  const changes: number[] = [];
  const state = { away: new Set<string>(), claims: 0, onClaimed: async (): Promise<void> => undefined };
  const store = {
    read: async ({ track }: TrackName) => ({ keys: keys.get(track) ?? [], revision: 1 }),
    readAll: async (names: readonly TrackName[]) =>
      names.map(({ track }) => ({ keys: keys.get(track) ?? [], revision: 1 })),
    change: async (names: readonly TrackName[], decide: Parameters<KeyStore['change']>[1]) => {
      changes.push(names.length);
      return names.map(({ track }, at) => {
        const { add, due_at } = decide(keys.get(track) ?? [], at);
        keys.set(track, [...(keys.get(track) ?? []), ...add]);
        order.push(...add.map(({ alg }) => `${track} ${alg}`));
        if (due_at <= 1000) due.push({ track, at: due_at });
        return add.length > 0;
      });
    },
    hasten: async (names: readonly TrackName[]) => {
      hastened.push(names.map(({ track }) => track));
      due.push(...names.map(({ track }) => ({ track, at: 0 })));
    },
    claimDue: async ({ until: latest, limit }: DueClaim) => {
      const claimed = due.filter(({ at }) => at <= latest).slice(0, limit);
      due = due.filter((one) => !claimed.includes(one));
      state.claims += 1;
      await state.onClaimed();
      return claimed.map(({ track }) => ({ tenant: 'acme', track }));
    },
  } as unknown as KeyStore;
  const keeper = new KeyKeeper({
    store,
    ring: { forget: () => undefined },
    config: {
      track: async (_tenant: string, track: string) =>
        state.away.has(track) ? fail('unavailable' as const) : ok({ settings } as unknown as TrackView),
    },
    sealer: new Sealer(testMasterKeys()),
    nowMs: () => 1_000_000,
    announce: async ({ track }) => void announced.push(track),
    logger: silentLogger,
  });
  return { keeper, order, announced, hastened, changes, state, count: () => [...keys.values()].flat().length };
};

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
};

describe('keeping the keys of many tracks', () => {
  it('gives every new track the key that costs nothing before the first one gets an RSA key', async () => {
    const { keeper, order, count } = world(['a', 'b', 'c']);
    keeper.start();
    await until(() => count() === 6);
    await keeper.stop();
    expect(order).toEqual(['a ES256', 'b ES256', 'c ES256', 'a RS256', 'b RS256', 'c RS256']);
  });

  it('begins with a track that a request waits for', async () => {
    const { keeper, order, count } = world(['a', 'b']);
    keeper.hurry({ tenant: 'acme', track: 'z' });
    keeper.start();
    await until(() => count() === 6);
    await keeper.stop();
    expect(order.slice(0, 3)).toEqual(['z ES256', 'a ES256', 'b ES256']);
  });

  it('makes all keys at once where an algorithm is left as well', async () => {
    const left = { kid: 'k', alg: 'EdDSA', state: 'current', created: 0, current_from: 0 } as unknown as TrackKey;
    const { keeper, order, count } = world(['a'], [left]);
    keeper.start();
    await until(() => count() === 3);
    await keeper.stop();
    expect(order).toEqual(['a RS256', 'a ES256']);
  });

  it('makes the quick keys of hundreds of tracks in a few transactions, and tells nobody of keys that nobody can hold', async () => {
    const tracks = Array.from({ length: 200 }, (_, at) => `t${at}`);
    const { keeper, order, announced, changes, count } = world(tracks, [], {
      keys: { ...bothAlgs.keys, signing_algs: ['ES256'] },
    });
    keeper.start();
    await until(() => count() === 200);
    await keeper.stop();
    expect(changes).toEqual([32, 32, 32, 32, 32, 32, 8]);
    expect(order).toEqual(tracks.map((track) => `${track} ES256`));
    expect(announced).toEqual([]);
  });

  it('tells every replica of a key that comes to others', async () => {
    const { keeper, announced, count } = world(['a']);
    keeper.start();
    await until(() => count() === 2);
    await keeper.stop();
    expect(announced).toEqual(['a']);
  });

  it('makes keys that take long one track at a time, also where a track has no others', async () => {
    const { keeper, order, changes, count } = world(['a', 'b'], [], {
      keys: { ...bothAlgs.keys, signing_algs: ['RS256'] },
    });
    keeper.start();
    await until(() => count() === 2);
    await keeper.stop();
    expect(order).toEqual(['a RS256', 'b RS256']);
    expect(changes).toEqual([2, 1, 1]);
  });

  it('does what can be done where the configuration of a track is away, and comes back to that one', async () => {
    const { keeper, order, hastened, state, count } = world(['a', 'b', 'c'], [], {
      keys: { ...bothAlgs.keys, signing_algs: ['ES256'] },
    });
    state.away.add('b');
    keeper.start();
    await until(() => count() === 2 && hastened.length > 0);
    expect(order).toEqual(['a ES256', 'c ES256']);
    expect(hastened).toEqual([['b']]);
    state.away.clear();
    await until(() => count() === 3);
    await keeper.stop();
    expect(order).toEqual(['a ES256', 'c ES256', 'b ES256']);
  });

  it('looks once more when a track changes just after it has looked', async () => {
    const { keeper, order, state, count } = world([], [], { keys: { ...bothAlgs.keys, signing_algs: ['ES256'] } });
    state.onClaimed = async () => {
      if (state.claims === 2) await keeper.changed({ tenant: 'acme', track: 'late' });
    };
    keeper.start();
    await until(() => count() === 1);
    await keeper.stop();
    expect(order).toEqual(['late ES256']);
  });

  it('notes tracks that change in the same moment in one statement', async () => {
    const { keeper, hastened } = world([]);
    await Promise.all(['b', 'a', 'c'].map((track) => keeper.changed({ tenant: 'acme', track })));
    expect(hastened).toEqual([['a', 'b', 'c']]);
  });
});

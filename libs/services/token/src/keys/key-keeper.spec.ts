import type { TrackView } from '@corsac/config-cache';
import { Sealer } from '@corsac/data';
import { ok } from '@corsac/outcome';
import { silentLogger } from '@corsac/telemetry';
import { testMasterKeys } from '@corsac/testing';
import { KeyKeeper } from './key-keeper.js';
import type { KeyStore, TrackName } from './key-store.js';
import type { TrackKey } from './track-key.js';

const settings = {
  keys: {
    signing_algs: ['RS256', 'ES256'],
    default_signing_alg: 'ES256',
    rotation_interval: 7_776_000,
    publish_before_use: 86_400,
    keep_after_use: 86_400,
  },
};

/** Tracks that are due, and in which order keys came to them. */
const world = (tracks: readonly string[], before: readonly TrackKey[] = []) => {
  const keys = new Map(before.length > 0 ? tracks.map((track) => [track, [...before]]) : []);
  const due = [...tracks];
  const order: string[] = [];
  const store = {
    read: async ({ track }: TrackName) => ({ keys: keys.get(track) ?? [], revision: 1 }),
    change: async ({ track }: TrackName, decide: Parameters<KeyStore['change']>[1]) => {
      const { add, due_at } = decide(keys.get(track) ?? []);
      keys.set(track, [...(keys.get(track) ?? []), ...add]);
      order.push(...add.map(({ alg }) => `${track} ${alg}`));
      if (due_at <= 1000) due.push(track);
      return add.length > 0;
    },
    hasten: async () => undefined,
    claimDue: async ({ limit }: { limit: number }) => due.splice(0, limit).map((track) => ({ tenant: 'acme', track })),
  } as unknown as KeyStore;
  const keeper = new KeyKeeper({
    store,
    ring: { forget: () => undefined },
    config: { track: async () => ok({ settings } as unknown as TrackView) },
    sealer: new Sealer(testMasterKeys()),
    nowMs: () => 1_000_000,
    announce: async () => undefined,
    logger: silentLogger,
  });
  return { keeper, order, count: () => [...keys.values()].flat().length };
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
});

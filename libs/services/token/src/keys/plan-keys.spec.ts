import type { PublicJwk } from '@corsac/jwt';
import { planKeys, type KeyPlan, type RotationCommand } from './plan-keys.js';
import type { KeyRules, TrackKey } from './track-key.js';

const day = 86_400;
const rules: KeyRules = {
  signing_algs: ['RS256'],
  rotation_interval: 90 * day,
  publish_before_use: 7 * day,
  keep_after_use: 7 * day,
};
const start = 1_800_000_000;
const key = (parts: Partial<TrackKey> & Pick<TrackKey, 'kid' | 'state'>): TrackKey => ({
  alg: 'RS256',
  jwk: {} as PublicJwk,
  created: start,
  current_from: start,
  ...parts,
});
const current = key({ kid: 'a', state: 'current' });
const plan = (keys: TrackKey[], now: number, command?: RotationCommand, with_: Partial<KeyRules> = {}): KeyPlan =>
  planKeys(keys, { ...rules, ...with_ }, { now, ...(command && { command }) });

/** What the store does with a plan, so that rules about whole lives can be told. */
const apply = (keys: TrackKey[], { moves, missing }: KeyPlan, now: number): TrackKey[] => [
  ...keys.map((one) => {
    const move = moves.find(({ kid }) => kid === one.kid);
    return move ? { ...one, ...move, state: move.to } : one;
  }),
  ...missing.map(({ alg, state, current_from }, index) =>
    key({ kid: `${now}-${index}`, alg, state, current_from, created: now }),
  ),
];

describe('Schedule of keys', () => {
  it('asks for a key that signs at once where a track has none', () => {
    expect(plan([], start).missing).toEqual([{ alg: 'RS256', state: 'current', current_from: start }]);
  });

  it('asks for a key of every algorithm that the track has enabled', () => {
    const algs = plan([current], start, undefined, { signing_algs: ['RS256', 'ES256'] }).missing.map(({ alg }) => alg);
    expect(algs).toEqual(['ES256']);
  });

  it('leaves a young key alone and looks again when its successor must be published', () => {
    expect(plan([current], start + day)).toEqual({ moves: [], missing: [], due_at: start + 83 * day });
  });

  it('publishes the successor ahead of its use', () => {
    const { missing } = plan([current], start + 83 * day);
    expect(missing).toEqual([{ alg: 'RS256', state: 'next', current_from: start + 90 * day }]);
  });

  it('publishes a successor that is late for as long before it signs', () => {
    const { missing } = plan([current], start + 200 * day);
    expect(missing[0]?.current_from).toBe(start + 207 * day);
  });

  it('lets the next key sign when its time has come, and keeps the old one published', () => {
    const next = key({ kid: 'b', state: 'next', created: start + 83 * day, current_from: start + 90 * day });
    expect(plan([current, next], start + 90 * day - 1).moves).toEqual([]);
    expect(plan([current, next], start + 90 * day).moves).toEqual([
      { kid: 'b', to: 'current', current_from: start + 90 * day },
      { kid: 'a', to: 'previous', ends: start + 97 * day },
    ]);
  });

  it('retires a previous key when its last token has ended, not before', () => {
    const old = key({ kid: 'z', state: 'previous', ends: start + 5 });
    expect(plan([current, old], start + 4).moves).toEqual([]);
    expect(plan([current, old], start + 5).moves).toEqual([{ kid: 'z', to: 'retired' }]);
  });

  it('puts away the key of an algorithm that is switched off, still published', () => {
    const es256 = key({ kid: 'e', alg: 'ES256', state: 'current' });
    expect(plan([current, es256], start).moves).toEqual([{ kid: 'e', to: 'previous', ends: start + 7 * day }]);
  });

  it('never lets a key sign that was not published for the agreed time, over ten years', () => {
    let keys: TrackKey[] = [];
    for (let now = start, next = start; now < start + 3650 * day; now = next) {
      const made = plan(keys, now);
      for (const move of made.moves.filter(({ to }) => to === 'current')) {
        const { created = now } = keys.find(({ kid }) => kid === move.kid) ?? {};
        expect(now - created).toBeGreaterThanOrEqual(7 * day);
      }
      keys = apply(keys, made, now);
      expect(keys.filter(({ state }) => state === 'current')).toHaveLength(1);
      expect(keys.filter(({ state }) => state === 'next').length).toBeLessThanOrEqual(1);
      expect(made.due_at).toBeGreaterThan(now);
      next = made.due_at;
    }
    expect(keys.length).toBeGreaterThan(35);
  });

  it('has nothing more to do right after a plan was carried out', () => {
    const keys = apply([current], plan([current], start + 83 * day), start + 83 * day);
    const again = plan(keys, start + 83 * day);
    expect([again.moves, again.missing]).toEqual([[], []]);
  });
});

describe('Rotation on command', () => {
  const next = key({ kid: 'b', state: 'next', created: start, current_from: start + 90 * day });

  it('at once: the published next key signs now', () => {
    expect(plan([current, next], start + 10, { at_once: true }).moves.map(({ kid, to }) => [kid, to])).toEqual([
      ['b', 'current'],
      ['a', 'previous'],
    ]);
  });

  it('at once without a next key: one is asked for that takes the place of the current one', () => {
    const { missing, moves } = plan([current], start + 10, { at_once: true });
    expect(missing).toEqual([{ alg: 'RS256', state: 'current', current_from: start + 10 }]);
    expect(moves).toEqual([{ kid: 'a', to: 'previous', ends: start + 10 + 7 * day }]);
  });

  it('otherwise: a next key is made and signs when it has been published long enough', () => {
    expect(plan([current], start + 10, { at_once: false }).missing[0]?.current_from).toBe(start + 10 + 7 * day);
  });

  it('otherwise with a next key: it signs as early as its publication allows', () => {
    expect(plan([current, next], start + 10, { at_once: false }).moves).toEqual([
      { kid: 'b', to: 'next', current_from: start + 7 * day },
    ]);
  });

  it('touches only the algorithm that it names', () => {
    const es256 = key({ kid: 'e', alg: 'ES256', state: 'current' });
    const both = { signing_algs: ['RS256', 'ES256'] as const };
    const { missing } = plan([current, es256], start, { alg: 'ES256', at_once: true }, both);
    expect(missing.map(({ alg }) => alg)).toEqual(['ES256']);
  });
});

import type { Bus } from '@corsac/contracts';
import { fail, ok } from '@corsac/outcome';
import { TrackKeys } from './track-keys.js';

const place = { tenant: 'acme', track: '-' };
const keyOf = (alg: string) => ({ kid: alg, alg, state: 'current', jwk: {}, certificate: 'AAAA', created: 1 });

/** Track keys over a bus that gives these answers one after another, the last one again and again. */
const over = (...answers: (() => unknown)[]) => {
  const clock = { ms: 0 };
  let asked = 0;
  const ask = async () => {
    const answer = answers[Math.min(asked, answers.length - 1)];
    asked += 1;
    return answer?.();
  };
  const keys = new TrackKeys({ bus: { ask } as unknown as Bus, nowMs: () => clock.ms });
  const algs = async () => {
    const read = await keys.of(place, {});
    return read.ok ? read.value.map(({ alg }) => alg) : read.error;
  };
  return { clock, keys, algs, asked: () => asked };
};
const whole = () => ok({ keys: [keyOf('RS256'), keyOf('ES256')] });

describe('the certificates of a track', () => {
  it('are not to be had while they are made, and nothing is kept of that', async () => {
    const { algs } = over(() => fail({ refusal: 'key_not_ready' }), whole);
    expect(await algs()).toBe('unavailable');
    expect(await algs()).toEqual(['RS256', 'ES256']);
  });

  it('are kept for a minute, and until a notice', async () => {
    const { clock, keys, algs, asked } = over(whole);
    await algs();
    clock.ms = 59_999;
    await algs();
    expect(asked()).toBe(1);
    keys.forget(place);
    await algs();
    expect(asked()).toBe(2);
  });

  it('are looked at again soon where one kind of key is not there yet', async () => {
    const { clock, algs } = over(() => ok({ keys: [keyOf('ES256')] }), whole);
    expect(await algs()).toEqual(['ES256']);
    clock.ms = 1_999;
    expect(await algs()).toEqual(['ES256']);
    clock.ms = 2_000;
    expect(await algs()).toEqual(['RS256', 'ES256']);
  });

  it('are not kept when they changed while they were read', async () => {
    const world = over(() => (world.keys.forget(place), whole()), whole);
    await world.algs();
    await world.algs();
    await world.algs();
    expect(world.asked()).toBe(2);
  });
});

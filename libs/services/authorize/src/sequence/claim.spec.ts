import type { ConfigCache } from '@corsac/config-cache';
import { MemoryItemStore } from '@corsac/data';
import type { HttpRequest } from '@corsac/http';
import { Browser } from '../browser/browser.js';
import type { DownPartyKind } from '../down-party/down-party.js';
import { Dispatcher } from './dispatch.js';
import { Journey, type JourneyParts } from './journey.js';
import { SequenceStore } from './sequence-store.js';
import type { Frame } from './sequence.js';
import { goOn, overtaken, type NextStep } from './step.js';

const frame = (): Frame => ({
  track: '-',
  down: { party: 'shop', type: 'oidc', issuer: 'https://id.test/acme/-/shop', request: {} },
  login: { up_parties: ['login'], prompt: [], acr_values: [], mfa: false, ui_locales: [] },
  result: {
    ok: true,
    up_party: 'login',
    up_party_type: 'login',
    sub: 'u',
    claims: {},
    auth_time: 1,
    amr: ['pwd'],
    beneath: [],
  },
});

const view = { tenant: 'acme', track: '-', settings: { sequence_lifetime: 600, journey_retention: 0 } };
const config = {} as ConfigCache;
const request = { note: () => undefined } as unknown as HttpRequest;

/** A journey that is kept, and a way to take it up as each of several requests does. */
const begun = async () => {
  const clock = { now: 1_000 };
  const sequences = new SequenceStore(new MemoryItemStore({ now_ms: () => clock.now * 1000 }), () => clock.now);
  const parts: JourneyParts = { sequences, config, now: () => clock.now };
  const browser = new Browser('acme', 'http://localhost', new Map());
  const first = Journey.begin(parts, { browser, request }, { view: view as never, frame: frame() });
  await first.save();
  const again = async (): Promise<Journey> => {
    const journey = await Journey.resume(parts, { browser, request }, { view: view as never, id: first.sequence.id });
    if (typeof journey === 'string') throw new Error(journey);
    return journey;
  };
  return { again, clock };
};

const dispatcher = (answer: () => Promise<NextStep>): Dispatcher => {
  const kind: DownPartyKind = { type: 'oidc', answer };
  const choose = async (): Promise<NextStep> => goOn;
  const recorder = { record: () => undefined };
  return new Dispatcher({
    upParties: new Map(),
    downParties: new Map([['oidc', kind]]),
    recorder,
    choose,
    settle: choose,
  });
};

describe('a form that is sent more than once', () => {
  it('is gone on with once, also when all of its requests saw the same sequence', async () => {
    const { again } = await begun();
    const journeys = [await again(), await again(), await again()];
    expect(await Promise.all(journeys.map((journey) => journey.claim()))).toEqual([true, false, false]);
  });

  it('may be sent once more after what it led to has failed, and at last after five seconds', async () => {
    const { again, clock } = await begun();
    const failing = dispatcher(() => Promise.reject(new Error('broken')));
    const one = await again();
    expect(await one.claim()).toBe(true);
    await expect(failing.dispatch(one)).rejects.toThrow('broken');
    const next = await again();
    expect(await next.claim()).toBe(true);
    expect(await (await again()).claim()).toBe(false);
    clock.now += 4;
    expect(await (await again()).claim()).toBe(false);
    clock.now += 2;
    expect(await (await again()).claim()).toBe(true);
  });

  it('leaves the claim with whoever has it when another request fails', async () => {
    const { again } = await begun();
    const failing = dispatcher(() => Promise.reject(new Error('broken')));
    const [one, other] = [await again(), await again()];
    expect(await one.claim()).toBe(true);
    expect(await other.claim()).toBe(false);
    await expect(failing.dispatch(other)).rejects.toThrow('broken');
    expect(await (await again()).claim()).toBe(false);
  });

  it('is another form once the journey was written', async () => {
    const { again } = await begun();
    const one = await again();
    expect(await one.claim()).toBe(true);
    expect(await one.save()).toBe(true);
    expect(await (await again()).claim()).toBe(true);
  });

  it('has one answer, whoever claimed it', async () => {
    const { again, clock } = await begun();
    const answering = dispatcher(async () => ({ kind: 'redirect', url: 'https://app.test/', ends: true }));
    const one = await again();
    await one.claim();
    clock.now += 4;
    expect(await (await again()).claim()).toBe(false);
    clock.now += 2;
    const other = await again();
    expect(await other.claim()).toBe(true);
    expect(await answering.dispatch(one)).toMatchObject({ kind: 'redirect' });
    expect(await answering.dispatch(other)).toBe(overtaken);
  });
});

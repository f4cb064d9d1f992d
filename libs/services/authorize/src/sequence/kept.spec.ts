import type { ConfigCache } from '@corsac/config-cache';
import { MemoryItemStore } from '@corsac/data';
import type { HttpRequest } from '@corsac/http';
import { Browser } from '../browser/browser.js';
import { Dispatcher } from './dispatch.js';
import { Journey, type JourneyParts } from './journey.js';
import { SequenceStore } from './sequence-store.js';
import type { Frame } from './sequence.js';
import type { NextStep } from './step.js';

const view = { tenant: 'acme', track: '-', settings: { sequence_lifetime: 600, journey_retention: 0 } } as never;
const request = { note: () => undefined } as unknown as HttpRequest;
const page: NextStep = { kind: 'page', page: { html: 'password' } };
const end: NextStep = { kind: 'redirect', url: 'https://shop.test/?code=c', ends: true };

/** A store that has everything in its memory, and on its disk when the test says so. */
class SlowStore extends MemoryItemStore {
  written!: () => void;
  private readonly disk = new Promise<void>((resolve) => (this.written = resolve));
  override settled = (): Promise<void> => this.disk;
}

const begun = () => {
  const items = new SlowStore();
  const parts: JourneyParts = {
    sequences: new SequenceStore(items, () => 1000),
    config: {} as ConfigCache,
    now: () => 1000,
  };
  const browser = new Browser('acme', 'http://localhost', new Map());
  const frame: Frame = {
    track: '-',
    down: { party: 'shop', type: 'oidc', issuer: 'https://id.test/acme/-/shop', request: {} },
    login: { up_parties: ['login'], prompt: [], acr_values: [], mfa: false, ui_locales: [] },
  };
  const journey = Journey.begin(parts, { browser, request }, { view, frame });
  const resume = async (): Promise<Journey> => {
    const found = await Journey.resume(parts, { browser, request }, { view, id: journey.sequence.id });
    if (typeof found === 'string') throw new Error(found);
    return found;
  };
  return { items, journey, resume };
};

const dispatching = (journey: Journey, step: NextStep): ReturnType<Dispatcher['dispatch']> => {
  const choose = async (): Promise<NextStep> => step;
  const recorder = { record: () => undefined };
  return new Dispatcher({ upParties: new Map(), downParties: new Map(), recorder, choose, settle: choose }).dispatch(
    journey,
  );
};

const whoEndsFirst = <T>(work: Promise<T>): Promise<T | 'waits'> =>
  Promise.race([work, new Promise<'waits'>((resolve) => setImmediate(() => resolve('waits')))]);

describe('what a journey changed', () => {
  it('is not waited for before its first page', async () => {
    const { journey } = begun();
    expect(await whoEndsFirst(dispatching(journey, page))).toBe(page);
  });

  it('is kept before a later page leaves, and before an answer leaves', async () => {
    const { items, journey, resume } = begun();
    await journey.save();
    const later = dispatching(await resume(), page);
    expect(await whoEndsFirst(later)).toBe('waits');
    const answer = dispatching(await resume(), end);
    expect(await whoEndsFirst(answer)).toBe('waits');
    items.written();
    expect(await Promise.all([later, answer])).toEqual([page, end]);
  });

  it('is kept before an answer leaves also when the journey begins and ends with one request', async () => {
    const { items, journey } = begun();
    const answer = dispatching(journey, end);
    expect(await whoEndsFirst(answer)).toBe('waits');
    items.written();
    expect(await answer).toBe(end);
  });

  it('is kept before something is done that cannot be done twice', async () => {
    const { items, journey, resume } = begun();
    await journey.save();
    const kept = (await resume()).keep();
    expect(await whoEndsFirst(kept)).toBe('waits');
    items.written();
    expect(await kept).toBe(true);
  });
});

import type { SessionToStart } from '@corsac/contracts';
import { MemoryItemStore, StoreUnavailable, type ItemStore } from '@corsac/data';
import { SessionStore } from './session-store.js';
import { StartSession } from './start.js';

const now = (): number => 1_800_000_000;
const part = (sub: string, up_party = 'login'): SessionToStart => ({
  ...{ track: '-', up_party, up_party_type: 'login', sub, claims: { sub }, auth_time: now(), amr: ['pwd'] },
  lifetimes: {
    session_lifetime: 36_000,
    session_absolute_lifetime: 86_400,
    persistent_session_absolute_lifetime: 0,
    persistent_session_lifetime_unlimited: false,
  },
  single_logout: true,
  reached: { party: 'shop', type: 'oidc', issuer: 'https://id.test/acme/-/shop', sub },
});

/** A store that fails at the nth change of what is kept, and does those that go beside it. */
const world = () => {
  const failing = { at: Infinity };
  const kept = new MemoryItemStore({ now_ms: () => now() * 1000 });
  const changing = ['put', 'remove', 'replace', 'addToIndex', 'schedule'];
  const items = new Proxy<ItemStore>(kept, {
    get: (target, verb: keyof ItemStore) => {
      const own = (...values: unknown[]) => (target[verb] as (...all: unknown[]) => unknown).apply(target, values);
      if (!changing.includes(verb)) return own;
      return (...values: unknown[]) =>
        (failing.at -= 1) === 0 ? Promise.reject(new StoreUnavailable('store', 'test')) : own(...values);
    },
  });
  const store = new SessionStore(items, now);
  const ending = { fails: false };
  const start = new StartSession(store, now, async () => {
    if (ending.fails) throw new Error('the configuration is away');
  });
  const signIn = (sub: string, next_browser_id: string, more: { browser_id?: string; up_party?: string } = {}) => {
    const { up_party, ...browser } = more;
    return start.start({ tenant: 'acme', next_browser_id, chain: [part(sub, up_party)], ...browser });
  };
  const seenBy = async (cookie: string) =>
    (await store.browser('acme', cookie))?.sessions.map(({ session }) => `${session.up_party} ${session.sub}`).sort();
  return { failing, ending, signIn, seenBy };
};

describe('A sign-in of a browser that has sessions already', () => {
  it('gives it a new cookie, and the one of before is worth nothing', async () => {
    const { signIn, seenBy } = world();
    await signIn('ada', 'first');
    await signIn('eve', 'second', { browser_id: 'first', up_party: 'partner' });
    expect([await seenBy('first'), await seenBy('second')]).toEqual([undefined, ['login ada', 'partner eve']]);
  });

  it('leaves it the sessions that it had, whatever write the store fails at', async () => {
    for (let at = 1; ; at += 1) {
      const { failing, signIn, seenBy } = world();
      await signIn('ada', 'first');
      failing.at = at;
      const outcome = await signIn('eve', 'second', { browser_id: 'first', up_party: 'partner' }).catch(() => 'failed');
      if (outcome !== 'failed') {
        expect(at).toBeGreaterThan(3);
        return;
      }
      expect([at, await seenBy('first')]).toEqual([at, ['login ada']]);
    }
  });

  it('leaves it its cookie when the session of somebody else could not be ended', async () => {
    const { ending, signIn, seenBy } = world();
    await signIn('ada', 'first');
    ending.fails = true;
    await expect(signIn('eve', 'second', { browser_id: 'first' })).rejects.toThrow('away');
    expect(await seenBy('first')).toEqual(['login ada']);
  });
});

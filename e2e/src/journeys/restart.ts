import { Browser } from '../browser/browser.js';
import { ada } from '../party/relying-party.js';
import type { World } from '../world/world.js';
import { shopOf } from './sign-in.js';

/** A service that was away for long answers 503 until it has caught up, which takes five seconds at most. */
const withinFiveSeconds = async <T>(work: () => Promise<T>): Promise<T> => {
  const until = Date.now() + 5_000;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
};

/** Whatever dies in the middle of a journey: afterwards it goes on, or ends in words that a person can act on. */
export const restartJourneys = (of: () => World): void => {
  describe('a service that dies in the middle of a journey', () => {
    it.each(['authorize', 'token', 'session', 'config'] as const)(
      '%s: the journey goes on after its restart',
      async (service) => {
        const browser = new Browser(of().base);
        const shop = await shopOf(of());
        const begun = await shop.begin();
        const first = await browser.open(begun.url);
        const second = await browser.submit(first, { username: ada.username });
        await of().restart(service);
        const back = await browser.submit(second, { password: ada.password });
        expect(back.url).toContain('code=');
        const tokens = await shop.redeem(back.url, begun);
        expect(tokens.claims()?.sub).toEqual(expect.any(String));
        await of().restart(service);
        const user = await withinFiveSeconds(() => shop.userInfo(tokens.access_token, tokens.claims()!.sub));
        expect(user.sub).toBe(tokens.claims()?.sub);
        expect((await shop.signInSilently(browser)).claims['sid']).toBe(tokens.claims()?.['sid']);
      },
      120_000,
    );
  });
};

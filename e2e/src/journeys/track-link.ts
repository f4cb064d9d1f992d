import { Browser } from '../browser/browser.js';
import { ada, signInOnPages } from '../party/relying-party.js';
import type { World } from '../world/world.js';
import { shopOf } from './sign-in.js';

/** A user of the partner track signs in to an application of the production track, by the link between them. */
export const trackLinkJourneys = (of: () => World): void => {
  describe('a track link', () => {
    it('signs in through the linked track with no more browser requests than a direct sign-in', async () => {
      const direct = new Browser(of().base);
      await (await shopOf(of(), '(login)')).signIn(direct);
      const linked = new Browser(of().base);
      const { claims } = await (await shopOf(of(), '(partner-connection)')).signIn(linked);
      expect(claims['email']).toBe(ada.username);
      expect(claims['up_party']).toBe('partner-connection');
      expect(linked.requests).toHaveLength(direct.requests.length);
    });

    it('shows the error of a linked track to the application', async () => {
      const shop = await shopOf(of(), '(partner-connection)');
      const begun = await shop.begin({ prompt: 'none' });
      const page = await new Browser(of().base).open(begun.url);
      expect(new URL(page.url).searchParams.get('error')).toBe('login_required');
    });

    it('ends both tracks at a logout of one', async () => {
      const browser = new Browser(of().base);
      const shop = await shopOf(of(), '(partner-connection)');
      const { tokens } = await shop.signIn(browser);
      const frames = await browser.open(
        shop.endSessionUrl({ id_token_hint: tokens.id_token!, post_logout_redirect_uri: `${of().shop}/` }),
      );
      expect((await browser.submit(frames)).url).toBe(`${of().shop}/`);
      const again = await browser.open((await shop.begin()).url);
      expect(again.status).toBe(200);
      expect((await signInOnPages(browser, again)).url).toContain('code=');
    });
  });
};

import { decodeJwt } from 'jose';
import { Browser, type Page } from '../../browser/browser.js';
import { signInOnPages } from '../../party/relying-party.js';
import type { OwnWorld } from '../../world/world.js';
import { gadgetUser, Television } from '../gadgets.js';

/** A person lets a device in that shows a code. RFC 8628. */
export const deviceJourneys = (of: () => OwnWorld): void => {
  const begun = async (): Promise<{ tv: Television; browser: Browser }> => {
    const tv = new Television(of());
    await tv.begin();
    return { tv, browser: new Browser(of().base) };
  };
  /** Types the code as the television shows it, and signs in. */
  const untilAsked = async (browser: Browser, tv: Television): Promise<Page> => {
    const page = await browser.open(tv.codes.verification_uri);
    return signInOnPages(browser, await browser.submit(page, { user_code: tv.codes.user_code }), gadgetUser('ada'));
  };

  describe('a device that shows a code, RFC 8628', () => {
    it('is told the addresses and how long it has', async () => {
      const { tv } = await begun();
      expect(tv.codes).toMatchObject({
        verification_uri: `${of().base}/gadgets/-/device`,
        verification_uri_complete: `${of().base}/gadgets/-/device?user_code=${tv.codes.user_code}`,
        expires_in: 600,
        interval: 5,
      });
      expect(tv.codes.user_code).toMatch(/^[A-Z]{4}-[A-Z]{4}$/);
      expect(await tv.poll()).toMatchObject({ status: 400, error: 'authorization_pending' });
      expect(await tv.poll()).toMatchObject({ status: 400, error: 'slow_down' });
    });

    it('gets tokens when the person has typed the code, signed in and allowed it, once', async () => {
      const { tv, browser } = await begun();
      const asked = await untilAsked(browser, tv);
      expect(asked.html).toContain('Television');
      const done = await browser.submit(asked, {}, 'consent');
      expect(done.html).toContain('Your device is connected');
      const tokens = await tv.poll();
      expect(tokens).toMatchObject({ status: 200, token_type: 'Bearer', refresh_token: expect.any(String) as string });
      expect(decodeJwt(String(tokens['id_token']))).toMatchObject({ aud: 'tv', email: 'ada@example.com', name: 'Ada' });
      expect(await tv.poll()).toMatchObject({ status: 400, error: 'invalid_grant' });
      expect(await tv.refresh(String(tokens['refresh_token']))).toMatchObject({ status: 200 });
      // The code is worth nothing from here on.
      const again = await browser.open(tv.codes.verification_uri);
      expect((await browser.submit(again, { user_code: tv.codes.user_code })).html).toContain(
        'The code is wrong or too old.',
      );
    });

    it('takes the code however it is typed, and out of the address only after a look', async () => {
      const { tv, browser } = await begun();
      const page = await browser.open(tv.codes.verification_uri_complete);
      expect(page.html).toContain('Is this the code that your device shows?');
      expect(await tv.poll()).toMatchObject({ error: 'authorization_pending' });
      const typed = tv.codes.user_code.toLowerCase().replace('-', ' ');
      const first = await browser.submit(page, { user_code: typed });
      const asked = await signInOnPages(browser, first, gadgetUser('ada'));
      await browser.submit(asked, {}, 'consent');
      await new Promise((resolve) => setTimeout(resolve, 5100));
      expect(await tv.poll()).toMatchObject({ status: 200 });
    });

    it('is told when the person does not allow it', async () => {
      const { tv, browser } = await begun();
      const done = await browser.submit(await untilAsked(browser, tv), {}, 'consent_deny');
      expect(done.html).toContain('Your device is not connected');
      expect(await tv.poll()).toMatchObject({ status: 400, error: 'access_denied' });
    });

    it('loses its access when the person signs out', async () => {
      const { tv, browser } = await begun();
      await browser.submit(await untilAsked(browser, tv), {}, 'consent');
      const tokens = await tv.poll();
      const hint = String(tokens['id_token']);
      await browser.open(`/gadgets/-/tv/oauth/endsession?id_token_hint=${hint}&client_id=tv`);
      let left = 200;
      for (let tries = 0; tries < 50 && left === 200; tries += 1) {
        const headers = { authorization: `Bearer ${String(tokens['access_token'])}` };
        left = (await fetch(`${of().base}/gadgets/-/tv/oauth/userinfo`, { headers })).status;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      expect(left).toBe(401);
    });

    it('gets nothing by a code that is wrong, and by another client’s name', async () => {
      const { tv, browser } = await begun();
      const wrong = await browser.submit(await browser.open(tv.codes.verification_uri), { user_code: 'BBBB-BBBB' });
      expect(wrong.html).toContain('The code is wrong or too old.');
      const answer = await fetch(`${of().base}/gadgets/-/vault/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
          client_id: 'vault',
          device_code: tv.codes.device_code,
        }),
      });
      expect(await answer.json()).toMatchObject({ error: 'unauthorized_client' });
    });
  });
};

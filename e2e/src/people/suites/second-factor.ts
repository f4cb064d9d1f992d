import { Browser, type Page } from '../../browser/browser.js';
import { signInOnPages, type Begun, type RelyingParty } from '../../party/relying-party.js';
import type { OwnWorld } from '../../world/world.js';
import { AuthenticatorApp, step } from '../authenticator-app.js';
import { gadgetUser, vaultOf } from '../gadgets.js';

const now = (): number => Math.floor(Date.now() / 1000);

interface Asked {
  readonly browser: Browser;
  readonly vault: RelyingParty;
  readonly begun: Begun;
  /** After the password. */
  readonly page: Page;
}

/** A person with an authenticator app, from the first code to the recovery code. RFC 6238. */
export const secondFactorJourneys = (of: () => OwnWorld): void => {
  const signIn = async (parameters: Record<string, string> = { acr_values: 'mfa' }): Promise<Asked> => {
    const browser = new Browser(of().base);
    const vault = await vaultOf(of());
    const begun = await vault.begin(parameters);
    const page = await signInOnPages(browser, await browser.open(begun.url), gadgetUser('bob'));
    return { browser, vault, begun, page };
  };
  const claimsOf = async ({ vault, begun }: Asked, back: Page) => (await vault.redeem(back.url, begun)).claims();

  describe('two-step sign-in, RFC 6238', () => {
    let app: AuthenticatorApp;
    /** When the code was made that enrolled the app. */
    let enrolledAt: number;
    let codes: string[];

    it('is set up when the application asks for it, which the ID token says', async () => {
      const asked = await signIn();
      expect(asked.page.html).toContain('Set up two-step sign-in');
      app = AuthenticatorApp.from(asked.page.html);
      const wrong = await asked.browser.submit(asked.page, { code: '000000' });
      expect(wrong.html).toContain('The code is wrong or too old.');
      enrolledAt = now();
      const shown = await asked.browser.submit(wrong, { code: app.code(enrolledAt) });
      codes = [...shown.html.matchAll(/<li><code>([^<]+)/g)].map(([, code = '']) => code);
      expect(new Set(codes).size).toBe(10);
      const claims = await claimsOf(asked, await asked.browser.submit(shown));
      expect(claims).toMatchObject({ acr: 'mfa', amr: expect.arrayContaining(['pwd', 'otp', 'mfa']) as string[] });
    });

    it('asks for a code then, takes the one that was used no second time, and the next one', async () => {
      const asked = await signIn();
      expect(asked.page.html).toContain('Enter the code that your authenticator app shows.');
      const replayed = await asked.browser.submit(asked.page, { code: app.code(enrolledAt) });
      expect(replayed.html).toContain('The code is wrong or too old.');
      const next = app.code(Math.max(now(), enrolledAt + step));
      const claims = await claimsOf(asked, await asked.browser.submit(replayed, { code: next }));
      expect(claims).toMatchObject({ email: 'bob@example.com', acr: 'mfa' });
      const again = await signIn();
      expect((await again.browser.submit(again.page, { code: next })).html).toContain('The code is wrong or too old.');
    });

    it('takes a recovery code instead of the app, once', async () => {
      const [recovery = ''] = codes;
      const asked = await signIn();
      const form = await asked.browser.submit(asked.page, {}, 'use_recovery');
      const claims = await claimsOf(asked, await asked.browser.submit(form, { code: recovery }));
      expect(claims).toMatchObject({ acr: 'mfa' });
      const again = await signIn();
      const second = await again.browser.submit(again.page, {}, 'use_recovery');
      expect((await again.browser.submit(second, { code: recovery })).html).toContain('The code is wrong or too old.');
    });

    it('is not asked of anybody when the application does not want it', async () => {
      const asked = await signIn({});
      const claims = await claimsOf(asked, asked.page);
      expect(claims?.['amr']).toEqual(['pwd']);
      expect(claims?.['acr']).not.toBe('mfa');
    });
  });
};

import { describeWith } from '@corsac/testing/backing';
import type { TestBrowser, TestForm } from '../fixtures/test-browser.js';
import { signIn, track, World } from '../fixtures/world.js';

describeWith('postgres', (databaseUrl) => {
  let world: World;

  beforeAll(async () => {
    world = await World.start(databaseUrl, { 'acme/-': track() });
    await world.addUser({ user_id: 'ada', email: 'ada@example.com' });
  }, 120_000);

  afterAll(async () => world?.stop());

  /** The question's form, and where it goes. */
  const ask = async (browser: TestBrowser): Promise<TestForm & { path: string }> => {
    const { forms } = await browser.open('/acme/-/shop(login)/oauth/endsession?client_id=shop');
    if (!forms[0]) throw new Error('nobody asks');
    return { ...forms[0], path: new URL(forms[0].action).pathname };
  };
  const signedIn = async (): Promise<TestBrowser> => {
    const browser = world.browser();
    await signIn(browser);
    return browser;
  };

  describe('the question whether to sign out', () => {
    it('takes no answer without its anti-forgery value, or with that of another logout', async () => {
      const browser = await signedIn();
      const [{ path, fields }, other] = [await ask(browser), await ask(browser)];
      const forged: Record<string, string>[] = [
        {},
        { form_token: '' },
        { form_token: 'x' },
        { form_token: other.fields['form_token'] ?? '' },
      ];
      for (const token of forged)
        for (const answer of [{}, { answer: 'stay' }] as Record<string, string>[])
          expect((await browser.post(path, { ...token, ...answer })).status).toBe(403);
      expect((await browser.open(path)).html).toContain('value="stay"');
      expect((await browser.post(path, fields)).html).not.toContain('value="stay"');
      expect((await browser.open(path)).status).toBe(400);
    });

    it('does not exist for another browser', async () => {
      const browser = await signedIn();
      const { path, fields } = await ask(browser);
      const thief = await signedIn();
      expect((await thief.open(path)).status).toBe(400);
      expect((await thief.post(path, fields)).status).toBe(400);
      expect((await browser.open(path)).html).toContain('value="stay"');
    });
  });
});

import * as client from 'openid-client';
import { Browser } from '../browser/browser.js';
import { Chromium } from '../browser/chromium.js';
import { journeys } from '../journeys/journeys.js';
import { shopOf } from '../journeys/sign-in.js';
import { ada } from '../party/relying-party.js';
import { startSample } from '../samples/sample.js';
import type { World } from '../world/world.js';
import { composeWorld, containersOf, kill, revive } from './compose-world.js';

jest.setTimeout(60_000);

describe('journeys, in containers', () => journeys(composeWorld));

describe('the shop, in front of containers', () => {
  let world: World;
  let chromium: Chromium;
  let stopShop: () => void;
  beforeAll(async () => {
    world = await composeWorld();
    stopShop = await startSample('web', world.shop, world);
    chromium = await Chromium.start();
  });
  afterAll(async () => {
    await chromium?.stop();
    stopShop?.();
    await world?.stop();
  });

  it.each(['phone', 'desktop'] as const)(
    'is signed in to, shows its tokens, and hears of the logout by both channels, on a %s',
    async (screen) => {
      const { page, errors } = await chromium.newPage(screen);
      await page.goto(world.shop);
      await page.click('text="Log in"');
      await page.fill('input[name=username]', ada.username);
      await page.click('button[type=submit]');
      await page.fill('input[name=password]', ada.password);
      await page.click('button[type=submit]');
      await page.waitForURL(`${world.shop}/`);
      expect(await page.textContent('h1')).toBe('Hello Ada Lovelace');
      expect(await page.textContent('body')).toContain(`${world.base}/acme/-/shop`);
      await page.click('text="Log out everywhere"');
      await page.waitForURL(`${world.shop}/`);
      // The back channel is on its way while the page is shown.
      for (let tries = 0; tries < 50; tries += 1) {
        if (/back channel/.test((await page.textContent('body')) ?? '')) break;
        await new Promise((resolve) => setTimeout(resolve, 200));
        await page.reload();
      }
      const text = (await page.textContent('body')) ?? '';
      expect(text).toContain('You are not logged in.');
      expect(text).toMatch(/front channel: session/);
      expect(text).toMatch(/back channel: /);
      expect(errors).toEqual([]);
      await chromium.closePages();
    },
    60_000,
  );
});

describe('two replicas, in containers', () => {
  let world: World;
  beforeAll(async () => {
    world = await composeWorld();
  });
  afterAll(() => world.stop());

  it.each(['authorize', 'token', 'session', 'config'] as const)(
    'users sign in, refresh and sign out while one %s is dead',
    async (service) => {
      const containers = await containersOf(service);
      expect(containers.length).toBeGreaterThan(1);
      await kill(containers[0]!);
      try {
        const browser = new Browser(world.base);
        const shop = await shopOf(world);
        const { tokens, claims } = await shop.signIn(browser, { scope: 'openid offline_access' });
        expect((await shop.userInfo(tokens.access_token, claims.sub)).sub).toBe(claims.sub);
        const fresh = await client.refreshTokenGrant(shop.configuration, tokens.refresh_token!);
        expect(fresh.refresh_token).not.toBe(tokens.refresh_token);
        const page = await browser.open(shop.endSessionUrl({ id_token_hint: tokens.id_token! }));
        expect(page.status).toBe(200);
        expect((await browser.open((await shop.begin({ prompt: 'none' })).url)).url).toContain('error=login_required');
      } finally {
        await revive(containers[0]!);
      }
    },
    120_000,
  );

  it.each(['/health/ready', '/health/live', '/metrics', '/outbox'])('the ingress hides %s', async (path) => {
    expect((await fetch(`${world.base}${path}`)).status).toBe(404);
  });

  it.each(['/control/', '/api/acme/-/', '/acme/-/account', '/acme/-/device'])(
    '%s is answered by a service, not by the ingress',
    async (path) => {
      const answer = await fetch(`${world.base}${path}`);
      expect(answer.status).toBeLessThan(500);
      expect(await answer.text()).not.toContain('<center>nginx');
    },
  );
});

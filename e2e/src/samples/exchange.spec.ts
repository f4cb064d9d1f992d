import { describeWithInstalled, freePort } from '@corsac/testing/backing';
import type { Page } from 'playwright-core';
import { Chromium, chromiumPath, hurdlesOf, type Screen } from '../browser/chromium.js';
import { ada } from '../party/relying-party.js';
import { embeddedWorld, type World } from '../world/world.js';
import { startSample } from './sample.js';

jest.setTimeout(90_000);

const freeAddress = async (): Promise<string> => `http://localhost:${await freePort()}`;

describeWithInstalled('chromium', [chromiumPath], () => {
  let world: World;
  let chromium: Chromium;
  let legacy: string;
  const stops: (() => void)[] = [];

  beforeAll(async () => {
    legacy = await freeAddress();
    const addresses = { ORDERS_URL: await freeAddress(), BILLING_URL: await freeAddress() };
    world = await embeddedWorld({ 'http://localhost:4414': legacy });
    stops.push(await startSample('web', world.shop, world, addresses));
    stops.push(await startSample('orders', addresses.ORDERS_URL, world, addresses));
    stops.push(await startSample('billing', addresses.BILLING_URL, world));
    stops.push(await startSample('legacy', legacy, world));
    chromium = await Chromium.start();
  });
  afterAll(async () => {
    await chromium?.stop();
    for (const stop of stops) stop();
    await world?.stop();
  });
  afterEach(() => chromium.closePages());

  const signIn = async (page: Page): Promise<void> => {
    await page.fill('input[name=username]', ada.username);
    await page.click('button[type=submit]');
    await page.fill('input[name=password]', ada.password);
    await page.click('button[type=submit]');
  };

  describe.each<Screen>(['phone', 'desktop'])('token exchange, clicked through on a %s', (screen) => {
    it('the SAML application exchanges its assertion at a button, and shows the claims', async () => {
      const { page, errors } = await chromium.newPage(screen);
      const hurdles: string[] = [];
      await page.goto(legacy);
      hurdles.push(...(await hurdlesOf(page, 'legacy-1-welcome')));
      await page.click('text="Log in by SAML 2.0"');
      await signIn(page);
      await page.waitForURL(`${legacy}/`);
      hurdles.push(...(await hurdlesOf(page, 'legacy-2-signed-in')));
      await page.click('text="Exchange the assertion for an access token"');
      await page.waitForSelector('text="The assertion was exchanged"');
      hurdles.push(...(await hurdlesOf(page, 'legacy-3-exchanged')));
      const claims = JSON.parse((await page.textContent('pre')) ?? '') as Record<string, unknown>;
      expect(claims).toMatchObject({
        iss: `${world.base}/acme/legacy`,
        aud: 'legacy-api',
        scope: 'legacy-api.read',
        email: ada.username,
        name: 'Ada Lovelace',
        act: { sub: 'c_legacy-exchange' },
      });
      expect(claims['sub']).toMatch(/^legacy-app-trust\|/);
      await page.click('text="Back"');
      await page.click('text="Log out"');
      await page.waitForSelector('text="You are not logged in."');
      expect({ hurdles, errors }).toEqual({ hurdles: [], errors: [] });
    });

    it('the web application exchanges its access token for a narrower one, and orders exchanges for billing', async () => {
      const { page, errors } = await chromium.newPage(screen);
      const hurdles: string[] = [];
      await page.goto(world.shop);
      await page.click('text="Log in"');
      await signIn(page);
      await page.waitForURL(`${world.shop}/`);
      hurdles.push(...(await hurdlesOf(page, 'web-1-signed-in')));
      await page.click('text="Exchange the access token"');
      await page.waitForSelector('text="The access token was exchanged"');
      hurdles.push(...(await hurdlesOf(page, 'web-2-exchanged')));
      const [, claims] = JSON.parse((await page.textContent('pre')) ?? '') as Record<string, unknown>[];
      expect(claims).toMatchObject({ aud: 'orders', scope: 'orders.read', act: { sub: 'c_shop' } });
      await page.click('text="Back"');
      await page.click('text="Call the orders API"');
      await page.waitForSelector('text="The API answered 200"');
      hurdles.push(...(await hurdlesOf(page, 'web-3-orders')));
      expect(await page.textContent('pre')).toContain('"acting": [');
      expect({ hurdles, errors }).toEqual({ hurdles: [], errors: [] });
    });
  });
});

import { existsSync } from 'node:fs';
import { freePort } from '@corsac/testing/backing';
import { source as axeSource } from 'axe-core';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { chromiumPath } from '../browser/chromium.js';
import { ada } from '../party/relying-party.js';
import { embeddedWorld, type World } from '../world/world.js';
import { startSample } from './sample.js';

jest.setTimeout(90_000);

const executablePath = existsSync(chromiumPath) ? chromiumPath : undefined;
const describeWithBrowser = executablePath ? describe : describe.skip;

const phone = { width: 390, height: 844 };
const desktop = { width: 1280, height: 800 };

describeWithBrowser('samples in a browser (needs Chromium, CHROMIUM names it)', () => {
  let world: World;
  let browser: Browser;
  let spa: string;
  const stops: (() => void)[] = [];

  beforeAll(async () => {
    const [spaPort, ordersPort, billingPort] = [await freePort(), await freePort(), await freePort()];
    spa = `http://localhost:${spaPort}`;
    const addresses = {
      SPA_URL: spa,
      ORDERS_URL: `http://localhost:${ordersPort}`,
      BILLING_URL: `http://localhost:${billingPort}`,
    };
    world = await embeddedWorld({ 'http://localhost:4411': spa });
    stops.push(await startSample('web', world.shop, world, addresses));
    stops.push(await startSample('spa', spa, world, addresses));
    stops.push(await startSample('orders', addresses.ORDERS_URL, world, addresses));
    stops.push(await startSample('billing', addresses.BILLING_URL, world));
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser?.close();
    for (const stop of stops) stop();
    await world?.stop();
  });

  const contexts: BrowserContext[] = [];
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
  });

  /** A new browser profile; what it complains of is kept. */
  const newPage = async (
    viewport: typeof phone,
    javaScriptEnabled = true,
  ): Promise<{ page: Page; errors: string[] }> => {
    const context = await browser.newContext({ viewport, javaScriptEnabled });
    contexts.push(context);
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    page.on('pageerror', (error) => errors.push(error.message));
    return { page, errors };
  };

  const signIn = async (page: Page): Promise<void> => {
    await page.fill('input[name=username]', ada.username);
    await page.click('button[type=submit]');
    await page.fill('input[name=password]', ada.password);
    await page.click('button[type=submit]');
  };

  const isWiderThanTheScreen = (page: Page): Promise<boolean> =>
    page.evaluate('document.documentElement.scrollWidth > window.innerWidth');

  /** What axe calls serious or critical. */
  const hurdles = async (page: Page): Promise<string[]> => {
    await page.evaluate(axeSource);
    const { violations } = await page.evaluate<{ violations: { id: string; impact: string }[] }>('axe.run()');
    return violations.filter(({ impact }) => /serious|critical/.test(impact)).map(({ id }) => `${page.url()}: ${id}`);
  };

  it.each([
    ['a phone', phone],
    ['a desktop', desktop],
  ])('signs in to the shop without script on %s', async (_what, viewport) => {
    const { page, errors } = await newPage(viewport, false);
    await page.goto(world.shop);
    await page.click('text="Log in"');
    await signIn(page);
    await page.waitForURL(`${world.shop}/`);
    expect(await page.textContent('h1')).toBe('Hello Ada Lovelace');
    expect(errors).toEqual([]);
  });

  it.each([
    ['a phone', phone],
    ['a desktop', desktop],
  ])('signs out of the shop everywhere on %s, and the shop hears of it', async (_what, viewport) => {
    const { page, errors } = await newPage(viewport);
    await page.goto(world.shop);
    await page.click('text="Log in"');
    expect(await isWiderThanTheScreen(page)).toBe(false);
    await signIn(page);
    await page.waitForURL(`${world.shop}/`);
    await page.click('text="Log out everywhere"');
    await page.waitForURL(`${world.shop}/`);
    const text = (await page.textContent('body')) ?? '';
    expect(text).toContain('You are not logged in.');
    expect(text).toMatch(/front channel: session/);
    await page.click('text="Log in"');
    expect(await page.locator('input[name=username]').count()).toBe(1);
    expect(errors).toEqual([]);
  });

  it.each([
    ['a phone', phone],
    ['a desktop', desktop],
  ])(
    'an application in the browser signs in with oidc-client-ts, calls the API and signs out on %s',
    async (_what, viewport) => {
      const { page, errors } = await newPage(viewport);
      await page.goto(spa);
      await page.click('#login');
      await signIn(page);
      await page.waitForSelector('text="Hello Ada Lovelace"');
      expect(page.url()).toBe(`${spa}/`);
      await page.click('#userinfo');
      await page.waitForSelector('text="User info answered 200"');
      expect(await page.textContent('#answer-text')).toContain(ada.username);
      await page.click('#orders');
      await page.waitForSelector('text="The orders API answered 200"');
      expect(await page.textContent('#answer-text')).toContain('c_orders');
      expect(await hurdles(page)).toEqual([]);
      await page.click('#logout');
      await page.waitForSelector('text="You are not logged in."');
      expect(page.url()).toBe(`${spa}/`);
      expect(errors).toEqual([]);
    },
  );

  it('renews its tokens in the browser with oidc-client-ts by the refresh token, and calls the API with the new one', async () => {
    const { page, errors } = await newPage(desktop);
    const grants: (string | null)[] = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/oauth/token'))
        grants.push(new URLSearchParams(request.postData() ?? '').get('grant_type'));
    });
    const tokens = (): Promise<{ access_token: string; refresh_token: string; id_token: string }> =>
      page.evaluate(`JSON.parse(sessionStorage.getItem('oidc.user:${world.base}/acme/-/spa(login):spa'))`);
    await page.goto(spa);
    await page.click('#login');
    await signIn(page);
    await page.waitForSelector('text="Hello Ada Lovelace"');
    const first = await tokens();
    for (let times = 0, before = first; times < 2; times += 1) {
      await page.click('#renew');
      await page.waitForSelector('text="The tokens were renewed"');
      const next = await tokens();
      expect([next.access_token, next.refresh_token]).not.toContain(before.access_token);
      expect(next.refresh_token).not.toBe(before.refresh_token);
      await page.click('#orders');
      await page.waitForSelector('text="The orders API answered 200"');
      before = next;
    }
    expect(grants).toEqual(['authorization_code', 'refresh_token', 'refresh_token']);
    await page.click('#logout');
    await page.waitForSelector('text="You are not logged in."');
    await page.click('#login');
    await page.waitForSelector('input[name=username]');
    expect(errors).toEqual([]);
  });

  it.each([
    ['a phone', phone],
    ['a desktop', desktop],
  ])('pages have no serious hurdle for anybody on %s', async (_what, viewport) => {
    const { page } = await newPage(viewport);
    const found: string[] = [];
    const look = async (): Promise<void> => {
      found.push(...(await hurdles(page)));
      if (await isWiderThanTheScreen(page)) found.push(`${page.url()}: wider than the screen`);
    };
    await page.goto(
      `${world.base}/acme/-/shop(login)/oauth/authorize?client_id=shop&redirect_uri=http://evil.example/`,
    );
    await look();
    await page.goto(`${world.shop}/login?binding=`);
    await look();
    await page.goto(`${world.shop}/login?binding=(login)`);
    await look();
    await page.fill('input[name=username]', ada.username);
    await page.click('button[type=submit]');
    await look();
    await page.fill('input[name=password]', 'wrong');
    await page.click('button[type=submit]');
    await look();
    await page.fill('input[name=password]', ada.password);
    await page.click('button[type=submit]');
    await page.waitForURL(`${world.shop}/`);
    await page.goto(`${world.base}/acme/-/shop(login)/oauth/endsession`);
    await look();
    await page.click('button[type=submit]');
    await page.waitForLoadState();
    await look();
    expect(found).toEqual([]);
  });
});

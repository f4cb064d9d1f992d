import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { source as axeSource } from 'axe-core';
import { chromium, type Browser, type Page, type Request } from 'playwright-core';
import { chromiumPath } from '../browser/chromium.js';
import { ada, RelyingParty } from '../party/relying-party.js';
import { untilTracksAreThere, untilUsersAreThere } from '../world/until-there.js';
import { embeddedWorld, type OwnWorld } from '../world/world.js';
import { Application } from './application.js';
import { chainOf, deskOf, portalOf } from './chain.js';
import { homeRealmTracks } from './home-realm-tracks.js';

jest.setTimeout(90_000);

const executablePath = existsSync(chromiumPath) ? chromiumPath : undefined;
const describeWithBrowser = executablePath ? describe : describe.skip;
/** Pictures of the pages are put here, for people to look at. */
const pictures = process.env['CORSAC_TEST_PICTURES'];

describeWithBrowser('connected tracks in a browser (needs Chromium, CHROMIUM names it)', () => {
  let world: OwnWorld;
  let browser: Browser;
  let portal: Application;
  let desk: Application;

  beforeAll(async () => {
    [portal, desk] = [await Application.start(), await Application.start()];
    world = await embeddedWorld({}, [chainOf(portal, desk), homeRealmTracks(portal)]);
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
    await untilTracksAreThere(world, ['chain/a', 'chain/b', 'chain/c', 'chain/d', 'realms/three', 'realms/fourteen']);
    await untilUsersAreThere(world, await deskOf(world, desk, '(login)'));
    await untilUsersAreThere(world, await portalOf(world, portal, '(login)'));
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await world?.stop();
    await Promise.all([portal.stop(), desk.stop()]);
  });

  /** A sign-in in a new profile, and every request that Chromium made to Corsac for it. */
  const recorded = async (binding: string): Promise<{ all: string[]; pages: string[] }> => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const requests: Request[] = [];
    page.on('request', (request) => request.url().startsWith(world.base) && requests.push(request));
    const rp = await portalOf(world, portal, binding);
    const begun = await rp.begin();
    await page.goto(begun.url.href);
    await page.fill('input[name=username]', ada.username);
    await page.click('button[type=submit]');
    await page.fill('input[name=password]', ada.password);
    await page.click('button[type=submit]');
    await page.waitForURL(`${portal.callback}?**`);
    const tokens = await rp.redeem(page.url(), begun);
    expect(tokens.claims()?.['email']).toBe(ada.username);
    const told = requests.map((request) => `${request.method()} ${request.resourceType()}`);
    await context.close();
    return { all: told, pages: told.filter((line) => line.endsWith('document')) };
  };

  describe('requests of a sign-in, by Chromium’s own record', () => {
    it('by one link and by three links are the same, one by one, as those of a direct one', async () => {
      const direct = await recorded('(login)');
      expect(direct.pages).toEqual(['GET document', 'POST document', 'POST document']);
      for (const binding of ['(one)', '(three)']) expect(await recorded(binding)).toEqual(direct);
    });

    it('by an OpenID Connect interconnect are more: each hop sends the browser', async () => {
      const direct = await recorded('(login)');
      const interconnect = await recorded('(interconnect)');
      expect(interconnect.pages.length).toBeGreaterThan(direct.pages.length);
    });
  });

  describe.each([
    ['three', 2],
    ['fourteen', 13],
  ])('the page of home realm discovery with %s up-parties', (track, buttons) => {
    const open = async (viewport: { width: number; height: number }, colorScheme: 'light' | 'dark'): Promise<Page> => {
      const context = await browser.newContext({ viewport, colorScheme });
      const page = await context.newPage();
      const client = { client_id: 'portal', tenant: 'realms', track, redirect_uri: portal.callback };
      await page.goto((await (await RelyingParty.discover(world, client)).begin()).url.href);
      return page;
    };

    it.each([
      [390, 844, 'light'],
      [390, 844, 'dark'],
      [1280, 800, 'light'],
    ] as const)('fits a screen %d wide and has no serious hurdle (%d high, %s)', async (width, height, scheme) => {
      const page = await open({ width, height }, scheme);
      expect(await page.locator('button.party').count()).toBe(buttons);
      expect(await page.locator('[role=search]').count()).toBe(buttons > 10 ? 1 : 0);
      expect(await page.evaluate('document.documentElement.scrollWidth > window.innerWidth')).toBe(false);
      const broken = '[...document.images].filter((image) => image.naturalWidth === 0).length';
      expect(await page.evaluate(broken)).toBe(0);
      await page.evaluate(axeSource);
      const { violations } = await page.evaluate<{ violations: { id: string; impact: string }[] }>('axe.run()');
      expect(violations.filter(({ impact }) => /serious|critical/.test(impact)).map(({ id }) => id)).toEqual([]);
      if (pictures) await page.screenshot({ path: join(pictures, `${track}-${width}-${scheme}.png`), fullPage: true });
      await page.context().close();
    });
  });

  it('the search finds a way of signing in by part of its name, with script turned off', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
    const page = await context.newPage();
    const client = { client_id: 'portal', tenant: 'realms', track: 'fourteen', redirect_uri: portal.callback };
    await page.goto((await (await RelyingParty.discover(world, client)).begin()).url.href);
    await page.fill('input[name=search]', 'hospital');
    await page.click('[role=search] button');
    expect(await page.locator('button.party').allInnerTexts()).toEqual([
      expect.stringContaining('Hospital North'),
      expect.stringContaining('Hospital South'),
    ]);
    if (pictures) await page.screenshot({ path: join(pictures, 'search-390.png'), fullPage: true });
    await context.close();
  });
});

import { randomBytes } from 'node:crypto';
import { describeWithInstalled } from '@corsac/testing/backing';
import { Howto } from '../docs/howto.js';
import { Browser, type Page } from '../browser/browser.js';
import { shopOf } from '../journeys/sign-in.js';
import { signInOnPages } from '../party/relying-party.js';
import { untilUsersAreThere } from '../world/until-there.js';
import { embeddedWorld, type World } from '../world/world.js';
import {
  apacheFiles,
  holdSite,
  newApacheFolder,
  startApache,
  variablesOf,
  type Apache,
  type ApacheFolder,
} from './apache.js';

jest.setTimeout(30_000);

const secret = randomBytes(24).toString('base64url');
const howto = new Howto('protect-apache-with-openid-connect');

/** A file of the page for a site of its own. */
const fileFor = (file: string, name: string, site: string, base = ''): string =>
  howto
    .file(file)
    .replaceAll('https://intranet.example.com', site)
    .replaceAll('https://id.example.com', base)
    .replaceAll('${INTRANET_SECRET}', secret)
    .replaceAll('${INTRANET_PASSPHRASE}', randomBytes(24).toString('base64url'))
    .replaceAll('intranet', name);

/** The two applications as Corsac knows them: one is told of logouts by the browser, one by Corsac itself. */
const parties = (front: string, back: string): string =>
  [
    fileFor('intranet.yaml', 'apache-front', front).replace(/^ *backchannel_logout_uri.*\n/m, ''),
    fileFor('intranet.yaml', 'apache-back', back).replace(/^ *frontchannel_logout_uri.*\n/m, ''),
  ].join('---\n');

/** One site as the page has it, and a place where access tokens are renewed at every request: none lives longer. */
const siteAt = (site: string, world: World, name: string): string => `
Listen ${new URL(site).host}
<VirtualHost ${new URL(site).host}>
  ${fileFor('intranet.conf', name, site, world.base)}
  <Location /protected/always-fresh>
    OIDCRefreshAccessTokenBeforeExpiry 3600
  </Location>
</VirtualHost>
`;

const framesOf = ({ html }: Page): string[] =>
  [...html.matchAll(/<iframe [^>]*src="([^"]*)"/g)].map(([, src = '']) => src.replaceAll('&amp;', '&'));

describeWithInstalled('libapache2-mod-auth-openidc', apacheFiles('auth_openidc'), () => {
  let world: World;
  let files: ApacheFolder;
  let apache: Apache;
  let front: string;
  let back: string;

  beforeAll(async () => {
    // A browser does not tell the ports of a host apart: two names keep the cookies of the two sites apart.
    const sites = [await holdSite('localhost'), await holdSite('127.0.0.1')];
    [front = '', back = ''] = sites.map(({ site }) => site);
    world = await embeddedWorld({}, parties(front, back));
    await untilUsersAreThere(world, await shopOf(world));
    files = await newApacheFolder(['protected', 'protected/always-fresh', '.']);
    const configuration = siteAt(front, world, 'apache-front') + siteAt(back, world, 'apache-back');
    apache = await startApache(files, ['auth_openidc'], { sites, configuration });
  }, 120_000);
  afterAll(async () => {
    await apache?.stop();
    await files?.remove();
    await world?.stop();
  });

  const newBrowser = (): Browser => new Browser(world.base, {}, [front, back]);
  const protectedPage = (browser: Browser, site: string): Promise<Page> => browser.open(`${site}/protected/`);

  const signIn = async (browser: Browser, site: string): Promise<Readonly<Record<string, string>>> => {
    const page = await signInOnPages(browser, await protectedPage(browser, site));
    if (page.url !== `${site}/protected/`) throw new Error(`at ${page.url}: ${page.html}\n${await apache.log()}`);
    return variablesOf(page.html);
  };

  /** Is anybody signed in at a site, for this browser? */
  const isSignedIn = async (browser: Browser, site: string): Promise<boolean> =>
    (await protectedPage(browser, site)).url === `${site}/protected/`;

  /** The user signs out at the shop: the page that tells the applications. */
  const signOutAtShop = async (browser: Browser): Promise<Page> => {
    const shop = await shopOf(world);
    const { tokens } = await shop.signInSilently(browser);
    return browser.open(
      shop.endSessionUrl({ id_token_hint: tokens.id_token!, post_logout_redirect_uri: `${world.shop}/` }),
    );
  };

  it('signs in at a protected page, which sees the claims', async () => {
    const variables = await signIn(newBrowser(), front);
    expect(variables).toMatchObject({
      OIDC_CLAIM_iss: `${world.base}/acme/-/apache-front(login)`,
      OIDC_CLAIM_aud: 'apache-front',
      OIDC_CLAIM_email: 'ada@example.com',
      OIDC_CLAIM_name: 'Ada Lovelace',
      OIDC_CLAIM_sid: expect.stringMatching(/./),
    });
    expect(variables['REMOTE_USER']).toBe(`${variables['OIDC_CLAIM_sub']}@${variables['OIDC_CLAIM_iss']}`);
  });

  it('signs in to a second site and to the shop without asking, in the same session', async () => {
    const browser = newBrowser();
    const { OIDC_CLAIM_sid: sid } = await signIn(browser, front);
    const second = variablesOf((await protectedPage(browser, back)).html);
    expect(second).toMatchObject({ OIDC_CLAIM_sid: sid, OIDC_CLAIM_aud: 'apache-back' });
    expect((await (await shopOf(world)).signInSilently(browser)).claims['sid']).toBe(sid);
  });

  it('refreshes the access token when the site asks the module to', async () => {
    const browser = newBrowser();
    const { OIDC_access_token: access_token = '' } = await signIn(browser, front);
    const there = encodeURIComponent(`${front}/protected/`);
    const page = await browser.open(
      `${front}/protected/redirect_uri?refresh=${there}&access_token=${encodeURIComponent(access_token)}`,
    );
    expect(page.url).toBe(`${front}/protected/`);
    const { OIDC_access_token: next } = variablesOf(page.html);
    expect(next).toMatch(/^ey/);
    expect(next).not.toBe(access_token);
  });

  it('refreshes by itself before the access token ends, again and again', async () => {
    const browser = newBrowser();
    const tokens = [(await signIn(browser, front))['OIDC_access_token']];
    for (let times = 0; times < 3; times += 1) {
      const page = await browser.open(`${front}/protected/always-fresh/`);
      tokens.push(variablesOf(page.html)['OIDC_access_token']);
    }
    expect(tokens).not.toContain(undefined);
    expect(new Set(tokens).size).toBe(4);
  });

  it('signs out everywhere from a site, and comes back to it', async () => {
    const browser = newBrowser();
    await signIn(browser, front);
    await protectedPage(browser, back);
    const page = await browser.open(`${front}/protected/redirect_uri?logout=${encodeURIComponent(`${front}/`)}`);
    expect(page.url).toContain(`${world.base}/acme/-/apache-front(login)/oauth/endsession`);
    expect((await browser.submit(page)).url).toBe(`${front}/`);
    expect(await isSignedIn(browser, front)).toBe(false);
    const silent = await browser.open((await (await shopOf(world)).begin({ prompt: 'none' })).url);
    expect(silent.url).toContain('error=login_required');
  });

  it('hears in a frame that the user signed out elsewhere', async () => {
    const browser = newBrowser();
    await signIn(browser, front);
    const frames = framesOf(await signOutAtShop(browser)).filter((address) => address.startsWith(front));
    expect(frames).toEqual([expect.stringMatching(/\?logout=get&iss=.*&sid=/)]);
    expect(await isSignedIn(browser, front)).toBe(true);
    expect((await browser.open(frames[0]!)).status).toBe(200);
    expect(await isSignedIn(browser, front)).toBe(false);
  });

  it('finds the session of a frame to which the browser gives no cookies', async () => {
    const browser = newBrowser();
    await signIn(browser, front);
    const [frame] = framesOf(await signOutAtShop(browser)).filter((address) => address.startsWith(front));
    expect((await newBrowser().open(frame!)).status).toBe(200);
    expect(await isSignedIn(browser, front)).toBe(false);
  });

  it('hears from Corsac itself that the user signed out elsewhere', async () => {
    const browser = newBrowser();
    await signIn(browser, back);
    expect(await isSignedIn(browser, back)).toBe(true);
    const told = await signOutAtShop(browser);
    expect(framesOf(told).filter((address) => address.startsWith(back))).toEqual([]);
    for (let tries = 0; tries < 100 && (await isSignedIn(browser, back)); tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await isSignedIn(browser, back)).toBe(false);
  });
});

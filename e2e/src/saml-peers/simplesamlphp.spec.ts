import { describeWithInstalled, freePort } from '@corsac/testing/backing';
import { Browser, type Page } from '../browser/browser.js';
import { Shop } from '../journeys/logout.js';
import { ada, RelyingParty, signInOnPages } from '../party/relying-party.js';
import { untilTracksAreThere, untilUsersAreThere } from '../world/until-there.js';
import { embeddedWorld, type OwnWorld } from '../world/world.js';
import { SimpleSamlPhp, simpleSamlFiles } from './simplesamlphp.js';

jest.setTimeout(60_000);

const portalSecret = 'portal-secret-of-a-test-0123456789';
const grace = { username: 'grace', password: 'Simple-demo-1' };

describeWithInstalled('simplesamlphp', simpleSamlFiles, () => {
  let peer: SimpleSamlPhp;
  let world: OwnWorld;
  const portalServer = new Shop();
  let portal: string;

  beforeAll(async () => {
    portal = `http://localhost:${await freePort()}`;
    peer = await SimpleSamlPhp.prepare(await freePort());
    const further = peer.corsacFile(
      { 'https://portal.example.com': portal },
      { PORTAL_SECRET: portalSecret, ADA_PASSWORD: ada.password, SIMPLESAML_CERTIFICATE: peer.certificate },
    );
    world = await embeddedWorld({}, further);
    await untilTracksAreThere(world, ['umbrella/-']);
    await peer.start(world.base);
    await untilUsersAreThere(world, await portalAt('(login)'));
    await portalServer.open({ shop: portal });
  }, 120_000);
  afterAll(async () => {
    await portalServer.close();
    await peer?.stop();
    await world?.stop();
  });

  const newBrowser = (): Browser => new Browser(world.base, {}, [peer.base]);

  /** Posts every form that would post itself, until a page is for people. */
  const onward = async (browser: Browser, page: Page): Promise<Page> => {
    let current = page;
    const isPosting = ({ status, forms: [form] }: Page): boolean =>
      status === 200 && form !== undefined && ('SAMLResponse' in form.fields || 'SAMLRequest' in form.fields);
    for (let hop = 0; hop < 10 && isPosting(current); hop += 1) current = await browser.submit(current);
    return current;
  };

  /** Loads the frames of a logout page, as a browser does. */
  const loadFrames = async (browser: Browser, page: Page): Promise<string[]> => {
    const frames = [...page.html.matchAll(/<iframe [^>]*src="([^"]*)"/g)].map(([, src = '']) =>
      src.replaceAll('&amp;', '&'),
    );
    for (const frame of frames) if (!frame.startsWith(portal)) await onward(browser, await browser.open(frame));
    return frames;
  };

  const portalAt = (binding: string): Promise<RelyingParty> =>
    RelyingParty.discover(world, {
      client_id: 'portal',
      tenant: 'umbrella',
      binding,
      secret: portalSecret,
      redirect_uri: `${portal}/callback`,
    });

  const testPage = (): string => `${peer.base}/module.php/core/authenticate.php?as=corsac`;

  describe('as an application of Corsac', () => {
    const signIn = async (browser: Browser): Promise<Page> => {
      const asked = await browser.open(testPage());
      expect(asked.url).toContain(`${world.base}/umbrella/-/`);
      return onward(browser, await signInOnPages(browser, asked));
    };

    it('signs a user in, with claims as attributes', async () => {
      const shown = await signIn(newBrowser());
      expect({ url: shown.url, log: shown.status === 200 ? '' : await peer.log() }).toEqual({
        url: testPage(),
        log: '',
      });
      for (const value of ['ada@example.com', 'Ada Lovelace', 'Lovelace', 'customer', 'admin'])
        expect(shown.html).toContain(value);
    });

    it('signs the user out of Corsac too', async () => {
      const browser = newBrowser();
      await signIn(browser);
      const out = await onward(browser, await browser.open(`${testPage()}&logout`));
      expect(out.url).toBe(`${peer.base}/logout.php`);
      const again = await browser.open(testPage());
      expect(again.forms[0]?.fields).toHaveProperty('username');
    });

    it('hears of a logout that began at another application of the same session', async () => {
      const browser = newBrowser();
      await signIn(browser);
      const app = await portalAt('(login)');
      const { tokens } = await app.signInSilently(browser);
      const page = await browser.open(
        app.endSessionUrl({ id_token_hint: tokens.id_token!, post_logout_redirect_uri: `${portal}/` }),
      );
      const frames = await loadFrames(browser, page);
      expect(frames.some((frame) => frame.startsWith(`${portal}/frontchannel-logout`))).toBe(true);
      expect((await browser.submit(page)).url).toBe(`${portal}/`);
      // Its own session is over: it asks Corsac again, which asks the user.
      const again = await browser.open(testPage());
      expect(again.url).toContain(`${world.base}/umbrella/-/`);
      expect(again.forms[0]?.fields).toHaveProperty('username');
    });
  });

  describe('as an identity provider of Corsac', () => {
    const signIn = async (browser: Browser) => {
      const app = await portalAt('(simplesaml)');
      const begun = await app.begin({ scope: 'openid profile email' });
      const asked = await browser.open(begun.url);
      expect(asked.url).toContain(`${peer.base}/module.php/core/loginuserpass.php`);
      const callback = await onward(browser, await browser.submit(asked, grace));
      if (!callback.url.startsWith(`${portal}/callback`))
        throw new Error(`${callback.url}: ${callback.html.slice(0, 2000)}\n${await peer.log()}`);
      const tokens = await app.redeem(callback.url, begun);
      return { app, tokens, claims: tokens.claims()! };
    };

    it('signs its people in to an application of OpenID Connect, with attributes as claims', async () => {
      const { claims } = await signIn(newBrowser());
      expect(claims).toMatchObject({
        sub: 'simplesaml|grace',
        email: 'grace@example.com',
        name: 'Grace Hopper',
        given_name: 'Grace',
        family_name: 'Hopper',
        role: ['admiral', 'programmer'],
        auth_method: 'simplesaml',
        auth_method_type: 'saml2',
      });
    });

    it('is told of a logout that began at the application', async () => {
      const browser = newBrowser();
      const { app, tokens } = await signIn(browser);
      const url = app.endSessionUrl({ id_token_hint: tokens.id_token!, post_logout_redirect_uri: `${portal}/` });
      const page = await onward(browser, await browser.open(url));
      expect(page.html).toContain(`${portal}/frontchannel-logout`);
      expect((await browser.submit(page)).url).toBe(`${portal}/`);
      const again = await browser.open((await app.begin()).url);
      expect(again.url).toContain(`${peer.base}/module.php/core/loginuserpass.php`);
    });

    it('ends the session of the application when its people log out there', async () => {
      const browser = newBrowser();
      const { app, claims } = await signIn(browser);
      const home = encodeURIComponent(`${peer.base}/logout.php`);
      const told = portalServer.told.length;
      const page = await onward(
        browser,
        await browser.open(`${peer.base}/saml2/idp/SingleLogoutService.php?ReturnTo=${home}`),
      );
      const frames = await loadFrames(browser, page);
      const out = page.html.includes('<iframe') ? await onward(browser, await browser.submit(page)) : page;
      expect({ frames, at: out.url, log: out.status === 200 ? '' : await peer.log() }).toMatchObject({
        at: `${peer.base}/logout.php`,
      });
      for (let tries = 0; tries < 100 && portalServer.told.length === told; tries += 1)
        await new Promise((resolve) => setTimeout(resolve, 50));
      const token = JSON.parse(
        Buffer.from(portalServer.told.at(-1)?.split('.')[1] ?? '', 'base64url').toString(),
      ) as unknown;
      expect(token).toMatchObject({ aud: 'portal', sid: claims['sid'], sub: 'simplesaml|grace' });
      const again = await browser.open((await app.begin()).url);
      expect(again.url).toContain(`${peer.base}/module.php/core/loginuserpass.php`);
    });
  });
});

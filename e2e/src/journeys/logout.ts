import { createServer, type Server } from 'node:http';
import { Browser } from '../browser/browser.js';
import type { World } from '../world/world.js';
import { shopOf, spaOf } from './sign-in.js';

const homeOf = (world: World): string => `${world.shop}/`;

/** The demo's shop at its own address: what it is told over the back channel. */
export class Shop {
  readonly told: string[] = [];
  status = 200;
  private server: Server | undefined;

  async open({ shop }: Pick<World, 'shop'>): Promise<void> {
    this.server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        if (request.url === '/backchannel-logout' && this.status === 200)
          this.told.push(new URLSearchParams(body).get('logout_token') ?? '');
        response.writeHead(this.status).end();
      });
    });
    await new Promise<void>((resolve, reject) => {
      this.server?.once('error', reject);
      this.server?.listen(Number(new URL(shop).port), 'localhost', resolve);
    });
  }

  async close(): Promise<void> {
    const server = this.server;
    this.server = undefined;
    server?.closeAllConnections();
    if (server) await new Promise((resolve) => server.close(resolve));
  }
}

const until = async (what: string, isTrue: () => boolean): Promise<void> => {
  for (let tries = 0; tries < 1800; tries += 1) {
    if (isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${what} did not come true within 90 seconds`);
};

const payloadOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;

/** Signing out, and that everybody hears of it. */
export const logoutJourneys = (of: () => World): void => {
  describe('logout', () => {
    const shopServer = new Shop();
    beforeAll(() => shopServer.open(of()));
    afterAll(() => shopServer.close());

    it('with a hint goes back at once, ends the session, and tells the application over both channels', async () => {
      const browser = new Browser(of().base);
      const shop = await shopOf(of());
      const { tokens, claims } = await shop.signIn(browser, { scope: 'openid offline_access' });
      const url = shop.endSessionUrl({
        id_token_hint: tokens.id_token!,
        post_logout_redirect_uri: homeOf(of()),
        state: 'x1',
      });
      const page = await browser.open(url);
      expect(page.html).toContain(`${of().shop}/frontchannel-logout?iss=`);
      expect(page.headers.get('content-security-policy')).toContain(`frame-src ${of().shop}`);
      const back = await browser.submit(page);
      expect(back.url).toBe(`${homeOf(of())}?state=x1`);
      await until('the back-channel logout', () =>
        shopServer.told.some((token) => payloadOf(token)['sid'] === claims['sid']),
      );
      const told = payloadOf(shopServer.told.find((token) => payloadOf(token)['sid'] === claims['sid'])!);
      expect(told).toMatchObject({ iss: `${of().base}/acme/-/shop(login)`, aud: 'shop', sub: claims.sub });
      expect(told).not.toHaveProperty('nonce');
      await expect(shop.userInfo(tokens.access_token, claims.sub)).rejects.toThrow();
      const again = await browser.open((await shop.begin({ prompt: 'none' })).url);
      expect(again.url).toContain('error=login_required');
    });

    it('without a hint asks the user, and goes back nowhere that was not agreed', async () => {
      const browser = new Browser(of().base);
      const shop = await shopOf(of());
      await shop.signIn(browser);
      const asked = await browser.open(`${of().base}/acme/-/shop(login)/oauth/endsession`);
      expect(asked.status).toBe(200);
      const stay = await browser.submit(asked, { answer: 'stay' });
      expect(stay.status).toBe(200);
      expect((await shop.signInSilently(browser)).claims.sub).toEqual(expect.any(String));
      const askedAgain = await browser.open(
        `${of().base}/acme/-/shop(login)/oauth/endsession?client_id=shop&post_logout_redirect_uri=${encodeURIComponent(homeOf(of()))}`,
      );
      const frames = await browser.submit(askedAgain);
      const back = await browser.submit(frames);
      expect(back.url).toBe(homeOf(of()));
    });

    it('refuses an address that is not registered before anything is ended', async () => {
      const browser = new Browser(of().base);
      const shop = await shopOf(of());
      const { tokens } = await shop.signIn(browser);
      const page = await browser.open(
        shop.endSessionUrl({ id_token_hint: tokens.id_token!, post_logout_redirect_uri: 'https://evil.test/' }),
      );
      expect(page.status).toBe(400);
      expect((await shop.signInSilently(browser)).claims.sub).toEqual(expect.any(String));
    });

    it('reaches every application of the session, also when one of them was away', async () => {
      const browser = new Browser(of().base);
      const shop = await shopOf(of());
      const { claims } = await shop.signIn(browser);
      const spa = await spaOf(of());
      const { tokens } = await spa.signInSilently(browser);
      await shopServer.close();
      const frames = await browser.open(
        spa.endSessionUrl({ id_token_hint: tokens.id_token!, post_logout_redirect_uri: 'http://localhost:4411/' }),
      );
      expect((await browser.submit(frames)).url).toBe('http://localhost:4411/');
      await new Promise((resolve) => setTimeout(resolve, 1500));
      await shopServer.open(of());
      await until('the retried logout', () =>
        shopServer.told.some((token) => payloadOf(token)['sid'] === claims['sid']),
      );
    }, 120_000);
  });
};

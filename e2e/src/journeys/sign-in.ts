import * as client from 'openid-client';
import { Browser } from '../browser/browser.js';
import { ada, RelyingParty, signInOnPages } from '../party/relying-party.js';
import type { World } from '../world/world.js';

export const shopCallback = (world: World): string => `${world.shop}/callback`;
export const spaCallback = 'http://localhost:4411/callback';

export const shopOf = (world: World, binding = '(login)', more: object = {}): Promise<RelyingParty> =>
  RelyingParty.discover(world, {
    client_id: 'shop',
    redirect_uri: shopCallback(world),
    secret: world.secrets['SHOP'],
    binding,
    ...more,
  });

export const spaOf = (world: World, binding = '(login)'): Promise<RelyingParty> =>
  RelyingParty.discover(world, { client_id: 'spa', redirect_uri: spaCallback, binding });

/** The main job: an application sends its user here, and gets tokens. */
export const signInJourneys = (of: () => World): void => {
  describe('sign-in', () => {
    it('gives a confidential client an ID token, an access token and userinfo', async () => {
      const shop = await shopOf(of());
      const { tokens, claims } = await shop.signIn(new Browser(of().base), {
        scope: 'openid profile email address phone offline_access',
      });
      expect(claims).toMatchObject({ iss: `${of().base}/acme/-/shop(login)`, aud: 'shop', email: ada.username });
      expect(claims['sid']).toEqual(expect.any(String));
      expect(claims['auth_time'] ?? claims.iat).toEqual(expect.any(Number));
      expect(tokens.refresh_token).toEqual(expect.any(String));
      const user = await shop.userInfo(tokens.access_token, claims.sub);
      expect(user).toMatchObject({
        sub: claims.sub,
        email: ada.username,
        email_verified: true,
        given_name: 'Ada',
        phone_number: '+4530303030',
      });
      expect(user.address).toMatchObject({ locality: 'London' });
    });

    it('gives a public client with PKCE its tokens', async () => {
      const spa = await spaOf(of());
      const { tokens, claims } = await spa.signIn(new Browser(of().base));
      expect(claims.aud).toBe('spa');
      expect(tokens.token_type).toBe('bearer');
    });

    it('knows each binding of an address as an issuer of its own', async () => {
      for (const binding of ['', '(login)', '(*)', '~login~', '.login.']) {
        const shop = await shopOf(of(), binding);
        expect(shop.configuration.serverMetadata().issuer).toBe(`${of().base}/acme/-/shop${binding}`);
      }
    });

    it('signs in to a second application without asking, with the same sid', async () => {
      const browser = new Browser(of().base);
      const first = await (await shopOf(of())).signIn(browser);
      const requests = browser.requests.length;
      const second = await (await spaOf(of())).signInSilently(browser);
      expect(second.claims['sid']).toBe(first.claims['sid']);
      expect(second.claims.sub).toBe(first.claims.sub);
      expect(browser.requests.length - requests).toBe(1);
    });

    it('refreshes with rotation, and ends the family when a token comes twice', async () => {
      const shop = await shopOf(of());
      const { tokens } = await shop.signIn(new Browser(of().base), { scope: 'openid offline_access' });
      const next = await client.refreshTokenGrant(shop.configuration, tokens.refresh_token!);
      expect(next.refresh_token).not.toBe(tokens.refresh_token);
      await expect(client.refreshTokenGrant(shop.configuration, tokens.refresh_token!)).rejects.toMatchObject({
        error: 'invalid_grant',
      });
      await expect(client.refreshTokenGrant(shop.configuration, next.refresh_token!)).rejects.toMatchObject({
        error: 'invalid_grant',
      });
    });

    it('issues by client credentials to a worker, for the API that it may call', async () => {
      const issuer = new URL(`${of().base}/acme/-/orders-worker`);
      const worker = await client.discovery(issuer, 'orders-worker', of().secrets['WORKER'], undefined, {
        execute: [client.allowInsecureRequests],
      });
      const tokens = await client.clientCredentialsGrant(worker, { scope: 'orders.read' });
      const claims = JSON.parse(Buffer.from(tokens.access_token.split('.')[1] ?? '', 'base64url').toString()) as Record<
        string,
        unknown
      >;
      expect(claims).toMatchObject({
        aud: 'orders',
        iss: `${of().base}/acme/-`,
        scope: 'orders.read',
        client_id: 'orders-worker',
      });
    });

    it('shows the error of prompt=none to the application when nobody is signed in', async () => {
      const shop = await shopOf(of());
      const begun = await shop.begin({ prompt: 'none' });
      const page = await new Browser(of().base).open(begun.url);
      expect(page.url.startsWith(`${shopCallback(of())}?`)).toBe(true);
      expect(Object.fromEntries(new URL(page.url).searchParams)).toMatchObject({
        error: 'login_required',
        state: begun.state,
        iss: `${of().base}/acme/-/shop(login)`,
      });
    });

    it('asks again for prompt=login and max_age, and keeps the sid of the same user', async () => {
      const browser = new Browser(of().base);
      const shop = await shopOf(of());
      const first = await shop.signIn(browser);
      await new Promise((resolve) => setTimeout(resolve, 1100));
      const again = await shop.signIn(browser, { prompt: 'login', max_age: '1000' });
      expect(again.claims['sid']).toBe(first.claims['sid']);
      expect(again.claims['auth_time']).toBeGreaterThan(Number(first.claims.iat) - 1);
      const silent = await shop.signInSilently(browser, { prompt: 'none' });
      expect(silent.claims.sub).toBe(first.claims.sub);
    });

    it('goes straight to the password when the application knows the user', async () => {
      const browser = new Browser(of().base);
      const shop = await shopOf(of());
      const begun = await shop.begin({ login_hint: ada.username });
      const page = await browser.open(begun.url);
      const back = await browser.submit(page, { password: ada.password });
      expect((await shop.redeem(back.url, begun)).claims()?.['email']).toBe(ada.username);
    });

    it('uses three browser requests from the application and back', async () => {
      const browser = new Browser(of().base);
      await (await shopOf(of())).signIn(browser);
      expect(browser.requests).toHaveLength(3);
    });
  });

  describe('misuse of a sign-in', () => {
    const statusOf = async (body: Record<string, string>) => {
      const response = await fetch(`${of().base}/acme/-/shop(login)/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams(body),
      });
      return { status: response.status, ...((await response.json()) as object) };
    };

    const freshCode = async (scope = 'openid') => {
      const shop = await shopOf(of());
      const begun = await shop.begin({ scope });
      const browser = new Browser(of().base);
      const callback = await signInOnPages(browser, await browser.open(begun.url));
      const code = new URL(callback.url).searchParams.get('code') ?? '';
      const redemption = {
        grant_type: 'authorization_code',
        code,
        redirect_uri: shopCallback(of()),
        client_id: 'shop',
        client_secret: of().secrets['SHOP'] ?? '',
        code_verifier: begun.code_verifier,
      };
      return { redemption, shop };
    };

    it('takes a code once, and revokes what it gave when it comes again', async () => {
      const { redemption, shop } = await freshCode();
      const first = (await statusOf(redemption)) as { status: number; access_token: string; id_token: string };
      expect(first.status).toBe(200);
      expect(await statusOf(redemption)).toMatchObject({ status: 400, error: 'invalid_grant' });
      const sub = JSON.parse(Buffer.from(first.id_token.split('.')[1] ?? '', 'base64url').toString()) as {
        sub: string;
      };
      await expect(shop.userInfo(first.access_token, sub.sub)).rejects.toThrow();
    });

    it('gives exactly one of twenty parallel redemptions of a code', async () => {
      for (const scope of ['openid', 'openid offline_access']) {
        const { redemption } = await freshCode(scope);
        const answers = await Promise.all(Array.from({ length: 20 }, () => statusOf(redemption)));
        expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      }
    });

    it('refuses a wrong verifier, redirect URI, secret and client', async () => {
      const wrong: [object, string, number][] = [
        [{ code_verifier: 'a'.repeat(43) }, 'invalid_grant', 400],
        [{ redirect_uri: `${of().shop}/else` }, 'invalid_grant', 400],
        [{ client_secret: 'not the secret' }, 'invalid_client', 401],
      ];
      for (const [change, error, status] of wrong) {
        const { redemption } = await freshCode();
        expect(await statusOf({ ...redemption, ...change })).toMatchObject({ error, status });
      }
    });

    it('shows an error page, and redirects nowhere, until client and redirect URI are proven', async () => {
      const good = { client_id: 'shop', redirect_uri: shopCallback(of()), response_type: 'code', scope: 'openid' };
      const bad: [string, object][] = [
        ['/acme/-/shop', { redirect_uri: 'https://evil.test/cb' }],
        ['/acme/-/shop', { redirect_uri: `${shopCallback(of())}/` }],
        ['/acme/-/shop', { client_id: 'spa' }],
        ['/acme/-/nobody', {}],
        ['/acme/nowhere/shop', {}],
        ['/nobody/-/shop', {}],
        ['/acme/-/SHOP', {}],
      ];
      for (const [path, change] of bad) {
        const page = await new Browser(of().base).open(
          `${path}/oauth/authorize?${new URLSearchParams({ ...good, ...change }).toString()}`,
        );
        expect({ path, status: page.status >= 400 && page.status < 500, at: page.url.startsWith(of().base) }).toEqual({
          path,
          status: true,
          at: true,
        });
      }
    });

    it('does not go on with a sequence in another browser', async () => {
      const shop = await shopOf(of());
      const begun = await shop.begin();
      const victim = new Browser(of().base);
      const page = await victim.open(begun.url);
      const thief = new Browser(of().base);
      await thief.open((await shop.begin()).url);
      const stolen = await thief.submit(page, { username: ada.username });
      expect(stolen.status).toBeGreaterThanOrEqual(400);
      expect(stolen.status).toBeLessThan(500);
    });

    it('keeps parallel tabs of one browser apart', async () => {
      const browser = new Browser(of().base);
      const shop = await shopOf(of());
      const [one, two] = [await shop.begin(), await shop.begin()];
      const [first, second] = [await browser.open(one.url), await browser.open(two.url)];
      const back = await signInOnPages(browser, first);
      expect((await shop.redeem(back.url, one)).claims()?.sub).toEqual(expect.any(String));
      const other = await signInOnPages(browser, second);
      expect((await shop.redeem(other.url, two)).claims()?.sub).toEqual(expect.any(String));
    });

    it('says the same of a wrong password and of an unknown user', async () => {
      const texts = await Promise.all(
        [ada.username, 'nobody@example.com'].map(async (username) => {
          const browser = new Browser(of().base);
          const page = await signInOnPages(browser, await browser.open((await (await shopOf(of())).begin()).url), {
            username,
            password: 'wrong password',
          });
          expect(page.url.startsWith(of().base)).toBe(true);
          return page.html.replaceAll(username, 'X').replace(/value="[^"]*"|action="[^"]*"/g, '');
        }),
      );
      expect(texts[0]).toBe(texts[1]);
    });
  });
};

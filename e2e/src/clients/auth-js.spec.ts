import { Auth, type AuthConfig } from '@auth/core';
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { freePort } from '@corsac/testing/backing';
import { Browser, type Page } from '../browser/browser.js';
import { shopOf } from '../journeys/sign-in.js';
import { ada, signInOnPages } from '../party/relying-party.js';
import { untilUsersAreThere } from '../world/until-there.js';
import { embeddedWorld, type World } from '../world/world.js';

jest.setTimeout(30_000);

const secret = randomBytes(24).toString('base64url');

const partyAt = (site: string): string => `
tenant: acme
track: '-'
down_parties:
  - name: authjs
    type: oidc
    allow_up_parties: [login]
    redirect_uris: ['${site}/auth/callback/corsac']
    post_logout_redirect_uris: ['${site}/']
    secrets: ['${secret}']
`;

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
};

/** A site that has nothing but Auth.js. */
const siteOf = (site: string, config: AuthConfig): Server =>
  createServer((request, response) => {
    const answer = async (): Promise<void> => {
      const { method = 'GET', url = '/', headers } = request;
      const body = method === 'POST' ? await bodyOf(request) : undefined;
      const asked = new Request(new URL(url, site), { method, headers: headers as Record<string, string>, body });
      const said = await Auth(asked, config);
      response.writeHead(said.status, [...said.headers].flat());
      response.end(Buffer.from(await said.arrayBuffer()));
    };
    answer().catch((error: unknown) => response.writeHead(500).end(String(error)));
  });

describe('Auth.js with the defaults of its OpenID Connect provider', () => {
  let world: World;
  let site: string;
  let server: Server;

  beforeAll(async () => {
    const port = await freePort();
    site = `http://127.0.0.1:${port}`;
    world = await embeddedWorld({}, partyAt(site));
    server = siteOf(site, {
      providers: [
        {
          id: 'corsac',
          name: 'Corsac',
          type: 'oidc',
          issuer: `${world.base}/acme/-/authjs(login)`,
          clientId: 'authjs',
          clientSecret: secret,
        },
      ],
      secret: randomBytes(32).toString('base64url'),
      trustHost: true,
      basePath: '/auth',
      logger: { error: () => undefined },
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    await untilUsersAreThere(world, await shopOf(world));
  }, 120_000);
  afterAll(async () => {
    server?.closeAllConnections();
    server?.close();
    await world?.stop();
  });

  const newBrowser = (): Browser => new Browser(world.base, {}, [site]);
  const session = async (browser: Browser): Promise<unknown> =>
    JSON.parse((await browser.open(`${site}/auth/session`)).html);
  /** Its own page has a form with an anti-forgery value for every provider. */
  const toProvider = async (browser: Browser): Promise<Page> =>
    browser.submit(await browser.open(`${site}/auth/signin`));

  it('signs in, and its session shows the user', async () => {
    const browser = newBrowser();
    const page = await signInOnPages(browser, await toProvider(browser));
    expect(page.url.startsWith(site)).toBe(true);
    expect(await session(browser)).toMatchObject({ user: { name: 'Ada Lovelace', email: ada.username } });
  });

  it('signs in again without a question while the session at Corsac lasts, and signs out', async () => {
    const browser = newBrowser();
    await signInOnPages(browser, await toProvider(browser));
    await browser.submit(await browser.open(`${site}/auth/signout`));
    expect(await session(browser)).toBeNull();
    const again = await toProvider(browser);
    expect(again.url.startsWith(site)).toBe(true);
    expect(await session(browser)).toMatchObject({ user: { email: ada.username } });
  });

  it('shows its own error page for an answer that says so, and for one that it did not ask for', async () => {
    const browser = newBrowser();
    await toProvider(browser);
    const denied = await browser.open(`${site}/auth/callback/corsac?error=access_denied&state=x`);
    expect(denied.url).toMatch(/\/auth\/(?:error|signin)\?error=/);
    const planted = await newBrowser().open(`${site}/auth/callback/corsac?code=${'c'.repeat(43)}&state=x`);
    expect(planted.url).toMatch(/\/auth\/error\?error=/);
    expect(await session(browser)).toBeNull();
  });
});

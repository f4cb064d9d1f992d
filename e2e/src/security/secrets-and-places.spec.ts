import * as client from 'openid-client';
import { Browser } from '../browser/browser.js';
import { shopOf } from '../journeys/sign-in.js';
import { ada, RelyingParty, signInOnPages } from '../party/relying-party.js';
import { untilTracksAreThere, untilUsersAreThere } from '../world/until-there.js';
import { embeddedWorld, type OwnWorld } from '../world/world.js';

jest.setTimeout(30_000);

const statusAt = async (url: string, token: string): Promise<number> =>
  (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status;

const callback = 'http://localhost:4410/callback';
/** A track where an address waits after three failures, and an identifier never. */
const walled = `
tenants:
  - name: walled
    tracks:
      - name: '-'
        settings:
          brakes: { max_failing_logins: 0, max_failing_logins_per_address: 3, max_failing_requests_per_address: 3 }
        up_parties:
          - { name: login, type: login }
        down_parties:
          - { name: shop, type: oidc, allow_up_parties: [login], redirect_uris: ['${callback}'] }
`;

/** What somebody sends who would like to be somebody else each time. */
const forgedAddress = (attempt: number): Record<string, string> => {
  const address = `198.51.100.${attempt + 1}`;
  return { 'x-forwarded-for': address, 'x-real-ip': address, forwarded: `for=${address}`, 'true-client-ip': address };
};

describe('secrets and places', () => {
  let world: OwnWorld;
  let shop: RelyingParty;

  beforeAll(async () => {
    world = await embeddedWorld({}, walled, 'debug');
    shop = await shopOf(world);
    await untilUsersAreThere(world, shop);
  }, 120_000);
  afterAll(() => world?.stop());

  const signedIn = (browser: Browser) => shop.signIn(browser, { scope: 'openid email offline_access' });

  it('no secret, password, code, token or cookie of a journey is in the log, even at level debug', async () => {
    const browser = new Browser(world.base);
    const { tokens, claims, callback, begun } = await signedIn(browser);
    await shop.userInfo(tokens.access_token, claims.sub);
    const next = await client.refreshTokenGrant(shop.configuration, tokens.refresh_token ?? '');
    await client.tokenIntrospection(shop.configuration, next.access_token);
    const cookies = browser
      .cookiesFor(`${world.base}/acme/-/`)
      .split('; ')
      .map((pair) => pair.slice(pair.indexOf('=') + 1));
    await expect(client.refreshTokenGrant(shop.configuration, tokens.refresh_token ?? '')).rejects.toThrow();
    const secrets = [
      ...Object.values(world.secrets),
      ada.password,
      new URL(callback.url).searchParams.get('code') ?? '',
      begun.code_verifier,
      begun.state,
      begun.nonce,
      ...[tokens, next].flatMap(({ access_token, refresh_token, id_token }) => [access_token, refresh_token, id_token]),
      ...cookies,
    ].filter((secret): secret is string => secret !== undefined && secret.length > 7);
    expect(secrets.length).toBeGreaterThan(14);
    expect(world.log()).toContain('"level":"debug"');
    expect(secrets.filter((secret) => world.log().includes(secret))).toEqual([]);
  });

  it('a token of one track is worth nothing in another, and neither is its code', async () => {
    const { tokens } = await signedIn(new Browser(world.base));
    const userInfo = (track: string, party: string): string => `${world.base}/acme/${track}/${party}/oauth/userinfo`;
    expect(await statusAt(userInfo('-', 'shop(login)'), tokens.access_token)).toBe(200);
    expect(await statusAt(userInfo('partner', 'production-oidc(login)'), tokens.access_token)).toBe(401);
    const begun = await shop.begin();
    const answer = await fetch(`${world.base}/acme/partner/production-oidc(login)/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token: tokens.refresh_token ?? '',
        client_id: 'shop',
        client_secret: world.secrets['SHOP'] ?? '',
        code_verifier: begun.code_verifier,
      }),
    });
    expect(answer.status).toBe(401);
  });

  it('the cookies of a browser are of its tenant, and no key of one track is another’s', async () => {
    const browser = new Browser(world.base);
    await signedIn(browser);
    expect(browser.cookiesFor(`${world.base}/acme/-/`)).not.toBe('');
    expect(browser.cookiesFor(`${world.base}/other/-/`)).toBe('');
    const kids = async (track: string): Promise<string[]> => {
      const keys = await fetch(`${world.base}/acme/${track}/.well-known/openid-configuration/keys`);
      return ((await keys.json()) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);
    };
    const [first, second] = [await kids('-'), await kids('partner')];
    expect(first.filter((kid) => second.includes(kid))).toEqual([]);
  });

  it('an address waits after its failures, whatever address its requests claim to come from', async () => {
    await untilTracksAreThere(world, ['walled/-']);
    const victim = await RelyingParty.discover(world, {
      client_id: 'shop',
      redirect_uri: callback,
      tenant: 'walled',
      binding: '(login)',
    });
    const guess = async (attempt: number): Promise<number> => {
      const browser = new Browser(world.base, forgedAddress(attempt));
      const page = await browser.open((await victim.begin()).url);
      const user = { username: `user${attempt}@example.com`, password: 'no' };
      return (await signInOnPages(browser, page, user)).status;
    };
    const redeem = async (attempt: number): Promise<number> => {
      const body = new URLSearchParams({ grant_type: 'authorization_code', code: 'none', client_id: 'shop' });
      const headers = forgedAddress(attempt);
      return (await fetch(`${world.base}/walled/-/shop(login)/oauth/token`, { method: 'POST', headers, body })).status;
    };
    const inTurn = async (attempt: (number: number) => Promise<number>): Promise<number[]> => {
      const statuses: number[] = [];
      // Refusals are counted while the answers go out, so a quick one may still get the answer of the one before.
      while (statuses.length < 9 && statuses.at(-1) !== 429) statuses.push(await attempt(statuses.length));
      return statuses;
    };
    const [guessed, redeemed] = [await inTurn(guess), await inTurn(redeem)];
    expect([guessed[0], guessed.at(-1)]).toEqual([200, 429]);
    expect([redeemed[0], redeemed.at(-1)]).toEqual([400, 429]);
  });
});

import { Browser, type Page } from '../browser/browser.js';
import { ada, signInOnPages, type Begun, type RelyingParty } from '../party/relying-party.js';
import type { World } from '../world/world.js';
import { shopCallback, shopOf } from './sign-in.js';

/** Lets the form post itself that a provider answers with (form_post). */
const onward = async (browser: Browser, page: Page): Promise<Page> => {
  let current = page;
  for (let hop = 0; hop < 5 && current.forms[0]?.action.includes('/oauth/authorizationresponse'); hop += 1)
    current = await browser.submit(current);
  return current;
};

const framesOf = (page: Page): string[] =>
  [...page.html.matchAll(/<iframe [^>]*src="([^"]*)"/g)].map(([, src = '']) => src.replaceAll('&amp;', '&'));

const payloadOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;

/** What a user does at the shop who has an account at the partner. */
class Visit {
  readonly browser: Browser;

  constructor(private readonly world: World) {
    this.browser = new Browser(world.base);
  }

  /** The page that the sign-in begins with. */
  async begin(): Promise<{ shop: RelyingParty; begun: Begun; page: Page }> {
    const shop = await shopOf(this.world, '(partner-oidc)');
    const begun = await shop.begin();
    return { shop, begun, page: await this.browser.open(begun.url) };
  }

  async signIn() {
    const { shop, begun, page } = await this.begin();
    const callback = await onward(this.browser, await signInOnPages(this.browser, page));
    if (!callback.url.startsWith(shopCallback(this.world)))
      throw new Error(`${callback.url}: ${callback.html.slice(0, 800)}`);
    const tokens = await shop.redeem(callback.url, begun);
    return { shop, tokens, claims: tokens.claims()! };
  }

  /** A sign-in where nobody may be asked. */
  async silently(): Promise<Page> {
    const shop = await shopOf(this.world, '(partner-oidc)');
    return onward(this.browser, await this.browser.open((await shop.begin({ prompt: 'none' })).url));
  }
}

/** The production track, as the partner knows it: an application of its own. */
const productionAt = (world: World): Promise<RelyingParty> =>
  shopOf(world, '(login)', {
    client_id: 'production-oidc',
    track: 'partner',
    secret: world.secrets['PARTNER'],
    redirect_uri: `${world.base}/acme/-/(partner-oidc)/oauth/authorizationresponse`,
  });

/** Two tracks joined by OpenID Connect, as any other provider would be: the partner signs users in to the shop. */
export const interconnectJourneys = (of: () => World): void => {
  describe('an interconnect by OpenID Connect', () => {
    signsIn(of);
    signsOut(of);
  });
};

const signsIn = (of: () => World): void => {
  it('signs a user of the partner in, with claims, and the partner’s access token in the shop’s', async () => {
    const visit = new Visit(of());
    expect((await visit.begin()).page.url).toContain(`${of().base}/acme/partner/`);
    const { tokens, claims } = await visit.signIn();
    expect(claims).toMatchObject({ email: ada.username, auth_method: 'partner-oidc', auth_method_type: 'oidc' });
    expect(claims.sub).toMatch(/^partner-oidc\|/);
    const { access_token } = payloadOf(tokens.access_token);
    expect(access_token).toMatch(/^partner-oidc\|ey/);
    expect(payloadOf(String(access_token).split('|')[1] ?? '')).toMatchObject({
      client_id: 'production-oidc',
      sub: claims.sub.split('|')[1],
    });
  });

  it('is a session of the shop’s own track afterwards', async () => {
    const visit = new Visit(of());
    const { shop, claims } = await visit.signIn();
    const again = await shop.signInSilently(visit.browser);
    expect(again.claims).toMatchObject({ sub: claims.sub, sid: claims['sid'] });
  });

  it('asks the partner silently when nobody may be asked', async () => {
    expect((await new Visit(of()).silently()).url).toContain('error=login_required');
  });
};

const signsOut = (of: () => World): void => {
  it('logs out at the partner too, and comes back to the shop', async () => {
    const visit = new Visit(of());
    const { browser } = visit;
    const { shop, tokens } = await visit.signIn();
    const home = `${of().shop}/`;
    const url = shop.endSessionUrl({ id_token_hint: tokens.id_token!, post_logout_redirect_uri: home });
    const there = await browser.open(url);
    expect(there.url).toContain(`${of().base}/acme/partner/`);
    for (const frame of framesOf(there)) expect((await browser.open(frame)).status).toBe(200);
    const here = await browser.submit(there);
    expect(here.url).toContain(`${of().base}/acme/-/`);
    expect(here.html).toContain(`${of().shop}/frontchannel-logout`);
    expect((await browser.submit(here)).url).toBe(home);
    expect((await visit.silently()).url).toContain('error=login_required');
  });

  it('ends in the shop’s track when it ends at the partner, in a frame without cookies', async () => {
    const visit = new Visit(of());
    await visit.signIn();
    const asked = await visit.browser.open((await productionAt(of())).endSessionUrl({}));
    const there = await visit.browser.submit(asked);
    const [frame] = framesOf(there).filter((address) => address.includes('/(partner-oidc)/oauth/frontchannellogout?'));
    expect(frame).toContain('iss=');
    const inside = await new Browser(of().base).open(frame ?? '');
    expect(inside.status).toBe(200);
    expect(inside.headers.get('content-security-policy')).toContain(`frame-ancestors ${of().base}`);
    expect((await visit.silently()).url).toContain('error=login_required');
  });
};

import { Browser, type Page } from '../browser/browser.js';
import { ada, signInOnPages } from '../party/relying-party.js';
import { readIdpMetadata, ServiceProvider } from '../party/service-provider.js';
import type { World } from '../world/world.js';
import { shopCallback, shopOf } from './sign-in.js';

const email = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress';
const shopHome = (world: World): string => `${world.shop}/`;

/** Posts every form that would post itself, until a page is for people. */
export const onward = async (browser: Browser, page: Page): Promise<Page> => {
  let current = page;
  for (let hop = 0; hop < 10 && isPosting(current); hop += 1) current = await browser.submit(current);
  return current;
};

const isPosting = ({ status, forms }: Page): boolean =>
  status === 200 && forms[0] !== undefined && ('SAMLResponse' in forms[0].fields || 'SAMLRequest' in forms[0].fields);

/** Loads the frames of a logout page, as a browser does, and everything that happens inside them. */
const loadFrames = async (browser: Browser, page: Page): Promise<Page[]> => {
  const addresses = [...page.html.matchAll(/<iframe [^>]*src="([^"]*)"/g)].map(([, src = '']) =>
    src.replaceAll('&amp;', '&'),
  );
  const loaded: Page[] = [];
  for (const address of addresses) {
    const inner = await onward(browser, await browser.open(address));
    loaded.push(inner, ...(inner.html.includes('<iframe') ? await loadFrames(browser, inner) : []));
    if (inner.html.includes('<iframe')) loaded.push(await onward(browser, await browser.submit(inner)));
  }
  return loaded;
};

/** SAML both ways, with the track that is the identity provider and the track that trusts it, and with a strict application. */
export const samlJourneys = (of: () => World): void => {
  describe('SAML', () => {
    it('signs a user of the partner in to the shop, with claims as by any other way', async () => {
      const browser = new Browser(of().base);
      const shop = await shopOf(of(), '(partner-saml)');
      const begun = await shop.begin();
      const asked = await browser.open(begun.url);
      expect(asked.url).toContain(`${of().base}/acme/partner/`);
      const callback = await onward(browser, await signInOnPages(browser, asked));
      expect(callback.url).toContain(`${shopCallback(of())}?`);
      const claims = (await shop.redeem(callback.url, begun)).claims();
      expect(claims).toMatchObject({ email: ada.username, name: 'Ada Lovelace', auth_method: 'partner-saml' });
      expect(claims?.sub).toMatch(/^partner-saml\|/);
      const again = await shop.signInSilently(browser);
      expect(again.claims['sid']).toBe(claims?.['sid']);
    });

    it('asks the partner silently when nobody may be asked', async () => {
      const browser = new Browser(of().base);
      const shop = await shopOf(of(), '(partner-saml)');
      const none = await onward(browser, await browser.open((await shop.begin({ prompt: 'none' })).url));
      expect(none.url).toContain('error=login_required');
    });

    it('signs the partner out with the shop', async () => {
      const browser = new Browser(of().base);
      const shop = await shopOf(of(), '(partner-saml)');
      const begun = await shop.begin();
      const callback = await onward(browser, await signInOnPages(browser, await browser.open(begun.url)));
      const tokens = await shop.redeem(callback.url, begun);
      const url = shop.endSessionUrl({
        id_token_hint: tokens.id_token!,
        post_logout_redirect_uri: shopHome(of()),
        state: 's',
      });
      const frames = await onward(browser, await browser.open(url));
      expect(frames.html).toContain(`${of().shop}/frontchannel-logout?`);
      expect((await browser.submit(frames)).url).toBe(`${shopHome(of())}?state=s`);
      const asked = await browser.open((await shop.begin()).url);
      expect(asked.forms[0]?.fields).toHaveProperty('username');
      expect(asked.url).toContain(`${of().base}/acme/partner/`);
    });

    it('signs a user in to a strict application, and out again by its request', async () => {
      const browser = new Browser(of().base);
      const legacy = await ServiceProvider.discover(of());
      const posting = await signInOnPages(browser, await browser.open(await legacy.begin()));
      expect(posting.forms[0]).toMatchObject({ action: 'http://localhost:4414/acs', fields: { RelayState: 'there' } });
      const profile = await legacy.accept(posting.forms[0]);
      expect(profile).toMatchObject({ issuer: `${of().base}/acme/legacy`, [email]: ada.username });
      expect(profile.sessionIndex).toEqual(expect.any(String));
      await expect(legacy.accept(posting.forms[0])).rejects.toThrow(/InResponseTo/);
      const out = await onward(browser, await browser.open(await legacy.saml.getLogoutUrlAsync(profile, 'bye', {})));
      expect(out.url).toBe('http://localhost:4414/slo');
      const form = Object.fromEntries(new URLSearchParams(out.html));
      expect(form['RelayState']).toBe('bye');
      expect(await legacy.isLoggedOut(form)).toBe(true);
      const again = await browser.open(await legacy.begin());
      expect(again.forms[0]?.fields).toHaveProperty('username');
    });

    it('answers a second sign-in from the session, and a passive one with NoPassive when there is none', async () => {
      const browser = new Browser(of().base);
      const legacy = await ServiceProvider.discover(of(), { passive: true });
      const refused = await browser.open(await legacy.begin());
      expect(Buffer.from(refused.forms[0]?.fields['SAMLResponse'] ?? '', 'base64').toString()).toContain(
        'urn:oasis:names:tc:SAML:2.0:status:NoPassive',
      );
      const asking = await ServiceProvider.discover(of());
      const first = await asking.accept(
        (await signInOnPages(browser, await browser.open(await asking.begin()))).forms[0],
      );
      const second = await legacy.accept((await browser.open(await legacy.begin())).forms[0]);
      expect(second.sessionIndex).toBe(first.sessionIndex);
      expect(second.nameID).toBe(first.nameID);
    });

    it('tells an application of the partner inside a frame, and hears its answer', async () => {
      const browser = new Browser(of().base);
      const shop = await shopOf(of(), '(partner-saml)');
      const begun = await shop.begin();
      await onward(browser, await signInOnPages(browser, await browser.open(begun.url)));
      // The partner's own application ends the session there: the track that trusts it is told in a frame.
      const partner = await shopOf(of(), '(login)', {
        client_id: 'production-oidc',
        track: 'partner',
        secret: of().secrets['PARTNER'],
        redirect_uri: `${of().base}/acme/-/(partner-oidc)/oauth/authorizationresponse`,
      });
      const asked = await browser.open(partner.endSessionUrl({}));
      const frames = await browser.submit(asked);
      expect(frames.html).toContain('/saml/');
      const loaded = await loadFrames(browser, frames);
      expect(loaded.some(({ html }) => html.includes('data-told="confirmed"'))).toBe(true);
      const silent = await browser.open((await shop.begin({ prompt: 'none' })).url);
      expect((await onward(browser, silent)).url).toContain('error=login_required');
    });

    it('shows metadata that may be kept, and that says nothing new until it changes', async () => {
      const url = `${of().base}/acme/partner/production-saml(login)/saml/idpmetadata`;
      const first = await fetch(url);
      expect(first.headers.get('cache-control')).toContain('public');
      const etag = first.headers.get('etag') ?? '';
      expect((await fetch(url, { headers: { 'if-none-match': etag } })).status).toBe(304);
      expect(await readIdpMetadata(url)).toMatchObject({
        entity_id: `${of().base}/acme/partner`,
        sso: `${of().base}/acme/partner/production-saml(login)/saml/authn`,
      });
      const sp = await fetch(`${of().base}/acme/-/(partner-saml)/saml/spmetadata`);
      expect(await sp.text()).toContain(`Location="${of().base}/acme/-/(partner-saml)/saml/acs"`);
    });
  });
};

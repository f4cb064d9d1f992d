import { Browser } from '../browser/browser.js';
import { RelyingParty, signInOnPages } from '../party/relying-party.js';
import { ServiceProvider } from '../party/service-provider.js';
import { SoapApplication } from '../party/soap-application.js';
import { untilTracksAreThere } from '../world/until-there.js';
import type { OwnWorld } from '../world/world.js';
import { onward } from './saml.js';

const hank = { username: 'hank@globex.example', password: 'Hank-demo-of-a-test-1' };
const deskCallback = 'https://desk.example.com/callback';
const deskStart = 'https://desk.example.com/start';
const success = 'urn:oasis:names:tc:SAML:2.0:status:Success';

/**
 * A tenant whose track `hq` is the identity provider and whose track `-` trusts it, with an application of each kind: both
 * ends take what nobody asked for, and speak SOAP when somebody logs out.
 */
export class UnaskedSetUp {
  readonly wiki = new SoapApplication('wiki', 'urn:globex:wiki');
  private application: object = {};

  async prepare(): Promise<void> {
    this.application = await this.wiki.prepare();
  }

  close(): Promise<void> {
    return this.wiki.close();
  }

  /**
   * A declarative file.
   * @param certificates of both tracks, once they are known: then LogoutRequests over SOAP of the track that trusts count, and the
   *   identity provider is one that takes them in no other way
   */
  file(certificates?: { readonly trusting: string; readonly hq: string }): string {
    const trusting = '${CORSAC_BASE_URL}/globex/-';
    const portal = {
      type: 'saml2',
      name: 'portal',
      issuer: trusting,
      allow_up_parties: ['login'],
      acs_urls: [`${trusting}/(hq)/saml/acs`],
      enable_idp_initiated: true,
      single_logout_soap_url: `${trusting}/(hq)/saml/singlelogout`,
      authn_response_sign_type: 'sign_assertion',
      claims: [{ claim: '*' }],
      ...(certificates && { keys: [certificates.trusting], metadata_contact_persons: [{ company: 'Globex' }] }),
    };
    const client = { type: 'oidc', token_endpoint_auth_method: 'none', redirect_uris: [deskCallback] };
    const intranet = { ...client, name: 'intranet', allow_up_parties: ['login'] };
    const desk = { ...client, name: 'desk', allow_up_parties: ['hq'], initiate_login_uri: deskStart };
    const wiki = { ...this.application, allow_up_parties: ['hq'], enable_idp_initiated: true };
    const provider = '${CORSAC_BASE_URL}/globex/hq/portal/saml';
    const byHand = certificates && {
      update_state: 'manual',
      keys: [certificates.hq],
      authn_url: `${provider}/authn`,
      single_logout_soap_url: `${provider}/logout`,
    };
    const hq = {
      type: 'saml2',
      name: 'hq',
      ...(byHand ?? { metadata_url: `${provider}/idpmetadata` }),
      issuers: ['${CORSAC_BASE_URL}/globex/hq'],
      enable_idp_initiated: true,
      idp_initiated_party: 'desk',
    };
    const head = {
      name: 'hq',
      up_parties: [{ type: 'login', name: 'login' }],
      down_parties: [portal, intranet],
      users: [{ email: hank.username, password: hank.password }],
    };
    const tracks = [head, { name: '-', up_parties: [hq], down_parties: [desk, wiki] }];
    return JSON.stringify({ tenants: [{ name: 'globex', tracks }] });
  }
}

const until = async (what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> => {
  for (let tries = 0; tries < 300; tries += 1) {
    if (await isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${what} did not come true within half a minute`);
};

/** The certificate that a track signs with, as its metadata says. */
const certificateIn = async (url: string): Promise<string> => {
  const xml = await (await fetch(url)).text();
  return /use="signing">.*?<ds:X509Certificate>([^<]*)</s.exec(xml)?.[1] ?? '';
};

/**
 * Sign-ins that begin at the identity provider, from both its ends, and logouts without a browser.
 * @param others what else the installation is configured with
 */
export const unaskedJourneys = (of: () => OwnWorld, setUp: UnaskedSetUp, others: () => readonly string[]): void => {
  describe('SAML that nobody asked for', () => {
    const at = (path: string): string => `${of().base}/globex/${path}`;
    const link = (relayState?: string): string =>
      `${at('hq/portal/saml/initiate')}${relayState === undefined ? '' : `?RelayState=${encodeURIComponent(relayState)}`}`;
    /** Whether the identity provider would ask for a password. */
    const isSignedOutThere = async (browser: Browser): Promise<boolean> =>
      (await browser.open(link())).forms[0]?.fields['username'] !== undefined;
    const intranet = (): Promise<RelyingParty> => {
      const options = { client_id: 'intranet', tenant: 'globex', track: 'hq', redirect_uri: deskCallback };
      return RelyingParty.discover(of(), options);
    };
    const deskOf = (): Promise<RelyingParty> =>
      RelyingParty.discover(of(), { client_id: 'desk', tenant: 'globex', redirect_uri: deskCallback });
    const wikiProvider = (): Promise<ServiceProvider> => {
      const { acs, entity_id } = setUp.wiki;
      const own = { callbackUrl: acs, issuer: entity_id, audience: entity_id, validateInResponseTo: 'never' as never };
      return ServiceProvider.discover(of(), own, 'globex/-/wiki');
    };
    /** From the link at the identity provider to the wiki. */
    const toWiki = async (browser: Browser) => {
      const asked = await browser.open(link('app_name=wiki&app_type=saml2&app_redirect=/page'));
      const posting = await onward(browser, await signInOnPages(browser, asked, hank));
      const fields = Object.fromEntries(new URLSearchParams(posting.html));
      const form = { action: posting.url, method: 'post' as const, fields };
      const { nameID, nameIDFormat, sessionIndex = '' } = await (await wikiProvider()).accept(form);
      return { fields, url: posting.url, user: { nameID, nameIDFormat, sessionIndex } };
    };

    beforeAll(async () => {
      await untilTracksAreThere(of(), ['globex/hq', 'globex/-']);
      await until('Hank', async () => {
        const browser = new Browser(of().base);
        const callback = await signInOnPages(browser, await browser.open(link()), hank);
        return callback.forms[0]?.fields['SAMLResponse'] !== undefined;
      });
    }, 90_000);

    it('signs a user in by a link at the identity provider, to an application that did not ask', async () => {
      const { url, fields, user } = await toWiki(new Browser(of().base));
      expect([url, fields['RelayState']]).toEqual([setUp.wiki.acs, '/page']);
      expect(user.nameID).toMatch(/^hq\|/);
      const response = Buffer.from(fields['SAMLResponse'] ?? '', 'base64').toString();
      expect(response).not.toContain('InResponseTo');
    });

    it('opens the page of an OpenID Connect application, whose own sign-in is then answered without asking', async () => {
      const browser = new Browser(of().base);
      const page = await onward(browser, await signInOnPages(browser, await browser.open(link()), hank));
      const desk = await deskOf();
      const { issuer } = desk.configuration.serverMetadata();
      expect(page.url).toBe(`${deskStart}?iss=${encodeURIComponent(issuer)}`);
      const { claims } = await desk.signInSilently(browser);
      expect(claims).toMatchObject({ email: hank.username, auth_method: 'hq' });
    });

    it('tells a logout at the identity provider over SOAP to the track that trusts it, and that to its application', async () => {
      const browser = new Browser(of().base);
      const { user } = await toWiki(browser);
      await browser.submit(await browser.open((await intranet()).endSessionUrl({})));
      await until('the wiki being told', () => setUp.wiki.toldOf.includes(user.sessionIndex));
      expect(await isSignedOutThere(browser)).toBe(true);
    });

    describe('with the certificates of both ends', () => {
      beforeAll(async () => {
        const metadata = at('hq/portal/saml/idpmetadata');
        const trusting = await certificateIn(at('-/(hq)/saml/spmetadata'));
        await of().configure([...others(), setUp.file({ trusting, hq: await certificateIn(metadata) })]);
        await until('the certificate', async () => (await (await fetch(metadata)).text()).includes('Globex'));
      }, 60_000);

      it('ends the session at the identity provider, too, when an application says over SOAP that its user has left', async () => {
        const browser = new Browser(of().base);
        const { user } = await toWiki(browser);
        expect(await isSignedOutThere(browser)).toBe(false);
        expect(await setUp.wiki.leave(at('-/wiki/saml/logout'), user)).toEqual([success]);
        expect(await isSignedOutThere(browser)).toBe(true);
      });

      it('asks an identity provider that takes SOAP only without a visit of the browser', async () => {
        const browser = new Browser(of().base);
        await onward(browser, await signInOnPages(browser, await browser.open(link()), hank));
        const desk = await deskOf();
        const { tokens } = await desk.signInSilently(browser);
        const asked = { id_token_hint: tokens.id_token!, post_logout_redirect_uri: deskCallback };
        expect((await browser.open(desk.endSessionUrl(asked))).url).toBe(deskCallback);
        expect(browser.requests.filter((request) => request.includes('/saml/logout'))).toEqual([]);
        expect(await isSignedOutThere(browser)).toBe(true);
      });
    });
  });
};

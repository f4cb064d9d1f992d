import { acceptResponse, statusCodes } from '@corsac/saml';
import { describeWith } from '@corsac/testing/backing';
import type { Page } from '../fixtures/oidc-up-party/browser.js';
import { SamlFlow } from '../fixtures/saml/flow.js';
import {
  acs,
  idpParty,
  now,
  peerSigner,
  readSent,
  respond,
  strangerSigner,
  type Spoken,
} from '../fixtures/saml/test-idp.js';
import { ourKey, postedTo, spAcs, spEntityId, spParty } from '../fixtures/saml/test-sp.js';
import { base, SamlWorld } from '../fixtures/saml/world.js';

const initiate = 'https://portal.test/start';
const portal = (more: object = {}): object => ({
  type: 'oidc',
  name: 'portal',
  redirect_uris: ['https://portal.test/callback'],
  initiate_login_uri: initiate,
  token_endpoint_auth_method: 'none',
  allow_up_parties: ['idp'],
  claims: [{ claim: '*' }],
  ...more,
});
const refeds = 'https://refeds.org/profile/mfa';

describeWith('postgres', (databaseUrl) => {
  const world = new SamlWorld();
  const flow = new SamlFlow(world);
  beforeAll(() => world.start(databaseUrl), 60_000);
  afterAll(() => world.stop());
  beforeEach(async () => {
    world.sessions.kept.splice(0);
    world.sessions.isAway = false;
    await world.have([idpParty({ enable_idp_initiated: true })], [spParty({ enable_idp_initiated: true }), portal()]);
  });

  const unasked: Spoken = { response: { in_response_to: undefined }, assertion: { in_response_to: undefined } };
  /** What the identity provider has a browser bring although nobody asked. */
  const brought = (relayState: string, more: Spoken = {}) =>
    respond(
      { id: '', relayState },
      {
        ...more,
        response: { ...unasked.response, ...more.response },
        assertion: { ...unasked.assertion, ...more.assertion },
      },
    );
  const bring = async (relayState: string, more: Spoken = {}, browser = world.browser()) => {
    const page = await browser.go(acs, { form: await brought(relayState, more), from: 'https://idp.test/portal' });
    return { browser, page };
  };
  const unsolicited = (page: Page) =>
    acceptResponse(postedTo(page, spAcs), {
      issuer: `${base}/acme/-`,
      audience: spEntityId,
      recipients: [spAcs],
      pending_request_id: undefined,
      allow_unsolicited: true,
      now: now(),
      party: { keys: [ourKey] },
    });
  const authorizeAt = (more: Record<string, string> = {}) =>
    `${base}/acme/-/portal/oauth/authorize?${new URLSearchParams({
      client_id: 'portal',
      redirect_uri: 'https://portal.test/callback',
      response_type: 'code',
      scope: 'openid',
      state: 's',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
      ...more,
    }).toString()}`;
  const isAskedAbove = (page: Page): boolean => page.url.startsWith('https://idp.test/sso');

  describe('a sign-in that an identity provider begins, SAML Profiles 4.1.5', () => {
    it('leads to a SAML application by a response that it did not ask for, with its own RelayState', async () => {
      const { page } = await bring('app_name=app&app_type=saml2&app_redirect=https%3A%2F%2Fapp.test%2Fdeep');
      expect(await unsolicited(page)).toMatchObject({
        ok: true,
        value: {
          in_response_to: undefined,
          relay_state: 'https://app.test/deep',
          assertion: { name_id: { value: 'idp|u-7' }, authn: { session_index: world.sessions.latest.sid } },
        },
      });
      expect(world.sessions.latest.upstream).toMatchObject({ sid: '_session-1' });
    });

    it('leads to the page of an OpenID Connect application, which then finds the user, once', async () => {
      const { browser, page } = await bring('app_name=portal&app_type=oidc');
      expect(page.url).toBe(`${initiate}?iss=${encodeURIComponent(`${base}/acme/-/portal`)}`);
      expect(world.sessions.kept).toEqual([]);
      const back = await browser.go(authorizeAt());
      expect(new URL(back.url).searchParams.get('code')).toMatch(/^code-/);
      expect(world.tokens.latest).toMatchObject({ sub: 'idp|u-7', claims: { email: 'ada@example.com' } });
      expect(world.sessions.latest.parties[0]).toMatchObject({ party: 'portal', type: 'oidc' });
      world.sessions.kept.splice(0);
      expect(isAskedAbove(await browser.go(authorizeAt()))).toBe(true);
    });

    it('may lead to a redirect URI that the RelayState names, and nowhere else', async () => {
      const named = (url: string) => `app_name=portal&app_redirect=${encodeURIComponent(url)}`;
      const { page } = await bring(named('https://portal.test/callback'));
      expect(page.url).toContain('https://portal.test/callback?iss=');
      for (const url of ['https://evil.test/', 'https://portal.test/callback/x', `${initiate}?x=1`, 'javascript:1'])
        expect((await bring(named(url))).page.status).toBe(400);
    });

    it('leads where the up-party is set up to when the RelayState names nobody', async () => {
      await world.have(
        [idpParty({ enable_idp_initiated: true, idp_initiated_party: 'portal' })],
        [spParty({ enable_idp_initiated: true }), portal({ issuer: 'track' })],
      );
      for (const relayState of ['', 'https://idp.test/whatever'])
        expect((await bring(relayState)).page.url).toBe(`${initiate}?iss=${encodeURIComponent(`${base}/acme/-`)}`);
      expect(await unsolicited((await bring('app_name=app')).page)).toMatchObject({ ok: true });
    });

    it.each([
      ['another browser', {}, true],
      ['prompt=login', { prompt: 'login' }, false],
      ['a second factor', { acr_values: 'mfa' }, false],
      ['a younger sign-in', { max_age: '1' }, false],
    ])('does not answer a request of %s', async (_what, more, isOther) => {
      const { browser } = await bring('app_name=portal', {
        assertion: { authn: { instant: now() - 60, class_ref: 'urn:x' } },
      });
      const page = await (isOther ? world.browser() : browser).go(authorizeAt(more as Record<string, string>));
      expect(isAskedAbove(page)).toBe(true);
    });

    it('does not answer the request of another application', async () => {
      const { browser } = await bring('app_name=portal');
      expect(isAskedAbove(await browser.go(world.authorizeUrl('idp')))).toBe(true);
    });

    it('leaves other journeys of the browser as they are', async () => {
      const browser = world.browser();
      const asked = readSent((await browser.go(world.authorizeUrl('idp'))).url);
      await bring('app_name=portal', {}, browser);
      const page = await flow.answer(browser, await respond(asked));
      expect(new URL(page.url).searchParams.get('code')).toMatch(/^code-/);
    });

    it('does not take the place of somebody who is signed in without a question', async () => {
      const { browser } = await bring('app_name=app');
      const before = world.sessions.latest;
      const other: Spoken = { assertion: { name_id: { value: 'eve' }, attributes: [] } };
      const { page } = await bring('app_name=app', other, browser);
      expect(page.html).toContain('You are signed in as ada@example.com. idp wants to sign you in as idp|eve.');
      expect(world.sessions.kept.map(({ session }) => session)).toEqual([before]);
      const stayed = await browser.submit(page, { step: 'switch_user_stay' });
      expect(stayed.html).toContain('You are still signed in');
      expect((await browser.submit(page, { step: 'switch_user' })).status).toBe(400);
      const again = await bring('app_name=app', other, browser);
      const switched = await browser.submit(again.page, { step: 'switch_user' });
      expect(await unsolicited(switched)).toMatchObject({ value: { assertion: { name_id: { value: 'idp|eve' } } } });
    });

    it('asks the same before an OpenID Connect application; a form without its token is refused', async () => {
      const { browser } = await bring('app_name=app');
      const { page } = await bring('app_name=portal', { assertion: { name_id: { value: 'eve' } } }, browser);
      expect((await browser.submit(page, { step: 'switch_user', form_token: 'x' })).status).toBe(403);
      expect((await browser.submit(page, { step: 'switch_user' })).url).toContain(initiate);
    });

    it('of the same user asks nothing', async () => {
      const { browser } = await bring('app_name=app');
      expect((await bring('app_name=portal', {}, browser)).page.url).toContain(initiate);
    });
  });

  describe('a response that nobody asked for', () => {
    it.each([
      ['names nobody', '', 'RelayState that names an application'],
      ['names an unknown application', 'app_name=nobody', 'names no application here'],
      ['names another kind', 'app_name=portal&app_type=saml2', 'names no application here'],
      ['names two', 'app_name=portal&app_name=app', 'RelayState that names an application'],
      ['is for an application that does not allow it', 'app_name=closed', 'does not allow this identity provider'],
      ['is for an application that takes none', 'app_name=strict', 'takes no response that it did not ask for'],
      ['is for an application without a page to begin at', 'app_name=plain', 'has no initiate_login_uri'],
    ])('that %s signs nobody in', async (_what, relayState, text) => {
      const parties = [
        portal(),
        portal({ name: 'closed', allow_up_parties: [] }),
        portal({ name: 'plain', initiate_login_uri: undefined }),
        spParty({ name: 'strict', issuer: 'urn:strict' }),
      ];
      await world.have([idpParty({ enable_idp_initiated: true })], parties);
      const { page } = await bring(relayState);
      expect([page.status, page.html.includes(text)]).toEqual([400, true]);
      expect(world.sessions.kept).toEqual([]);
    });

    const hostile: [string, Spoken, string][] = [
      ['unsigned', { protection: {} }, 'signature_missing'],
      ['signed by somebody else', { protection: { signer: strangerSigner } }, 'signature_invalid'],
      ['for another audience', { assertion: { audience: 'urn:other' } }, 'audience_mismatch'],
      ['for another recipient', { assertion: { recipient: 'https://other.test/acs' } }, 'recipient_mismatch'],
      ['that is over', { assertion: { issued_at: now() - 9000, lifetime: 60 } }, 'expired'],
      ['to a request of somebody', { response: { in_response_to: '_x' } }, 'in_response_to_mismatch'],
      ['confirmed for a request', { assertion: { in_response_to: '_x' } }, 'in_response_to_mismatch'],
      [
        'of an error',
        { response: { assertion: undefined, status: { code: statusCodes.responder } }, signer: peerSigner },
        'status_not_success',
      ],
    ];
    it.each(hostile)('%s is not believed', async (_what, spoken, reason) => {
      const { page } = await bring('app_name=app', spoken);
      expect([page.status, page.html.includes(reason)]).toEqual([400, true]);
      expect(world.sessions.kept).toEqual([]);
    });

    it('is taken once, in whatever browser', async () => {
      const form = await brought('app_name=app');
      const from = 'https://idp.test/';
      expect(await unsolicited(await world.browser().go(acs, { form, from }))).toMatchObject({ ok: true });
      const again = await world.browser().go(acs, { form, from });
      expect([again.status, again.html.includes('used before')]).toEqual([400, true]);
    });

    it('cannot be one that was asked for and lost its RelayState', async () => {
      const browser = world.browser();
      const asked = readSent((await browser.go(world.authorizeUrl('idp'))).url);
      const form = await respond({ ...asked, relayState: 'app_name=app' });
      const page = await browser.go(acs, { form, from: 'https://idp.test/' });
      expect([page.status, page.html.includes('in_response_to_mismatch')]).toEqual([400, true]);
    });

    it('of a class that the up-party does not take is refused', async () => {
      const up = idpParty({ enable_idp_initiated: true, authn_context_class_references: [refeds] });
      await world.have([up], [spParty({ enable_idp_initiated: true })]);
      const { page } = await bring('app_name=app');
      expect([page.status, page.html.includes('unmet_authentication_requirements')]).toEqual([400, true]);
    });

    it('is not used up while the session service is silent', async () => {
      const { browser } = await bring('app_name=app');
      const form = await brought('app_name=app');
      world.sessions.isAway = true;
      expect((await browser.go(acs, { form, from: 'https://idp.test/' })).status).toBe(503);
      world.sessions.isAway = false;
      expect(await unsolicited(await browser.go(acs, { form, from: 'https://idp.test/' }))).toMatchObject({ ok: true });
    });

    it('is refused where the up-party does not allow it', async () => {
      await world.have([idpParty({ idp_initiated_party: 'app' })], [spParty({ enable_idp_initiated: true })]);
      const { page } = await bring('app_name=app');
      expect([page.status, page.html.includes('begin at the application')]).toEqual([400, true]);
    });
  });

  describe('a sign-in that begins here for a SAML application', () => {
    const start = `${base}/acme/-/app(idp)/saml/initiate`;
    const signIn = async (query: string) => {
      const browser = world.browser();
      const asked = readSent((await browser.go(`${start}${query}`)).url);
      return { browser, asked, page: await flow.answer(browser, await respond(asked)) };
    };

    it('ends with a response that it did not ask for, with the RelayState of the link', async () => {
      const { asked, page } = await signIn('?RelayState=https%3A%2F%2Fapp.test%2Fdeep&login_hint=ada%40example.com');
      expect(asked.xml).toContain('>ada@example.com</saml:NameID>');
      expect(await unsolicited(page)).toMatchObject({
        ok: true,
        value: { in_response_to: undefined, relay_state: 'https://app.test/deep' },
      });
      const xml = Buffer.from(page.forms[0]?.fields['SAMLResponse'] ?? '', 'base64').toString();
      expect(xml).not.toContain('InResponseTo');
    });

    it('is answered from the session when there is one', async () => {
      const { browser } = await signIn('');
      expect(await unsolicited(await browser.go(start))).toMatchObject({ ok: true });
    });

    it.each([
      ['an address that is not the application’s', '?acs_url=https%3A%2F%2Fevil.test%2F'],
      ['a parameter twice', '?RelayState=a&RelayState=b'],
      ['a RelayState that is too long', `?RelayState=${'x'.repeat(2049)}`],
      ['a hint that is too long', `?login_hint=${'x'.repeat(301)}`],
    ])('%s is refused', async (_what, query) => {
      expect((await world.browser().go(`${start}${query}`)).status).toBe(400);
    });

    it('goes to another address of the application where the link says so', async () => {
      const { page } = await signIn('?acs_url=https%3A%2F%2Fapp.test%2Fother-acs');
      expect(page.forms[0]?.action).toBe('https://app.test/other-acs');
    });

    it('is refused where the application does not take such responses, and where nobody is', async () => {
      await world.have([idpParty()], [spParty()]);
      expect((await world.browser().go(start)).status).toBe(400);
      const statusOf = async (path: string, init?: RequestInit) => (await world.rig.fetch(path, init)).status;
      expect(await statusOf('/acme/-/nobody/saml/initiate')).toBe(404);
      expect(await statusOf('/acme/-/shop/saml/initiate')).toBe(404);
      expect(await statusOf('/acme/-/app(nobody)/saml/initiate')).toBe(400);
    });
  });
});

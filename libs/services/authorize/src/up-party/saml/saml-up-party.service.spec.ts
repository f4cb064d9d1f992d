import { randomBytes } from 'node:crypto';
import { nameIdFormats, readCertificate, statusCodes } from '@corsac/saml';
import { describeWith } from '@corsac/testing/backing';
import { trackKeys } from '../../fixtures/saml/keys.js';
import {
  acs,
  email,
  idpEntityId,
  idpMetadata,
  idpParty,
  now,
  peerSigner,
  readSent,
  respond,
  strangerSigner,
  type Spoken,
} from '../../fixtures/saml/test-idp.js';
import { base, redirectUri, SamlWorld } from '../../fixtures/saml/world.js';

const answerOf = (url: string): Record<string, string> => {
  if (!url.startsWith(redirectUri)) throw new Error(`not back at the shop but at ${url}`);
  return Object.fromEntries(new URL(url).searchParams);
};

describeWith('postgres', (databaseUrl) => {
  const world = new SamlWorld();
  beforeAll(() => world.start(databaseUrl), 60_000);
  afterAll(() => world.stop());
  beforeEach(async () => {
    world.isTokenAway = false;
    await world.have([idpParty()]);
  });

  const ask = async (browser = world.browser(), more: Record<string, string> = {}) => {
    const page = await browser.go(world.authorizeUrl('idp', more));
    return { browser, asked: readSent(page.url) };
  };
  const post = (browser: ReturnType<typeof world.browser>, form: Record<string, string>) =>
    browser.go(acs, { form, from: `${base}/same-site` });
  const signIn = async (spoken: Spoken = {}) => {
    const { browser, asked } = await ask();
    return { browser, asked, page: await post(browser, await respond(asked, spoken)) };
  };

  describe('a sign-in by a SAML identity provider', () => {
    it('asks by a request whose RelayState has at most 80 bytes, and takes the answer', async () => {
      const { asked, page } = await signIn();
      expect(Buffer.byteLength(asked.relayState)).toBeLessThanOrEqual(80);
      expect(asked.signed).toBe(false);
      expect(answerOf(page.url)).toMatchObject({ state: 'state-of-shop', code: expect.any(String) });
      expect(world.tokens.latest).toMatchObject({
        sub: 'idp|u-7',
        amr: ['pwd'],
        claims: {
          email: 'ada@example.com',
          auth_method: 'idp',
          auth_method_type: 'saml2',
          auth_method_issuer: `idp|${idpEntityId}`,
          sub_format: nameIdFormats.persistent,
        },
      });
      expect(world.sessions.latest.upstream).toEqual({
        issuer: idpEntityId,
        sid: '_session-1',
        sub: 'u-7',
        name_id: { value: 'u-7', format: nameIdFormats.persistent },
      });
    });

    it.each([
      ['prompt=login', { prompt: 'login' }, 'ForceAuthn="true"'],
      ['max_age', { max_age: '60' }, 'ForceAuthn="true"'],
      ['prompt=none', { prompt: 'none' }, 'IsPassive="true"'],
      ['a login hint', { login_hint: 'ada@example.com' }, '>ada@example.com</saml:NameID>'],
      ['mfa', { acr_values: 'mfa' }, '<saml:AuthnContextClassRef xmlns:saml='],
    ])('passes %s on', async (_name, more, expected) => {
      expect((await ask(world.browser(), more as never)).asked.xml).toContain(expected);
    });

    it('signs its request when it is told to, and says so when nobody can sign now', async () => {
      await world.have([idpParty({ sign_authn_requests: true, authn_context_class_references: ['urn:one'] })]);
      const { asked } = await ask();
      expect(asked.signed).toBe(true);
      expect(asked.xml).toContain('urn:one</saml:AuthnContextClassRef>');
      world.isTokenAway = true;
      expect((await world.browser().go(world.authorizeUrl('idp'))).status).toBe(503);
    });

    it('reads metadata once, keeps what it knew while nobody answers, and looks again at an unknown key', async () => {
      const metadata_url = 'https://idp.test/metadata';
      world.documents.set(metadata_url, await idpMetadata(trackKeys.certificate));
      await world.have([idpParty({ update_state: 'automatic', metadata_url, keys: [], authn_url: undefined })]);
      const { browser, asked } = await ask();
      await ask();
      expect(world.fetched.filter((url) => url === metadata_url)).toHaveLength(1);
      world.documents.set(metadata_url, await idpMetadata());
      const page = await post(browser, await respond(asked));
      expect(answerOf(page.url)).toHaveProperty('code');
      world.documents.delete(metadata_url);
      expect(answerOf((await signIn()).page.url)).toHaveProperty('code');
    });

    it('opens an encrypted assertion where the key is', async () => {
      const certificate = readCertificate(trackKeys.certificate);
      if (!certificate.ok) throw new Error('no certificate');
      const encrypt = { key: certificate.value.key, random: randomBytes };
      const { page } = await signIn({ protection: { signer: peerSigner, encrypt } });
      expect(answerOf(page.url)).toHaveProperty('code');
    });

    it('runs transforms and the forward list on SAML names', async () => {
      const claim_transforms = [
        { type: 'constant', action: 'add', claim_out: 'urn:department', transformation: 'research', order: 1 },
      ];
      await world.have([idpParty({ claims: ['urn:department'], claim_transforms })]);
      await signIn();
      expect(world.tokens.latest.claims['urn:department']).toBe('research');
      expect(world.tokens.latest.claims).not.toHaveProperty('email');
    });

    it('goes on by a GET when the answer came without cookies', async () => {
      const { browser, asked } = await ask();
      const page = await browser.go(acs, { form: await respond(asked), from: 'https://idp.test/sso' });
      expect(answerOf(page.url)).toHaveProperty('code');
    });

    it.each([
      [statusCodes.authnFailed, 'login_required'],
      [statusCodes.noPassive, 'login_required'],
      [statusCodes.requestDenied, 'access_denied'],
      [statusCodes.unknownPrincipal, 'server_error'],
    ])('tells the application of %s', async (sub_code, error) => {
      const status = { code: statusCodes.responder, sub_code };
      const { page } = await signIn({ response: { status, assertion: undefined } });
      expect(answerOf(page.url)).toMatchObject({ error, state: 'state-of-shop' });
    });
  });

  describe('an answer that is not believed', () => {
    const hostile: [string, Spoken, string][] = [
      ['unsigned', { protection: {} }, 'signature_missing'],
      ['signed by somebody else', { protection: { signer: strangerSigner } }, 'signature_invalid'],
      ['for another audience', { assertion: { audience: 'urn:other' } }, 'audience_mismatch'],
      ['for another recipient', { assertion: { recipient: 'https://other.test/acs' } }, 'recipient_mismatch'],
      ['to another request', { response: { in_response_to: '_other' } }, 'in_response_to_mismatch'],
      ['confirmed for another request', { assertion: { in_response_to: '_other' } }, 'in_response_to_mismatch'],
      ['to no request', { response: { in_response_to: undefined } }, 'in_response_to_mismatch'],
      ['of another issuer', { assertion: { issuer: 'https://other.test' } }, 'issuer_mismatch'],
      ['that is over', { assertion: { issued_at: now() - 9000, lifetime: 60 } }, 'expired'],
      ['sent elsewhere', { response: { destination: 'https://other.test/acs' } }, 'destination_mismatch'],
    ];
    it.each(hostile)('%s signs nobody in, and the genuine one still does', async (_name, spoken, reason) => {
      const before = world.sessions.kept.length;
      const { browser, asked } = await ask();
      const page = await post(browser, await respond(asked, spoken));
      expect([page.status, page.html.includes(reason)]).toEqual([400, true]);
      expect(world.sessions.kept).toHaveLength(before);
      expect(answerOf((await post(browser, await respond(asked))).url)).toHaveProperty('code');
    });

    it('an assertion is taken once, in whatever journey', async () => {
      const id = '_the-very-same';
      expect(answerOf((await signIn({ assertion: { id } })).page.url)).toHaveProperty('code');
      const before = world.sessions.kept.length;
      const { page } = await signIn({ assertion: { id } });
      expect(page.status).toBe(400);
      expect(world.sessions.kept).toHaveLength(before);
    });

    it('a response is taken once, in its own journey', async () => {
      const { browser, asked } = await ask();
      const form = await respond(asked);
      expect(answerOf((await post(browser, form)).url)).toHaveProperty('code');
      expect((await post(browser, form)).status).toBe(400);
    });

    it('a response that came while sessions are away is kept: a reload, or the page, goes on from there', async () => {
      for (const again of ['reload', 'page'] as const) {
        const { browser, asked } = await ask();
        const form = await respond(asked);
        world.sessions.isAway = true;
        const page = await post(browser, form);
        world.sessions.isAway = false;
        expect(page.status).toBe(503);
        const href = /<a class="button main" href="([^"]+)"/.exec(page.html)?.[1] ?? '';
        const next = again === 'reload' ? await post(browser, form) : await browser.go(base + href);
        expect(answerOf(next.url)).toHaveProperty('code');
      }
    });

    it('another browser cannot bring it', async () => {
      const { asked } = await ask();
      const form = await respond(asked);
      const other = world.browser();
      await other.go(world.authorizeUrl('idp'));
      expect((await other.go(acs, { form, from: 'https://idp.test/' })).status).toBe(400);
    });

    it.each([
      ['no message', {}],
      ['no base64', { SAMLResponse: '***' }],
      ['no XML', { SAMLResponse: Buffer.from('hello').toString('base64') }],
      ['a DOCTYPE', { SAMLResponse: Buffer.from('<!DOCTYPE x><x/>').toString('base64') }],
      ['a RelayState that nobody sent', { SAMLResponse: Buffer.from('<a/>').toString('base64'), RelayState: 'x' }],
    ])('%s is an error page', async (_name, form) => {
      const { browser, asked } = await ask();
      const page = await post(browser, { RelayState: asked.relayState, ...(form as Record<string, string>) });
      expect(page.status).toBe(400);
    });

    it('a response that nobody asked for is refused, and the page says where to begin', async () => {
      const form = await respond({ id: '_x', relayState: '' });
      const page = await post(world.browser(), form);
      expect([page.status, page.html.includes('begin at the application')]).toEqual([400, true]);
    });
  });

  describe('metadata of the application that we are', () => {
    it('names our addresses, and our keys for both uses', async () => {
      await world.have([idpParty({ sign_metadata: true, metadata_nameid_formats: [nameIdFormats.emailAddress] })]);
      const answer = await world.rig.fetch('/acme/-/(idp)/saml/spmetadata');
      const xml = await answer.text();
      expect(answer.headers.get('content-type')).toBe('application/samlmetadata+xml');
      expect(xml).toContain(`entityID="${base}/acme/-"`);
      expect(xml).toContain(`Location="${acs}"`);
      expect(xml.match(/<md:KeyDescriptor/g)).toHaveLength(2);
      expect(xml).toContain('<ds:SignatureValue>');
      expect(xml).not.toContain(email);
      expect((await world.rig.fetch('/acme/-/(nobody)/saml/spmetadata')).status).toBe(404);
    });
  });
});

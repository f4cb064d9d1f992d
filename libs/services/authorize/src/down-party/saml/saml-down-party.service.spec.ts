import { keysChangedNotice } from '@corsac/contracts';
import { nameIdFormats, statusCodes } from '@corsac/saml';
import { describeWith } from '@corsac/testing/backing';
import { requestForm, SamlFlow, statusAt } from '../../fixtures/saml/flow.js';
import { peerKeys, trackEcKeys, trackKeys } from '../../fixtures/saml/keys.js';
import { email, idpParty, now, peerSigner, readSent, respond, strangerSigner } from '../../fixtures/saml/test-idp.js';
import { acceptAt, authn, newRequest, requestUrl, spParty } from '../../fixtures/saml/test-sp.js';
import { base, SamlWorld } from '../../fixtures/saml/world.js';

describeWith('postgres', (databaseUrl) => {
  const world = new SamlWorld();
  beforeAll(() => world.start(databaseUrl), 60_000);
  afterAll(() => world.stop());
  beforeEach(() => world.have([idpParty()], [spParty()]));

  const flow = new SamlFlow(world);

  describe('a SAML application', () => {
    it('gets a response to its request, with the user, the session and the claims', async () => {
      const { request, page } = await flow.signIn();
      const accepted = await acceptAt(page, request.id);
      expect(accepted).toMatchObject({
        ok: true,
        value: {
          in_response_to: request.id,
          relay_state: 'state-of-app',
          assertion: {
            name_id: { value: 'idp|u-7', format: nameIdFormats.persistent },
            authn: { session_index: world.sessions.latest.sid },
          },
        },
      });
      expect(world.sessions.latest.parties[0]).toMatchObject({
        party: 'app',
        type: 'saml2',
        name_id: { value: 'idp|u-7', format: nameIdFormats.persistent },
      });
    });

    it.each([
      ['sign_response', { authn_response_sign_type: 'sign_response' }],
      ['sign_assertion', { authn_response_sign_type: 'sign_assertion' }],
      ['both', { authn_response_sign_type: 'sign_assertion_and_response' }],
      ['encrypted', { encrypt_authn_response: true, encryption_key: peerKeys.certificate }],
      ['sha512', { signature_algorithm: 'rsa-sha512' }],
      ['RSA-PSS', { signature_algorithm: 'rsa-pss-sha256' }],
      ['ECDSA', { signature_algorithm: 'ecdsa-sha256', authn_response_sign_type: 'sign_assertion_and_response' }],
    ])('is served by %s', async (_name, more) => {
      await world.have([idpParty()], [spParty(more)]);
      const { request, page } = await flow.signIn();
      expect(await acceptAt(page, request.id)).toMatchObject({ ok: true });
      const text = Buffer.from(page.forms[0]?.fields['SAMLResponse'] ?? '', 'base64').toString();
      expect(text.includes('u-7')).toBe(!('encryption_key' in more));
    });

    it.each([
      ['aes256-gcm', 'rsa-oaep', 'xmlenc11#aes256-gcm', 'xmlenc#rsa-oaep-mgf1p'],
      ['aes128-gcm', 'rsa-oaep-sha256', 'xmlenc11#aes128-gcm', 'xmlenc11#rsa-oaep'],
      ['aes256-cbc', 'rsa-oaep', 'xmlenc#aes256-cbc', 'xmlenc#rsa-oaep-mgf1p'],
      ['aes128-cbc', 'rsa-oaep-sha256', 'xmlenc#aes128-cbc', 'xmlenc11#rsa-oaep'],
    ])('gets its assertion encrypted by %s, the key by %s', async (encryption_algorithm, transport, content, key) => {
      const encrypted = { encrypt_authn_response: true, encryption_key: peerKeys.certificate, encryption_algorithm };
      const signed = { authn_response_sign_type: 'sign_assertion_and_response' };
      await world.have([idpParty()], [spParty({ ...encrypted, ...signed, encryption_key_transport: transport })]);
      const { request, page } = await flow.signIn();
      expect(await acceptAt(page, request.id)).toMatchObject({ ok: true, value: { encrypted: true } });
      const text = Buffer.from(page.forms[0]?.fields['SAMLResponse'] ?? '', 'base64').toString();
      expect([text.includes(`${content}"`), text.includes(`${key}"`), text.includes('u-7')]).toEqual([
        true,
        true,
        false,
      ]);
    });

    it('gets nothing rather than in the open what cannot be encrypted for it', async () => {
      const encrypted = { encrypt_authn_response: true, encryption_key: trackEcKeys.certificate };
      await world.have([idpParty()], [spParty(encrypted)]);
      const { page } = await flow.signIn();
      expect([page.status, page.html.includes('SAMLResponse')]).toEqual([503, false]);
    });

    it('gets the claims of its list with several values, and the NameID that it asks for', async () => {
      const claims = [{ claim: 'email' }, { claim: 'urn:role', values: ['a', 'b'] }];
      await world.have([idpParty()], [spParty({ claims, issued_token_lifetime: 600 })]);
      const request = newRequest({ name_id_policy: { format: nameIdFormats.emailAddress } });
      const accepted = await acceptAt((await flow.signIn(request)).page, request.id);
      if (!accepted.ok) throw new Error(accepted.error.message);
      const { name_id, attributes, conditions } = accepted.value.assertion;
      expect(name_id).toMatchObject({ value: 'ada@example.com', format: nameIdFormats.emailAddress });
      expect(attributes.find(({ name }) => name === 'urn:role')?.values).toEqual(['a', 'b']);
      expect(attributes.find(({ name }) => name === email)?.values).toEqual(['ada@example.com']);
      expect((conditions?.not_on_or_after ?? 0) - now()).toBeLessThanOrEqual(600);
    });

    it('passes what it asks to the identity provider above', async () => {
      const request = newRequest({
        force_authn: true,
        subject: { value: 'ada@example.com' },
        requested_authn_context: { comparison: 'exact', class_refs: ['urn:class'] },
      });
      const { xml } = readSent((await world.browser().go(await requestUrl(request))).url);
      for (const part of ['ForceAuthn="true"', 'ada@example.com', 'urn:class']) expect(xml).toContain(part);
    });

    it('gets an answer from the session when there is one, and its name is remembered', async () => {
      const { browser, session_index } = await flow.signedIn();
      const request = newRequest({ is_passive: true });
      const accepted = await acceptAt(await browser.go(await requestUrl(request)), request.id);
      expect(accepted).toMatchObject({ ok: true, value: { assertion: { authn: { session_index } } } });
    });

    it('may send its request by POST, to another of its addresses', async () => {
      const request = newRequest({ assertion_consumer_service_url: 'https://app.test/other-acs' });
      const form = await requestForm(request);
      const browser = world.browser();
      const asked = readSent((await browser.go(authn, { form })).url);
      const page = await flow.answer(browser, await respond(asked));
      expect(await acceptAt(page, request.id, 'https://app.test/other-acs')).toMatchObject({ ok: true });
    });

    it('is refused on a page when its request comes by another binding than the one of its settings', async () => {
      const asks = async (binding: string) => {
        await world.have([idpParty()], [spParty({ authn_request_binding: binding })]);
        const [byRedirect, byPost] = [await requestUrl(newRequest()), await requestForm(newRequest())];
        const redirected = await world.browser().go(byRedirect);
        const posted = await world.browser().go(authn, { form: byPost });
        return [redirected, posted].map(({ status, html }) => [status, html.includes('binding_invalid')]);
      };
      expect(await asks('redirect')).toEqual([
        [expect.anything(), false],
        [400, true],
      ]);
      expect(await asks('post')).toEqual([
        [400, true],
        [expect.anything(), false],
      ]);
    });

    it('hears of a refusal above by a status', async () => {
      const browser = world.browser();
      const request = newRequest();
      const asked = readSent((await browser.go(await requestUrl(request))).url);
      const status = { code: statusCodes.responder, sub_code: statusCodes.requestDenied };
      const form = await respond(asked, { response: { status, assertion: undefined } });
      const page = await flow.answer(browser, form);
      expect(await statusAt(page, request.id)).toMatchObject({ sub_code: statusCodes.authnFailed });
    });

    it.each([
      ['passive and forced', { is_passive: true, force_authn: true }, statusCodes.noPassive],
      ['too old', { issued_at: now() - 9000 }, undefined],
      ['for an unknown format', { name_id_policy: { format: 'urn:x' } }, statusCodes.invalidNameIdPolicy],
    ])('a request that is %s gets a status', async (_name, more, sub_code) => {
      const request = newRequest(more as Partial<ReturnType<typeof newRequest>>);
      const page = await world.browser().go(await requestUrl(request));
      expect((await statusAt(page, request.id))?.sub_code).toBe(sub_code);
    });
  });

  describe('a request that is not believed shows a page and goes nowhere', () => {
    it.each([
      ['of another application', { issuer: 'urn:other' }, 'issuer_mismatch'],
      [
        'for an address that is not registered',
        { assertion_consumer_service_url: 'https://evil.test/' },
        'acs_url_unknown',
      ],
      ['for another identity provider', { destination: 'https://other.test/sso' }, 'destination_mismatch'],
    ])('%s', async (_name, more, reason) => {
      const { search } = new URL(await requestUrl(newRequest(more)));
      const page = await world.browser().go(`${authn}${search}`);
      expect([page.status, page.html.includes(reason), page.forms]).toEqual([400, true, []]);
    });

    it.each([
      ['unsigned although it must be', undefined, 'signature_missing'],
      ['signed by somebody else', strangerSigner, 'signature_invalid'],
    ])('%s', async (_name, signer, reason) => {
      await world.have([idpParty()], [spParty({ keys: [peerKeys.certificate], require_signed_authn_requests: true })]);
      const page = await world.browser().go(await requestUrl(newRequest(), signer));
      expect([page.status, page.html.includes(reason)]).toEqual([400, true]);
      const signed = await world.browser().go(await requestUrl(newRequest(), peerSigner));
      expect(readSent(signed.url).id).not.toBe('');
    });

    it('no message, no application, no track', async () => {
      const statusOf = async (path: string) => (await world.rig.fetch(path)).status;
      expect(await statusOf('/acme/-/app/saml/authn')).toBe(400);
      expect(await statusOf('/acme/-/nobody/saml/authn')).toBe(404);
      expect(await statusOf('/acme/-/shop/saml/authn')).toBe(404);
      expect(await statusOf('/acme/-/app/saml/logout')).toBe(400);
    });
  });

  describe('metadata of the identity provider that we are', () => {
    it('asks to come again in a moment while the keys of a new track are made', async () => {
      await world.rig.busOf('token').publish(keysChangedNotice, { tenant: 'acme', track: '-' });
      world.areKeysMade = false;
      const path = '/acme/-/app/saml/idpmetadata';
      const until = async (status: number) => {
        for (let tries = 0; tries < 100; tries += 1) {
          const answer = await world.rig.fetch(path);
          if (answer.status === status) return answer;
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
        throw new Error(`never ${status}`);
      };
      const refused = await until(503);
      expect([refused.headers.get('retry-after'), refused.headers.get('cache-control')]).toEqual(['2', 'no-store']);
      expect((await world.rig.fetch('/acme/-/(idp)/saml/spmetadata')).headers.get('retry-after')).toBe('2');
      world.areKeysMade = true;
      expect((await until(200)).headers.get('cache-control')).toContain('public');
    });

    it('shows the certificates of the kind of key that signs for the application', async () => {
      const certificatesOf = async (signature_algorithm: string) => {
        await world.have([idpParty()], [spParty({ signature_algorithm })]);
        const xml = await (await world.rig.fetch('/acme/-/app/saml/idpmetadata')).text();
        const use = (kind: string) =>
          [...xml.matchAll(new RegExp(`use="${kind}">.*?<ds:X509Certificate>([^<]*)<`, 'gs'))].map(([, text]) => text);
        return { signing: use('signing'), encryption: use('encryption') };
      };
      const { certificate } = trackKeys;
      expect(await certificatesOf('rsa-sha256')).toEqual({ signing: [certificate], encryption: [certificate] });
      expect(await certificatesOf('rsa-pss-sha256')).toEqual({ signing: [certificate], encryption: [certificate] });
      const ec = { signing: [trackEcKeys.certificate], encryption: [certificate] };
      expect(await certificatesOf('ecdsa-sha256')).toEqual(ec);
    });

    it('names the addresses of the binding that was asked', async () => {
      await world.have([idpParty()], [spParty({ idp_issuer: 'urn:we', sign_metadata: true })]);
      const xml = await (await world.rig.fetch('/acme/-/app~idp~/saml/idpmetadata')).text();
      expect(xml).toContain('entityID="urn:we"');
      expect(xml).toContain(`Location="${base}/acme/-/app~idp~/saml/authn"`);
      expect(xml).toContain('<ds:SignatureValue>');
    });

    it.each([
      [{}, ['HTTP-Redirect', 'HTTP-POST']],
      [{ authn_request_binding: 'redirect' }, ['HTTP-Redirect']],
      [{ authn_request_binding: 'post' }, ['HTTP-POST']],
    ])('offers sign-in only by the binding of the settings: %j', async (more, expected) => {
      await world.have([idpParty()], [spParty(more)]);
      const xml = await (await world.rig.fetch('/acme/-/app/saml/idpmetadata')).text();
      const offered = [...xml.matchAll(/SingleSignOnService[^>]*Binding="[^"]*bindings:([^"]*)"/g)];
      expect(offered.map(([, binding]) => binding)).toEqual(expected);
    });
  });
});

import { authnContexts, mfaContexts, nameIdFormats, statusCodes, type AuthnRequest } from '@corsac/saml';
import { describeWith } from '@corsac/testing/backing';
import { SamlFlow, statusAt } from '../fixtures/saml/flow.js';
import { idpParty, now, readSent, respond, type Spoken } from '../fixtures/saml/test-idp.js';
import { acceptAt, newRequest, requestUrl, spParty } from '../fixtures/saml/test-sp.js';
import { redirectUri, SamlWorld } from '../fixtures/saml/world.js';

const { passwordProtectedTransport: transport, password } = authnContexts;
const [ours, refeds] = mfaContexts;
const kerberos = 'urn:oasis:names:tc:SAML:2.0:ac:classes:Kerberos';
const exact = (...class_refs: string[]): Partial<AuthnRequest> => ({
  requested_authn_context: { comparison: 'exact', class_refs },
});
const signedInBy = (class_ref: string, instant = now() - 5): Spoken => ({
  assertion: { authn: { instant, session_index: '_session-1', class_ref } },
});

describeWith('postgres', (databaseUrl) => {
  const world = new SamlWorld();
  const flow = new SamlFlow(world);
  beforeAll(() => world.start(databaseUrl), 60_000);
  afterAll(() => world.stop());
  beforeEach(() => world.have([idpParty()], [spParty()]));

  const ask = async (more: Partial<AuthnRequest>, browser = world.browser()) => {
    const request = newRequest(more);
    return { browser, request, page: await browser.go(await requestUrl(request)) };
  };
  const signIn = async (more: Partial<AuthnRequest>, spoken: Spoken, browser = world.browser()) => {
    const { request, page } = await ask(more, browser);
    const asked = readSent(page.url);
    return { browser, request, asked, page: await flow.answer(browser, await respond(asked, spoken)) };
  };
  const classAt = async (page: Awaited<ReturnType<typeof ask>>['page'], id: string) => {
    const accepted = await acceptAt(page, id);
    return accepted.ok ? accepted.value.assertion.authn.class_ref : accepted.error.status?.sub_code;
  };

  describe('RequestedAuthnContext of an application, SAML Core 3.3.2.2.1', () => {
    it.each([
      ['a class that the provider above says', exact(kerberos), kerberos, kerberos],
      ['its own word for a second factor', exact(refeds), ours, refeds],
      ['a password where one is said', exact(password), transport, password],
      [
        'a stronger class than the least',
        { requested_authn_context: { comparison: 'minimum', class_refs: [transport] } },
        refeds,
        refeds,
      ],
      ['NoAuthnContext for another class', exact(kerberos), transport, statusCodes.noAuthnContext],
      ['NoAuthnContext without the second factor', exact(refeds), transport, statusCodes.noAuthnContext],
      [
        'NoAuthnContext for what is not better',
        { requested_authn_context: { comparison: 'better', class_refs: [transport] } },
        password,
        statusCodes.noAuthnContext,
      ],
    ] as const)('is answered by %s', async (_what, more, above, expected) => {
      const { page, request } = await signIn(more as Partial<AuthnRequest>, signedInBy(above));
      expect(await classAt(page, request.id)).toBe(expected);
    });

    it('asks the provider above in the same words, and for a second factor in all that are known', async () => {
      const { page } = await ask({ requested_authn_context: { comparison: 'minimum', class_refs: [transport] } });
      expect(readSent(page.url).xml).toContain(`Comparison="minimum"><saml:AuthnContextClassRef`);
      const second = readSent((await ask(exact(refeds))).page.url).xml;
      expect([second.includes(`>${refeds}<`), second.includes(`>${ours}<`)]).toEqual([true, true]);
      expect(second.indexOf(refeds)).toBeLessThan(second.indexOf(ours));
    });

    it('is refused before anybody signs in where only own users could, and they cannot', async () => {
      await world.have([{ type: 'login', name: 'login' }], [spParty({ allow_up_parties: ['login'] })]);
      for (const more of [
        exact(kerberos),
        { requested_authn_context: { comparison: 'better', class_refs: [refeds] } },
      ]) {
        const { page, request } = await ask(more as Partial<AuthnRequest>);
        expect(await classAt(page, request.id)).toBe(statusCodes.noAuthnContext);
      }
      for (const more of [exact(transport), exact(refeds), exact(kerberos, password)])
        expect((await ask(more)).page.html).toContain('name="username"');
    });

    it('is not answered from a session that is too weak: the user signs in once more', async () => {
      const { browser } = await signIn({}, signedInBy(transport));
      const again = await ask(exact(transport), browser);
      expect(await classAt(again.page, again.request.id)).toBe(transport);
      const { request, asked, page } = await signIn(exact(refeds), signedInBy(refeds, now()), browser);
      expect(asked.xml).toContain('ForceAuthn="true"');
      expect(await classAt(page, request.id)).toBe(refeds);
      const passive = await ask({ ...exact(kerberos), is_passive: true }, browser);
      expect(await classAt(passive.page, passive.request.id)).toBe(statusCodes.noAuthnContext);
    });
  });

  describe('ForceAuthn, IsPassive and NameIDPolicy of an application, SAML Core 3.4.1', () => {
    it('a session does not answer a forced request, and the same user keeps the session', async () => {
      const { browser } = await signIn({}, {});
      const { sid } = world.sessions.latest;
      const { asked, page, request } = await signIn({ force_authn: true }, signedInBy(transport, now()), browser);
      expect(asked.xml).toContain('ForceAuthn="true"');
      const accepted = await acceptAt(page, request.id);
      expect(accepted.ok && accepted.value.assertion.authn.session_index).toBeTruthy();
      expect(world.sessions.latest.sub).toBe('idp|u-7');
      expect(sid).not.toBe('');
    });

    it('nobody is asked for a passive request: NoPassive when there is no session and nobody above', async () => {
      await world.have([{ type: 'login', name: 'login' }], [spParty({ allow_up_parties: ['login'] })]);
      const { page, request } = await ask({ is_passive: true });
      expect(await classAt(page, request.id)).toBe(statusCodes.noPassive);
    });

    it.each([
      ['persistent', nameIdFormats.persistent, 'idp|u-7'],
      ['email address', nameIdFormats.emailAddress, 'ada@example.com'],
      ['unspecified: the usual one', nameIdFormats.unspecified, 'idp|u-7'],
    ])('%s is given', async (_name, format, value) => {
      const { page, request } = await signIn({ name_id_policy: { format } }, {});
      const accepted = await acceptAt(page, request.id);
      expect(accepted.ok && accepted.value.assertion.name_id?.value).toBe(value);
    });

    it('transient is another one each time', async () => {
      const policy = { name_id_policy: { format: nameIdFormats.transient } };
      const values = [];
      for (const { page, request } of [await signIn(policy, {}), await signIn(policy, {})]) {
        const accepted = await acceptAt(page, request.id);
        values.push(accepted.ok ? accepted.value.assertion.name_id?.value : undefined);
      }
      expect(new Set(values).size).toBe(2);
      expect(values).not.toContain('idp|u-7');
    });

    it.each([
      ['a format that is not given', { format: 'urn:oasis:names:tc:SAML:2.0:nameid-format:kerberos' }, {}],
      ['a name for another application', { sp_name_qualifier: 'urn:other' }, {}],
      [
        'an email address of a user without one',
        { format: nameIdFormats.emailAddress },
        { assertion: { attributes: [] } },
      ],
    ])('InvalidNameIDPolicy for %s', async (_name, name_id_policy, spoken) => {
      const { page, request, browser } = await ask({ name_id_policy });
      const answered = page.url.startsWith('https://idp.test')
        ? await flow.answer(browser, await respond(readSent(page.url), spoken as Spoken))
        : page;
      expect((await statusAt(answered, request.id))?.sub_code).toBe(statusCodes.invalidNameIdPolicy);
    });
  });

  describe('What an identity provider is told to do, and does not', () => {
    const shopAfter = async (party: object, more: Record<string, string>, spoken: Spoken) => {
      await world.have([idpParty(party)]);
      const browser = world.browser();
      const asked = readSent((await browser.go(world.authorizeUrl('idp', more))).url);
      const { url } = await flow.answer(browser, await respond(asked, spoken));
      if (!url.startsWith(redirectUri)) throw new Error(`not back at the shop but at ${url}`);
      return Object.fromEntries(new URL(url).searchParams);
    };
    const contexts = (comparison: string | undefined, ...authn_context_class_references: string[]) => ({
      authn_context_comparison: comparison,
      authn_context_class_references,
    });

    it.each([
      ['exactly it', contexts(undefined, refeds), refeds, undefined],
      ['another class', contexts(undefined, refeds), transport, 'unmet_authentication_requirements'],
      ['at least as much', contexts('minimum', password), refeds, undefined],
      ['less', contexts('minimum', refeds), password, 'unmet_authentication_requirements'],
      ['too much', contexts('maximum', password), refeds, 'unmet_authentication_requirements'],
      ['nothing better', contexts('better', transport), transport, 'unmet_authentication_requirements'],
    ])('an answer of %s', async (_what, party, class_ref, error) => {
      const before = world.sessions.kept.length;
      expect((await shopAfter(party, {}, signedInBy(class_ref)))['error']).toBe(error);
      expect(world.sessions.kept.length - before).toBe(error === undefined ? 1 : 0);
    });

    it('an old sign-in does not answer ForceAuthn, a new one does', async () => {
      const old = await shopAfter({}, { prompt: 'login' }, signedInBy(transport, now() - 600));
      expect(old['error']).toBe('login_required');
      expect(await shopAfter({}, { prompt: 'login' }, signedInBy(transport, now()))).toHaveProperty('code');
      expect(await shopAfter({}, {}, signedInBy(transport, now() - 600))).toHaveProperty('code');
    });

    it('what the application merely wished for is not demanded', async () => {
      const wished = { acr_values: refeds };
      expect(await shopAfter({}, wished, signedInBy(transport))).toHaveProperty('code');
    });

    it('InvalidNameIDPolicy says something about us, not about the user', async () => {
      const status = { code: statusCodes.requester, sub_code: statusCodes.invalidNameIdPolicy };
      const spoken = { response: { status, assertion: undefined } };
      const party = { nameid_format: nameIdFormats.persistent };
      expect(await shopAfter(party, {}, spoken)).toMatchObject({ error: 'server_error' });
    });
  });
});

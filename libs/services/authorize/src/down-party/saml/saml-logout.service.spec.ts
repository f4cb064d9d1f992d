import { listJourneys } from '@corsac/contracts';
import { makeLogoutResponse, sendByPost, statusOfLogout } from '@corsac/saml';
import { describeWith } from '@corsac/testing/backing';
import { logoutAnswer, SamlFlow } from '../../fixtures/saml/flow.js';
import { peerKeys } from '../../fixtures/saml/keys.js';
import { idpEntityId, idpParty, now, peerSigner, readSent, strangerSigner } from '../../fixtures/saml/test-idp.js';
import { acceptAsked, acceptLoggedOut, logout, logoutForm, spEntityId, spParty } from '../../fixtures/saml/test-sp.js';
import { base, SamlWorld } from '../../fixtures/saml/world.js';

describeWith('postgres', (databaseUrl) => {
  const world = new SamlWorld();
  const flow = new SamlFlow(world);
  beforeAll(() => world.start(databaseUrl), 60_000);
  afterAll(() => world.stop());
  beforeEach(() => world.have([idpParty()], [spParty()]));

  describe('the logout of a SAML application', () => {
    it('ends the session, asks the provider above, and is answered by a signed response', async () => {
      const { browser, name_id, session_index } = await flow.signedIn();
      const id = '_logout-1';
      const form = await logoutForm({ id, name_id, session_indexes: [session_index] });
      const above = readSent((await browser.go(logout, { form, from: `${base}/same-site` })).url);
      expect(above.xml).toContain('<samlp:LogoutRequest');
      expect([above.signed, above.xml.includes('>u-7</saml:NameID>')]).toEqual([true, true]);
      expect(above.xml).toContain('<samlp:SessionIndex>_session-1</samlp:SessionIndex>');
      expect(Buffer.byteLength(above.relayState)).toBeLessThanOrEqual(80);
      const answer = await logoutAnswer(above);
      const page = await browser.go(`${base}/acme/-/(idp)/saml/singlelogout`, {
        form: answer,
        from: 'https://idp.test/',
      });
      expect(acceptLoggedOut(page, id)).toMatchObject({
        ok: true,
        value: { result: 'success', relay_state: 'out-of-app' },
      });
      expect(world.sessions.ended.at(-1)).toMatchObject({ sid: session_index, cause: 'application' });
      let kinds: string[] = [];
      for (let tries = 0; tries < 200 && !kinds.includes('logout.done'); tries += 1) {
        await new Promise((resolve) => setTimeout(resolve, 25));
        const [sequence_id = ''] = above.relayState.split('.');
        const record = { tenant: 'acme', track: '-', sequence_id, limit: 1 };
        const { journeys } = await world.rig.ask('config', listJourneys, record);
        kinds = (journeys[0]?.events ?? []).map(({ kind }) => kind);
      }
      expect(kinds).toContain('up_party.answered');
    });

    it('is partial when the provider above cannot be believed', async () => {
      const { browser, name_id, session_index } = await flow.signedIn();
      const id = '_logout-2';
      const form = await logoutForm({ id, name_id, session_indexes: [session_index] });
      const above = readSent((await browser.go(logout, { form, from: `${base}/same-site` })).url);
      const answer = await logoutAnswer(above, strangerSigner);
      const page = await browser.go(`${base}/acme/-/(idp)/saml/singlelogout`, { form: answer, from: `${base}/` });
      expect(acceptLoggedOut(page, id)).toMatchObject({ ok: true, value: { result: 'partial' } });
    });

    it('acts once, and without a signature only for the browser that has the session', async () => {
      const { name_id, session_index } = await flow.signedIn();
      const ended = world.sessions.ended.length;
      const form = await logoutForm({ id: '_logout-3', name_id, session_indexes: [session_index] });
      const page = await world.browser().go(logout, { form });
      expect(acceptLoggedOut(page, '_logout-3')).toMatchObject({ ok: true });
      expect(world.sessions.ended).toHaveLength(ended);
      expect((await world.browser().go(logout, { form })).status).toBe(400);
    });

    it('must be signed when the application has keys, and then needs no cookie', async () => {
      await world.have([idpParty()], [spParty({ keys: [peerKeys.certificate] })]);
      const { name_id, session_index } = await flow.signedIn();
      const request = { name_id, session_indexes: [session_index] };
      for (const signer of [undefined, strangerSigner])
        expect((await world.browser().go(logout, { form: await logoutForm(request, signer) })).status).toBe(400);
      const page = await world.browser().go(logout, { form: await logoutForm(request, peerSigner) });
      expect(readSent(page.url).xml).toContain('<samlp:LogoutRequest');
      expect(world.sessions.ended.at(-1)?.sid).toBe(session_index);
    });

    it('ends nothing under another name', async () => {
      const { browser, session_index } = await flow.signedIn();
      const ended = world.sessions.ended.length;
      const form = await logoutForm({ name_id: { value: 'idp|other' }, session_indexes: [session_index] });
      await browser.go(logout, { form, from: `${base}/same-site` });
      expect(world.sessions.ended).toHaveLength(ended);
    });
  });

  describe('a logout that begins above', () => {
    const above = `${base}/acme/-/(idp)/saml/singlelogout`;
    const unsignedAbove = { issuer: idpEntityId, destination: above, name_id: { value: 'u-7' } };
    const fromAbove = async (more: object = {}, signer = peerSigner) =>
      logoutForm(
        {
          issuer: idpEntityId,
          destination: above,
          name_id: { value: 'u-7' },
          session_indexes: ['_session-1'],
          ...more,
        } as never,
        signer,
      );

    it('ends the sessions without a cookie, tells the application in a frame, and is answered', async () => {
      world.sessions.kept.splice(0);
      const { session_index } = await flow.signedIn();
      const browser = world.browser();
      const page = await browser.go(above, {
        form: await fromAbove({ id: '_above-1' }),
        from: 'https://idp.test/',
        frame: true,
      });
      expect(world.sessions.ended.at(-1)).toMatchObject({ sid: session_index, cause: 'upstream' });
      expect(page.headers.get('content-security-policy')).toContain('frame-ancestors https://idp.test');
      const frame = /<iframe [^>]*src="([^"]*)"/.exec(page.html)?.[1] ?? '';
      const told = await browser.go(frame, { from: page.url, frame: true });
      const asked = acceptAsked(told);
      if (!asked.ok) throw new Error(asked.error.message);
      expect(asked.value).toMatchObject({ name_id: { value: 'idp|u-7' }, session_indexes: [session_index] });
      const reply = makeLogoutResponse({
        id: '_reply',
        issuer: spEntityId,
        issued_at: now(),
        destination: logout,
        in_response_to: asked.value.id,
        status: statusOfLogout('success'),
      });
      const form = { ...(await sendByPost(reply, { relay_state: asked.value.relay_state ?? '' })).fields };
      const done = await browser.go(logout, { form, from: 'https://app.test/', frame: true });
      expect(done.html).toContain('data-told="confirmed"');
      expect(world.sessions.reported.at(-1)?.receipts).toMatchObject([{ result: 'confirmed' }]);
      expect((await browser.go(logout, { form, from: 'https://app.test/', frame: true })).status).toBe(400);
      const loaded = page.html.match(/data-receipt="([^"]*)"/)?.[1] ?? '';
      const redirected = await browser.submit(page, { loaded });
      expect(new URL(redirected.url).origin).toBe('https://idp.test');
      expect(new URL(redirected.url).searchParams.get('Signature')).not.toBeNull();
    });

    it.each([
      ['unsigned', {}, undefined, 'signature_missing'],
      ['signed by somebody else', {}, strangerSigner, 'signature_invalid'],
      ['for somebody else', { destination: 'https://other.test/' }, peerSigner, 'destination_mismatch'],
      ['of another provider', { issuer: 'https://other.test' }, peerSigner, 'issuer_mismatch'],
      ['too old', { issued_at: now() - 9000 }, peerSigner, 'expired'],
    ])('%s ends nothing', async (_name, more, signer, reason) => {
      await flow.signedIn();
      const ended = world.sessions.ended.length;
      const form = signer ? await fromAbove(more, signer) : await logoutForm({ ...unsignedAbove, ...more } as never);
      const page = await world.browser().go(above, { form });
      expect([page.status, page.html.includes(reason)]).toEqual([400, true]);
      expect(world.sessions.ended).toHaveLength(ended);
    });

    it('acts once', async () => {
      const form = await fromAbove({ id: '_above-2' });
      await world.browser().go(above, { form });
      expect((await world.browser().go(above, { form })).status).toBe(400);
    });
  });
});

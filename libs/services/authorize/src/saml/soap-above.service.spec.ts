import { randomUUID } from 'node:crypto';
import {
  acceptLogoutRequest,
  acceptLogoutResponse,
  bindings,
  makeLogoutRequest,
  makeLogoutResponse,
  makeMetadata,
  readCertificate,
  readSoap,
  sendBySoap,
  statusCodes,
  statusOfLogout,
  type SamlStatus,
  type Signer,
} from '@corsac/saml';
import { describeWith } from '@corsac/testing/backing';
import { SamlFlow } from '../fixtures/saml/flow.js';
import { peerKeys, trackKeys } from '../fixtures/saml/keys.js';
import { idpEntityId, idpParty, now, peerSigner, readSent, strangerSigner } from '../fixtures/saml/test-idp.js';
import { acceptLoggedOut, logout, logoutForm, spEntityId, spParty } from '../fixtures/saml/test-sp.js';
import { base, SamlWorld } from '../fixtures/saml/world.js';

const soapUrl = 'https://idp.test/soap';
const certificate = readCertificate(trackKeys.certificate);
if (!certificate.ok) throw new Error('no certificate');
const ours = { keys: [certificate.value.key] };
const issuer = `${base}/acme/-`;

const metadata = (logoutBindings: readonly ('redirect' | 'soap')[]): Promise<string> =>
  makeMetadata(
    {
      entity_id: idpEntityId,
      idp: {
        keys: [{ use: 'signing', certificate: peerKeys.certificate }],
        single_sign_on_services: [{ binding: bindings.redirect, location: 'https://idp.test/sso' }],
        single_logout_services: logoutBindings.map((kind) => ({
          binding: bindings[kind],
          location: kind === 'soap' ? soapUrl : 'https://idp.test/slo',
        })),
        name_id_formats: [],
      },
    },
    '_metadata',
  );
const withMetadata = async (logoutBindings: readonly ('redirect' | 'soap')[], more: object = {}): Promise<object> => ({
  ...{ type: 'saml2', name: 'idp', metadata_xml: await metadata(logoutBindings) },
  ...more,
});

/** What the identity provider takes over SAML's SOAP, as a strict one does. */
const taken = (body: string) =>
  acceptLogoutRequest(readSoap(body), { issuer, destinations: [soapUrl], now: now(), party: ours });

describeWith('postgres', (databaseUrl) => {
  const world = new SamlWorld();
  const flow = new SamlFlow(world);
  beforeAll(() => world.start(databaseUrl), 60_000);
  afterAll(() => world.stop());
  beforeEach(() => {
    world.sessions.kept.splice(0);
    world.posted.splice(0);
    answering();
  });

  interface Answer {
    readonly status?: SamlStatus;
    readonly signer?: Signer;
    readonly to?: string;
  }
  const answering = ({ status = statusOfLogout('success'), signer = peerSigner, to }: Answer = {}): void => {
    world.answers.set(soapUrl, async (body) => {
      const asked = taken(body);
      if (!asked.ok) throw new Error(asked.error.message);
      const head = { id: `_${randomUUID()}`, issuer: idpEntityId, issued_at: now() };
      return sendBySoap(makeLogoutResponse({ ...head, in_response_to: to ?? asked.value.id, status }), signer);
    });
  };
  /** The application logs out in the browser; how that went. */
  const loggedOut = async (id = `_${randomUUID()}`) => {
    const { browser, name_id, session_index } = await flow.signedIn();
    const form = await logoutForm({ id, name_id, session_indexes: [session_index] });
    return browser.go(logout, { form, from: `${base}/same-site` });
  };
  const resultOf = async (): Promise<unknown> => {
    const id = `_${randomUUID()}`;
    const said = acceptLoggedOut(await loggedOut(id), id);
    return said.ok ? said.value.result : said.error;
  };

  describe('an identity provider that takes logouts over SOAP only, SAML Profiles 4.4.3.1', () => {
    beforeEach(async () => world.have([await withMetadata(['soap'])], [spParty()]));

    it('is asked from server to server, signed, and the user goes on without a visit there', async () => {
      expect(await resultOf()).toBe('success');
      expect(world.posted).toMatchObject([{ url: soapUrl, content_type: 'text/xml; charset=utf-8' }]);
      expect(taken(world.posted[0]?.body ?? '')).toMatchObject({
        ok: true,
        value: { signed: true, name_id: { value: 'u-7' }, session_indexes: ['_session-1'] },
      });
    });

    it.each<[string, Answer]>([
      ['fails', { status: { code: statusCodes.responder } }],
      ['has others that it could not tell', { status: statusOfLogout('partial') }],
      ['is answered for by somebody else', { signer: strangerSigner }],
      ['answers another request', { to: '_another' }],
    ])('leaves the logout partial when it %s', async (_what, answer) => {
      answering(answer);
      expect(await resultOf()).toBe('partial');
    });

    it.each([
      ['is away', () => world.answers.delete(soapUrl)],
      ['answers with a status', () => world.answers.set(soapUrl, async () => '')],
      ['answers no envelope', () => world.answers.set(soapUrl, async () => '<html/>')],
    ])('leaves the logout partial when it %s', async (_what, happen) => {
      happen();
      expect(await resultOf()).toBe('partial');
    });

    it('has logged out, too, when it knows no such session any more', async () => {
      answering({ status: { code: statusCodes.requester, sub_code: statusCodes.unknownPrincipal } });
      expect(await resultOf()).toBe('success');
    });
  });

  it('an identity provider is visited by the browser where it has an address for that as well', async () => {
    await world.have([await withMetadata(['soap', 'redirect'])], [spParty()]);
    expect(readSent((await loggedOut()).url).xml).toContain('<samlp:LogoutRequest');
    expect(world.posted).toEqual([]);
  });

  it('an identity provider is asked over SOAP where the way that is set for the browser is not offered, or the address is typed', async () => {
    await world.have([await withMetadata(['soap', 'redirect'], { logout_request_binding: 'post' })], [spParty()]);
    expect(await resultOf()).toBe('success');
    await world.have([idpParty({ logout_url: undefined, single_logout_soap_url: soapUrl })], [spParty()]);
    expect(await resultOf()).toBe('success');
    expect(world.posted).toHaveLength(2);
  });

  it('an identity provider is told when an application logs out over SOAP, so that the logout is whole', async () => {
    await world.have([await withMetadata(['redirect', 'soap'])], [spParty({ keys: [peerKeys.certificate] })]);
    const callOf = async () => {
      const { name_id, session_index } = await flow.signedIn();
      const head = { id: `_${randomUUID()}`, issuer: spEntityId, issued_at: now(), destination: logout };
      const message = makeLogoutRequest({ ...head, name_id, session_indexes: [session_index] });
      const body = await sendBySoap(message, peerSigner);
      const headers = { 'content-type': 'text/xml; charset=utf-8' };
      const answer = await world.rig.fetch('/acme/-/app/saml/logout', { method: 'POST', body, headers });
      const expected = { issuer, destinations: [], now: now(), party: ours, pending_request_id: head.id };
      const said = acceptLogoutResponse(readSoap(await answer.text()), expected);
      return said.ok ? said.value.result : said.error;
    };
    expect(await callOf()).toBe('success');
    expect(world.posted).toHaveLength(1);
    world.answers.delete(soapUrl);
    expect(await callOf()).toBe('partial');
  });
});

import { randomUUID } from 'node:crypto';
import {
  acceptLogoutResponse,
  makeLogoutRequest,
  readCertificate,
  readSoap,
  sendBySoap,
  type LogoutRequest,
  type Signer,
} from '@corsac/saml';
import { describeWith } from '@corsac/testing/backing';
import { SamlFlow } from '../fixtures/saml/flow.js';
import { peerKeys, trackKeys } from '../fixtures/saml/keys.js';
import { idpEntityId, idpParty, now, peerSigner, strangerSigner } from '../fixtures/saml/test-idp.js';
import { spEntityId, spParty } from '../fixtures/saml/test-sp.js';
import { base, SamlWorld } from '../fixtures/saml/world.js';

const ofIdp = '/acme/-/app/saml/logout';
const ofSp = '/acme/-/(idp)/saml/singlelogout';
const envelopeType = 'text/xml; charset=utf-8';
const certificate = readCertificate(trackKeys.certificate);
if (!certificate.ok) throw new Error('no certificate');
const ourKeys = [certificate.value.key];

describeWith('postgres', (databaseUrl) => {
  const world = new SamlWorld();
  const flow = new SamlFlow(world);
  beforeAll(() => world.start(databaseUrl), 60_000);
  afterAll(() => world.stop());
  beforeEach(async () => {
    world.sessions.kept.splice(0);
    world.sessions.isAway = false;
    world.isTokenAway = false;
    await world.have([idpParty()], [spParty({ keys: [peerKeys.certificate] })]);
  });

  const call = (path: string, body: string, headers: Record<string, string> = { 'content-type': envelopeType }) =>
    world.rig.fetch(path, { method: 'POST', body, headers });
  const asking = (path: string, more: Partial<LogoutRequest>, signer: Signer | undefined = peerSigner) => {
    const issuer = path === ofIdp ? spEntityId : idpEntityId;
    const head = { id: `_${randomUUID()}`, issuer, issued_at: now(), destination: `${base}${path}` };
    return sendBySoap(makeLogoutRequest({ ...head, name_id: { value: 'u-7' }, session_indexes: [], ...more }), signer);
  };
  const unsigned = (path: string, more: Partial<LogoutRequest>) => {
    const issuer = path === ofIdp ? spEntityId : idpEntityId;
    const head = { id: `_${randomUUID()}`, issuer, issued_at: now(), destination: `${base}${path}` };
    return sendBySoap(makeLogoutRequest({ ...head, name_id: { value: 'u-7' }, session_indexes: [], ...more }));
  };
  const answered = async (response: Response, pending_request_id: string) => {
    expect([response.status, response.headers.get('content-type')]).toEqual([200, envelopeType]);
    return acceptLogoutResponse(readSoap(await response.text()), {
      issuer: `${base}/acme/-`,
      destinations: [],
      now: now(),
      party: { keys: ourKeys },
      pending_request_id,
    });
  };

  describe('a LogoutRequest of an application over SOAP, SAML Profiles 4.4.3', () => {
    it('ends the session without any cookie and is answered, signed; the provider above was not asked: partial', async () => {
      const { name_id, session_index } = await flow.signedIn();
      const body = await asking(ofIdp, { id: '_soap-1', name_id, session_indexes: [session_index] });
      expect(await answered(await call(ofIdp, body), '_soap-1')).toMatchObject({
        ok: true,
        value: { signed: true, result: 'partial' },
      });
      expect(world.sessions.ended.at(-1)).toMatchObject({ sid: session_index, cause: 'application' });
    });

    it('is a whole success when nobody else is to be told', async () => {
      const { name_id, session_index } = await flow.signedIn();
      Object.assign(world.sessions.latest, { upstream: undefined });
      const body = await asking(ofIdp, { id: '_soap-2', name_id, session_indexes: [session_index] });
      expect(await answered(await call(ofIdp, body), '_soap-2')).toMatchObject({ value: { result: 'success' } });
    });

    it('is a success too when there is no such session, and nothing ends under another name', async () => {
      const { session_index } = await flow.signedIn();
      const ended = world.sessions.ended.length;
      const name_id = { value: 'idp|somebody-else' };
      const body = await asking(ofIdp, { id: '_soap-3', name_id, session_indexes: [session_index] });
      expect(await answered(await call(ofIdp, body), '_soap-3')).toMatchObject({ value: { result: 'success' } });
      expect(world.sessions.ended).toHaveLength(ended);
    });

    it('acts once', async () => {
      const { name_id, session_index } = await flow.signedIn();
      const body = await asking(ofIdp, { name_id, session_indexes: [session_index] });
      expect((await call(ofIdp, body)).status).toBe(200);
      const again = await call(ofIdp, body);
      expect([again.status, (await again.text()).includes('used_before')]).toEqual([400, true]);
    });

    it('can be said again when another service was away', async () => {
      const { name_id, session_index } = await flow.signedIn();
      const body = await asking(ofIdp, { name_id, session_indexes: [session_index] });
      world.sessions.isAway = true;
      const away = await call(ofIdp, body);
      expect([away.status, away.headers.get('retry-after')]).toEqual([503, '2']);
      world.sessions.isAway = false;
      world.isTokenAway = true;
      expect((await call(ofIdp, body)).status).toBe(503);
      world.isTokenAway = false;
      expect((await call(ofIdp, body)).status).toBe(200);
    });

    it('of an application without keys proves nothing', async () => {
      await world.have([idpParty()], [spParty()]);
      const { name_id, session_index } = await flow.signedIn();
      const ended = world.sessions.ended.length;
      const body = await asking(ofIdp, { name_id, session_indexes: [session_index] });
      expect((await call(ofIdp, body)).status).toBe(400);
      expect(world.sessions.ended).toHaveLength(ended);
    });
  });

  describe('a LogoutRequest of an identity provider over SOAP', () => {
    it('ends the sessions that stand on its own, and says that an application could not be told', async () => {
      const { session_index } = await flow.signedIn();
      const body = await asking(ofSp, { id: '_above-soap', session_indexes: ['_session-1'] });
      expect(await answered(await call(ofSp, body), '_above-soap')).toMatchObject({
        ok: true,
        value: { signed: true, result: 'partial' },
      });
      expect(world.sessions.ended.at(-1)).toMatchObject({ sid: session_index, cause: 'upstream' });
      expect(world.sessions.reported.at(-1)?.receipts).toMatchObject([{ result: 'timed_out' }]);
    });

    it('is a success when there is nothing to end, and acts once', async () => {
      const body = await asking(ofSp, { id: '_above-none', name_id: { value: 'nobody' } });
      expect(await answered(await call(ofSp, body), '_above-none')).toMatchObject({ value: { result: 'success' } });
      expect((await call(ofSp, body)).status).toBe(400);
    });
  });

  describe.each([
    ['an application', ofIdp],
    ['an identity provider', ofSp],
  ])('a call over SOAP that is not believed to be of %s', (_who, path) => {
    const hostile: [string, () => Promise<string> | string, string][] = [
      ['unsigned', () => unsigned(path, {}), 'signature_missing'],
      ['signed by somebody else', () => asking(path, {}, strangerSigner), 'signature_invalid'],
      ['of another issuer', () => asking(path, { issuer: 'urn:x' }), 'issuer_mismatch'],
      ['for another place', () => asking(path, { destination: 'https://other.test/' }), 'destination_mismatch'],
      ['too old', () => asking(path, { issued_at: now() - 9000 }), 'expired'],
      ['over', () => asking(path, { not_on_or_after: now() - 600 }), 'expired'],
      ['empty', () => '', 'xml_invalid'],
      ['no XML', () => 'hello', 'xml_invalid'],
      ['with a DOCTYPE', () => '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 'xml_invalid'],
      [
        'no envelope',
        async () => (await asking(path, {})).replace(/^.*?<soap:Body>(.*)<\/soap:Body>.*$/s, '$1'),
        'wrong_message',
      ],
      [
        'two messages',
        async () => (await asking(path, {})).replace('</soap:Body>', '<soap:Fault/></soap:Body>'),
        'schema_invalid',
      ],
      ['deep', () => '<a>'.repeat(5000), 'xml_invalid'],
      ['long', () => `<a>${'x'.repeat(400_000)}</a>`, 'xml_invalid'],
    ];
    it.each(hostile)('%s ends nothing and is answered by a fault', async (_name, body, reason) => {
      await flow.signedIn();
      const ended = world.sessions.ended.length;
      const answer = await call(path, await body());
      const text = await answer.text();
      expect([answer.status, answer.headers.get('content-type')]).toEqual([400, envelopeType]);
      expect(text).toContain('<faultcode>soap:Client</faultcode>');
      expect(text).toContain(reason);
      expect(world.sessions.ended).toHaveLength(ended);
    });

    it('a body of another type is no call over SOAP', async () => {
      const ended = world.sessions.ended.length;
      for (const type of ['text/plain', 'application/xml', 'text/xmlish'])
        expect((await call(path, await asking(path, {}), { 'content-type': type })).status).toBe(400);
      expect(world.sessions.ended).toHaveLength(ended);
    });
  });

  it('metadata of both roles names the address for SOAP', async () => {
    for (const [path, address] of [
      ['/acme/-/app/saml/idpmetadata', ofIdp],
      ['/acme/-/(idp)/saml/spmetadata', ofSp],
    ] as const)
      expect(await (await world.rig.fetch(path)).text()).toContain(
        `<md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:SOAP" Location="${base}${address}">`,
      );
  });
});

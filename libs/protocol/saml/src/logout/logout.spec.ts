import { rsaKey, signerOf } from '../../test/keys.js';
import { idp, now, posted, sp, xmlOf } from '../../test/samples.js';
import { readRedirect } from '../bindings/read-redirect.js';
import { readSoap } from '../bindings/read-post.js';
import { sendByPost, sendByRedirect, sendBySoap } from '../bindings/send-message.js';
import { statusCodes } from '../names.js';
import { canonicalize } from '../xml/canonicalize.js';
import { messageLimits } from '../xml/limits.js';
import { parseXml } from '../xml/parse-xml.js';
import { acceptLogoutRequest, acceptLogoutResponse, logoutRequestSteps, logoutResponseSteps } from './accept-logout.js';
import type { LogoutRequest, LogoutResponse } from './logout-messages.js';
import { logoutResultOf, makeLogoutRequest, makeLogoutResponse, statusOfLogout } from './make-logout.js';

const key = rsaKey();
const signer = signerOf(key);
const slo = 'https://sp.example/saml/slo';

const request: LogoutRequest & { destination: string } = {
  id: '_logout1',
  issuer: idp,
  issued_at: now,
  destination: slo,
  name_id: { value: 'user-1', format: 'urn:x', name_qualifier: idp, sp_name_qualifier: sp },
  session_indexes: ['_s1', '_s2'],
  not_on_or_after: now + 300,
  reason: 'urn:oasis:names:tc:SAML:2.0:logout:user',
};

const response: LogoutResponse & { destination: string } = {
  id: '_answer1',
  issuer: idp,
  issued_at: now,
  destination: slo,
  in_response_to: '_logout1',
  status: statusOfLogout('success'),
};

const expected = { issuer: idp, destinations: [slo], now, party: { keys: [key.publicKey] } };
const answering = { ...expected, pending_request_id: '_logout1' };

const requested = async (change: Partial<LogoutRequest> = {}, signed = true): Promise<string> =>
  xmlOf(await sendByPost(makeLogoutRequest({ ...request, ...change } as typeof request), signed ? { signer } : {}));

const answered = async (change: Partial<LogoutResponse> = {}): Promise<string> =>
  xmlOf(await sendByPost(makeLogoutResponse({ ...response, ...change } as typeof response), { signer }));

describe('LogoutRequest, SAML Core 3.7.1', () => {
  it('comes out as it was made, by every binding', async () => {
    const message = makeLogoutRequest(request);
    const query = await sendByRedirect(message, { signer, relay_state: 'state' });
    const redirected = readRedirect(query.slice(query.indexOf('?')));
    const value = { ...request, signed: true, expires_at: now + 300 + 60 };
    expect(acceptLogoutRequest(posted(await requested(), 'request'), expected)).toMatchObject({ ok: true, value });
    expect(redirected.ok && acceptLogoutRequest(redirected.value, expected)).toMatchObject({
      ok: true,
      value: { ...value, relay_state: 'state' },
    });
    expect(acceptLogoutRequest(readSoap(await sendBySoap(message, signer)), expected)).toMatchObject({
      ok: true,
      value,
    });
  });

  it('is written in canonical form, in an envelope too', async () => {
    for (const xml of [await requested(), await answered(), await sendBySoap(makeLogoutRequest(request), signer)]) {
      const parsed = parseXml(xml, messageLimits);
      expect(parsed.ok && canonicalize(parsed.value)).toBe(xml);
    }
  });

  it('may name no session, no end and no reason', async () => {
    const xml = await requested({ session_indexes: [], not_on_or_after: undefined, reason: undefined });
    expect(acceptLogoutRequest(posted(xml, 'request'), expected)).toMatchObject({
      ok: true,
      value: { session_indexes: [], expires_at: now + 900 + 60 },
    });
  });

  it('has its checks in an order that can be read', () => {
    expect(logoutRequestSteps.map(({ name }) => name)).toEqual([
      'issuer',
      'destination',
      'issue_instant',
      'not_on_or_after',
    ]);
    expect(logoutResponseSteps.map(({ name }) => name)).toEqual([
      'issuer',
      'destination',
      'issue_instant',
      'in_response_to',
    ]);
  });

  it.each<[string, Partial<LogoutRequest>, string]>([
    ['another issuer', { issuer: sp }, 'issuer: issuer_mismatch'],
    ['another destination', { destination: 'https://evil.example' }, 'destination: destination_mismatch'],
    ['no destination', { destination: undefined }, 'destination: destination_mismatch'],
    ['an old request', { issued_at: now - 961, not_on_or_after: undefined }, 'issue_instant: expired'],
    ['a request of the future', { issued_at: now + 61 }, 'issue_instant: not_yet_valid'],
    ['a request that has ended', { not_on_or_after: now - 60 }, 'not_on_or_after: expired'],
  ])('refuses %s', async (_what, change, reason) => {
    const outcome = acceptLogoutRequest(posted(await requested(change), 'request'), expected);
    expect(outcome.ok || `${outcome.error.step}: ${outcome.error.reason}`).toBe(reason);
  });

  it('must be signed unless the caller says otherwise', async () => {
    const incoming = posted(await requested({}, false), 'request');
    expect(acceptLogoutRequest(incoming, expected)).toMatchObject({ error: { reason: 'signature_missing' } });
    expect(acceptLogoutRequest(incoming, { ...expected, require_signed: false })).toMatchObject({
      ok: true,
      value: { signed: false },
    });
    expect(acceptLogoutRequest(incoming, { ...expected, party: { keys: [] } })).toMatchObject({
      error: { reason: 'key_missing' },
    });
  });

  it('says that an encrypted identifier is not supported', async () => {
    const xml = (await requested({}, false)).replace(
      /<saml:NameID .*<\/saml:NameID>/,
      '<saml:EncryptedID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"><xenc:EncryptedData xmlns:xenc="http://www.w3.org/2001/04/xmlenc#">' +
        '<xenc:EncryptionMethod Algorithm="urn:x"/><xenc:CipherData><xenc:CipherValue>AAAA</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData></saml:EncryptedID>',
    );
    const outcome = acceptLogoutRequest(posted(xml, 'request'), { ...expected, require_signed: false });
    expect(outcome).toMatchObject({ error: { step: 'subject', reason: 'unsupported' } });
  });

  it('is no response, and a response is no request', async () => {
    expect(acceptLogoutResponse(posted(await requested(), 'response'), answering)).toMatchObject({
      error: { reason: 'wrong_message' },
    });
    expect(acceptLogoutRequest(posted(await answered(), 'request'), expected)).toMatchObject({
      error: { reason: 'wrong_message' },
    });
  });
});

describe('LogoutResponse, SAML Core 3.7.2', () => {
  it.each(['success', 'partial', 'failed'] as const)('says %s and is understood', async (result) => {
    const xml = await answered({ status: statusOfLogout(result) });
    const outcome = acceptLogoutResponse(posted(xml), answering);
    expect(outcome).toMatchObject({ ok: true, value: { result, signed: true, in_response_to: '_logout1' } });
  });

  it('is partial on either level, as peers differ', () => {
    expect(logoutResultOf({ code: statusCodes.partialLogout })).toBe('partial');
    expect(logoutResultOf({ code: statusCodes.responder, sub_code: statusCodes.partialLogout })).toBe('partial');
    expect(logoutResultOf({ code: statusCodes.requester })).toBe('failed');
  });

  it.each<[string, Partial<LogoutResponse>, string]>([
    ['another issuer', { issuer: sp }, 'issuer: issuer_mismatch'],
    ['another request', { in_response_to: '_other' }, 'in_response_to: in_response_to_mismatch'],
    ['no request', { in_response_to: undefined }, 'in_response_to: in_response_to_mismatch'],
    ['another destination', { destination: 'https://evil.example' }, 'destination: destination_mismatch'],
  ])('refuses %s', async (_what, change, reason) => {
    const outcome = acceptLogoutResponse(posted(await answered(change)), answering);
    expect(outcome.ok || `${outcome.error.step}: ${outcome.error.reason}`).toBe(reason);
  });

  it('must be signed unless the caller says otherwise', async () => {
    const xml = xmlOf(await sendByPost(makeLogoutResponse(response), {}));
    expect(acceptLogoutResponse(posted(xml), answering)).toMatchObject({ error: { reason: 'signature_missing' } });
    expect(acceptLogoutResponse(posted(xml), { ...answering, require_signed: false })).toMatchObject({ ok: true });
  });
});

describe('SOAP, SAML Bindings 3.2', () => {
  it('needs no destination, signed or not', async () => {
    const bare = makeLogoutRequest({ ...request, destination: undefined as unknown as string });
    expect(acceptLogoutRequest(readSoap(await sendBySoap(bare, signer)), expected)).toMatchObject({ ok: true });
    const unsigned = await sendBySoap(bare);
    expect(acceptLogoutRequest(readSoap(unsigned), { ...expected, require_signed: false })).toMatchObject({ ok: true });
  });

  it('carries the answer', async () => {
    const envelope = await sendBySoap(makeLogoutResponse(response), signer);
    expect(acceptLogoutResponse(readSoap(envelope), answering)).toMatchObject({
      ok: true,
      value: { result: 'success' },
    });
  });

  it.each([
    ['no envelope', (xml: string) => xml.replace(/<\/?soap:[^>]*>/g, '')],
    [
      'a fault',
      (xml: string) =>
        xml.replace(/<samlp:.*<\/samlp:LogoutRequest>/s, '<soap:Fault><faultcode>x</faultcode></soap:Fault>'),
    ],
    ['an empty body', (xml: string) => xml.replace(/<samlp:.*<\/samlp:LogoutRequest>/s, '')],
    [
      'two messages',
      (xml: string) =>
        xml.replace(/(<samlp:.*<\/samlp:LogoutRequest>)/s, (m) => m + m.replaceAll('_logout1', '_logout2')),
    ],
    [
      'a message in the header',
      (xml: string) =>
        xml.replace(
          /<soap:Body>(.*)<\/soap:Body>/s,
          '<soap:Header>$1</soap:Header><soap:Body><soap:Fault></soap:Fault></soap:Body>',
        ),
    ],
    ['another message', (xml: string) => xml.replaceAll('LogoutRequest', 'ManageNameIDRequest')],
    [
      'another SOAP',
      (xml: string) =>
        xml.replace('http://schemas.xmlsoap.org/soap/envelope/', 'http://www.w3.org/2003/05/soap-envelope'),
    ],
    ['a changed message', (xml: string) => xml.replace('user-1', 'user-2')],
  ])('refuses %s', async (_what, change) => {
    const envelope = await sendBySoap(makeLogoutRequest(request), signer);
    expect(acceptLogoutRequest(readSoap(change(envelope)), expected).ok).toBe(false);
  });

  it('takes a header that is not about the message', async () => {
    const envelope = (await sendBySoap(makeLogoutRequest(request), signer)).replace(
      '<soap:Body>',
      '<soap:Header><x:x xmlns:x="urn:x"/></soap:Header><soap:Body>',
    );
    expect(acceptLogoutRequest(readSoap(envelope), expected)).toMatchObject({ ok: true });
    expect(acceptLogoutResponse(readSoap(envelope), answering)).toMatchObject({ error: { reason: 'wrong_message' } });
  });
});

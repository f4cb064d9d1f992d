import { rsaKey, signerOf } from '../../test/keys.js';
import { acs, authnRequest, now, posted, sp, sso, xmlOf } from '../../test/samples.js';
import { sendByPost } from '../bindings/send-message.js';
import { nameIdFormats, statusCodes } from '../names.js';
import { canonicalize } from '../xml/canonicalize.js';
import { messageLimits } from '../xml/limits.js';
import { parseXml } from '../xml/parse-xml.js';
import type { AuthnRequestExpectations } from './accept-authn-request.js';
import { acceptAuthnRequest, authnRequestSteps } from './accept-authn-request.js';
import type { AuthnRequest } from './authn-request.js';
import { makeAuthnRequest, readRequestExtensions } from './make-authn-request.js';

const key = rsaKey();
const signer = signerOf(key);
const expected: AuthnRequestExpectations = {
  issuer: sp,
  destinations: [sso],
  now,
  party: { keys: [key.publicKey] },
  require_signed: true,
  acs_urls: [acs, `${acs}/2`],
};

const full: AuthnRequest & { destination: string } = {
  ...authnRequest,
  force_authn: true,
  is_passive: true,
  protocol_binding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST',
  name_id_policy: { format: nameIdFormats.persistent, allow_create: true, sp_name_qualifier: sp },
  requested_authn_context: { comparison: 'minimum', class_refs: ['urn:a', 'urn:b'] },
  subject: { value: 'a@example.com', format: nameIdFormats.emailAddress },
  attribute_consuming_service_index: 1,
  provider_name: 'Sample & Co',
};

const made = async (request: AuthnRequest & { destination: string }, signed = true): Promise<string> =>
  xmlOf(await sendByPost(makeAuthnRequest(request), signed ? { signer } : {}));

const run = async (change: Partial<AuthnRequest>, expectations: Partial<AuthnRequestExpectations> = {}) =>
  acceptAuthnRequest(posted(await made({ ...authnRequest, ...change }), 'request'), { ...expected, ...expectations });

describe('AuthnRequest, SAML Core 3.4.1', () => {
  it('comes out as it was made', async () => {
    const outcome = acceptAuthnRequest(posted(await made(full), 'request'), expected);
    expect(outcome).toEqual({
      ok: true,
      value: {
        ...full,
        assertion_consumer_service_index: undefined,
        reply_to: acs,
        relay_state: undefined,
        signed: true,
      },
    });
  });

  it('is written in canonical form, whatever it holds', async () => {
    const extensions = readRequestExtensions('<x:a xmlns:x="urn:x"  b="1"/>');
    const message = makeAuthnRequest(full, extensions.ok ? extensions.value : undefined);
    for (const xml of [await made(full), xmlOf(await sendByPost(message, { signer }))]) {
      const parsed = parseXml(xml, messageLimits);
      expect(parsed.ok && canonicalize(parsed.value)).toBe(xml);
    }
  });

  it('says nothing that was not asked', async () => {
    const xml = await made({ id: '_1', issuer: sp, issued_at: now, destination: sso }, false);
    expect(xml).not.toMatch(/ForceAuthn|IsPassive|NameIDPolicy|RequestedAuthnContext|Subject|AssertionConsumer/);
    expect(xml).not.toContain('undefined');
  });

  it('leaves out a context without classes, and takes an index for an address', async () => {
    const xml = await made({
      ...authnRequest,
      assertion_consumer_service_url: undefined,
      assertion_consumer_service_index: 0,
      requested_authn_context: { comparison: 'exact', class_refs: [] },
    });
    expect(xml).toContain('AssertionConsumerServiceIndex="0"');
    expect(xml).not.toContain('RequestedAuthnContext');
  });

  it('reads flags written as digits, and exact as the default comparison', async () => {
    const xml = (await made(full, false))
      .replace('ForceAuthn="true"', 'ForceAuthn="1"')
      .replace('IsPassive="true"', 'IsPassive="0"')
      .replace(' Comparison="minimum"', '');
    expect(acceptAuthnRequest(posted(xml, 'request'), { ...expected, require_signed: false })).toMatchObject({
      ok: true,
      value: { force_authn: true, is_passive: false, requested_authn_context: { comparison: 'exact' }, signed: false },
    });
  });
});

describe('Extensions that an administrator typed', () => {
  it('are put into canonical form and signed with the request', async () => {
    const extensions = readRequestExtensions("<x:a xmlns:x='urn:x' b='1'><x:c/></x:a> <y xmlns='urn:y'/>");
    expect(extensions).toEqual({
      ok: true,
      value: '<x:a xmlns:x="urn:x" b="1"><x:c></x:c></x:a><y xmlns="urn:y"></y>',
    });
    const message = makeAuthnRequest(authnRequest, extensions.ok ? extensions.value : undefined);
    const xml = xmlOf(await sendByPost(message, { signer }));
    expect(acceptAuthnRequest(posted(xml, 'request'), expected)).toMatchObject({ ok: true, value: { signed: true } });
  });

  it.each([
    '',
    'text',
    '<a/>',
    '<x:a/>',
    '<x:a xmlns:x="urn:x"/>text',
    '</samlp:Extensions><samlp:Extensions>',
    '<samlp:a/>',
    '<x:a xmlns:x="urn:oasis:names:tc:SAML:2.0:assertion"/>',
    '<x:a xmlns:x="urn:x"><samlp:Status/></x:a>',
    '<samlp:a xmlns:samlp="urn:x"/>',
    '<!DOCTYPE a><x:a xmlns:x="urn:x"/>',
  ])('are refused when they are not elements of another namespace: %s', (xml) => {
    expect(readRequestExtensions(xml).ok).toBe(false);
  });
});

describe('Accepting an AuthnRequest', () => {
  it('has its checks in an order that can be read: nothing travels before the address is proven', () => {
    expect(authnRequestSteps.map(({ name, onError }) => `${name} ${onError}`)).toEqual([
      'issuer page',
      'destination page',
      'acs_url page',
      'issue_instant response',
      'protocol_binding response',
      'name_id_policy response',
    ]);
  });

  it.each<[string, Partial<AuthnRequest>, string]>([
    ['another issuer', { issuer: 'https://evil.example' }, 'issuer: issuer_mismatch'],
    ['another destination', { destination: 'https://evil.example' }, 'destination: destination_mismatch'],
    ['an unknown address', { assertion_consumer_service_url: 'https://evil.example/acs' }, 'acs_url: acs_url_unknown'],
    [
      'an address that only starts like one',
      { assertion_consumer_service_url: `${acs}.evil.example` },
      'acs_url: acs_url_unknown',
    ],
    ['an address in another case', { assertion_consumer_service_url: acs.toUpperCase() }, 'acs_url: acs_url_unknown'],
    [
      'an index among several',
      { assertion_consumer_service_url: undefined, assertion_consumer_service_index: 1 },
      'acs_url: acs_url_unknown',
    ],
  ])('shows a page for %s', async (_what, change, reason) => {
    const outcome = await run(change);
    expect(outcome.ok || `${outcome.error.step}: ${outcome.error.reason}`).toBe(reason);
    expect(outcome.ok || outcome.error.reply).toBeUndefined();
  });

  it.each<[string, Partial<AuthnRequest>, string, string | undefined]>([
    ['an old request', { issued_at: now - 961 }, 'issue_instant: expired', undefined],
    ['a request of the future', { issued_at: now + 61 }, 'issue_instant: not_yet_valid', undefined],
    [
      'an artifact for an answer',
      { protocol_binding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact' },
      'protocol_binding: unsupported',
      statusCodes.requestUnsupported,
    ],
    [
      'a format that is not given',
      { name_id_policy: { format: 'urn:none' } },
      'name_id_policy: unsupported',
      statusCodes.invalidNameIdPolicy,
    ],
    [
      'identifiers of another application',
      { name_id_policy: { sp_name_qualifier: 'https://x.example' } },
      'name_id_policy: unsupported',
      statusCodes.invalidNameIdPolicy,
    ],
  ])('answers the application about %s', async (_what, change, reason, sub_code) => {
    const outcome = await run(change);
    expect(outcome.ok || `${outcome.error.step}: ${outcome.error.reason}`).toBe(reason);
    const status = { code: statusCodes.requester, sub_code };
    expect(outcome.ok || outcome.error.reply).toEqual({ reply_to: acs, in_response_to: '_request1', status });
  });

  it('takes the first address when none is named, and an index when there is one address', async () => {
    const nowhere = { assertion_consumer_service_url: undefined };
    expect(await run(nowhere)).toMatchObject({ ok: true, value: { reply_to: acs } });
    expect(await run({ ...nowhere, assertion_consumer_service_index: 7 }, { acs_urls: [acs] })).toMatchObject({
      ok: true,
    });
    expect(await run({ assertion_consumer_service_url: `${acs}/2` })).toMatchObject({
      ok: true,
      value: { reply_to: `${acs}/2` },
    });
  });

  it('takes formats of the track, and requests as old as the track allows', async () => {
    const policy = { name_id_policy: { format: 'urn:mine' } };
    expect(await run(policy, { name_id_formats: ['urn:mine'] })).toMatchObject({ ok: true });
    expect(await run({ issued_at: now - 100 }, { max_age: 30, skew: 0 })).toMatchObject({
      error: { reason: 'expired' },
    });
  });

  it('refuses an unsigned request where one must be signed, and checks a signature wherever there are keys', async () => {
    const unsigned = posted(await made(authnRequest, false), 'request');
    expect(acceptAuthnRequest(unsigned, expected)).toMatchObject({ error: { reason: 'signature_missing' } });
    const lax = { ...expected, require_signed: false };
    expect(acceptAuthnRequest(unsigned, lax)).toMatchObject({ ok: true, value: { signed: false } });
    const forged = (await made(authnRequest)).replace('_request1" IssueInstant', '_request2" IssueInstant');
    expect(acceptAuthnRequest(posted(forged, 'request'), lax)).toMatchObject({ ok: false });
  });

  it('needs a destination in a signed request, and none in an unsigned one', async () => {
    const bare = { ...authnRequest, destination: undefined as unknown as string };
    const signed = posted(await made(bare), 'request');
    expect(acceptAuthnRequest(signed, expected)).toMatchObject({ error: { reason: 'destination_mismatch' } });
    const lax = { ...expected, require_signed: false };
    expect(acceptAuthnRequest(posted(await made(bare, false), 'request'), lax)).toMatchObject({ ok: true });
  });

  it('matches no party when the issuer is missing', async () => {
    const xml = (await made(authnRequest, false)).replace(/<saml:Issuer.*<\/saml:Issuer>/, '');
    const outcome = acceptAuthnRequest(posted(xml, 'request'), { ...expected, require_signed: false });
    expect(outcome).toMatchObject({ error: { reason: 'issuer_mismatch' } });
  });

  it('says that an encrypted hint is not supported', async () => {
    const hint =
      '<saml:Subject xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"><saml:EncryptedID><xenc:EncryptedData xmlns:xenc="http://www.w3.org/2001/04/xmlenc#">' +
      '<xenc:EncryptionMethod Algorithm="urn:x"/><xenc:CipherData><xenc:CipherValue>AAAA</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData></saml:EncryptedID></saml:Subject>';
    const xml = (await made(authnRequest, false)).replace('</samlp:AuthnRequest>', `${hint}</samlp:AuthnRequest>`);
    const outcome = acceptAuthnRequest(posted(xml, 'request'), { ...expected, require_signed: false });
    expect(outcome).toMatchObject({ error: { step: 'subject', reason: 'unsupported' } });
  });
});

import { rsaKey, signerOf } from '../../test/keys.js';
import { acs, assertion, idp, now, response, sp, xmlOf } from '../../test/samples.js';
import { sendByPost } from '../bindings/send-message.js';
import type { NewAssertion } from '../response/make-assertion.js';
import { makeAssertion } from '../response/make-assertion.js';
import { makeResponse } from '../response/make-response.js';
import { signXml, unsignedXml } from '../trust/sign-xml.js';
import type { SubjectTokenExpectations } from './verify-subject-token.js';
import { peekSamlSubjectToken, verifySamlSubjectToken } from './verify-subject-token.js';

const key = rsaKey();
const signer = signerOf(key);

const expected: SubjectTokenExpectations = {
  issuer: idp,
  audience: sp,
  recipients: [acs],
  now,
  party: { keys: [key.publicKey] },
};

const xmlToken = async (change: Partial<NewAssertion> = {}, text?: (xml: string) => string): Promise<string> => {
  const unsigned = makeAssertion({ ...assertion, ...change });
  if (!text) return signXml(unsigned, signer);
  const changed = text(unsigned.before + unsigned.after);
  const at = changed.indexOf('</saml:Issuer>') + '</saml:Issuer>'.length;
  return signXml({ id: unsigned.id, before: changed.slice(0, at), after: changed.slice(at) }, signer);
};

const base64url = (xml: string): string => Buffer.from(xml, 'utf8').toString('base64url');

const refusal = (token: string, change: Partial<SubjectTokenExpectations> = {}): string | undefined => {
  const outcome = verifySamlSubjectToken(token, { ...expected, ...change });
  return outcome.ok ? undefined : `${outcome.error.step}: ${outcome.error.reason}`;
};

describe('SAML 2.0 assertion as subject token, RFC 8693 3', () => {
  it('is taken as base64url, padded or not, and as raw XML', async () => {
    const xml = await xmlToken();
    const padded = Buffer.from(xml, 'utf8').toString('base64').replace(/\+/g, '-').replace(/\//g, '_');
    for (const token of [base64url(xml), padded, xml, `\n${xml}\n`]) {
      expect(verifySamlSubjectToken(token, expected)).toMatchObject({
        ok: true,
        value: {
          assertion: { id: '_assertion1', issuer: idp, name_id: { value: 'user-1' } },
          one_time_id: { id: '_assertion1', expires_at: now + 300 + 60 },
          one_time_use: false,
          not_on_or_after: now + 3600,
        },
      });
    }
  });

  it('needs no pending request: it was asked for by somebody else', async () => {
    expect(refusal(await xmlToken({ in_response_to: undefined }))).toBeUndefined();
  });

  it('is remembered to its end when its confirmation does not matter', async () => {
    const outcome = verifySamlSubjectToken(await xmlToken(), { ...expected, accept_confirmed: true });
    expect(outcome).toMatchObject({ ok: true, value: { one_time_id: { expires_at: now + 3600 + 60 } } });
  });

  it('says when it may be used once only', async () => {
    const token = await xmlToken({}, (xml) =>
      xml.replace('</saml:Conditions>', '<saml:OneTimeUse></saml:OneTimeUse></saml:Conditions>'),
    );
    expect(verifySamlSubjectToken(token, expected)).toMatchObject({ ok: true, value: { one_time_use: true } });
  });

  it.each<[string, Partial<NewAssertion>, string]>([
    ['another issuer', { issuer: 'https://evil.example' }, 'assertion_issuer: issuer_mismatch'],
    ['another audience', { audience: 'https://other.example' }, 'audience: audience_mismatch'],
    ['another recipient', { recipient: 'https://other.example' }, 'confirmation: recipient_mismatch'],
    ['a confirmation that has ended', { confirmation_lifetime: -60 }, 'confirmation: expired'],
    ['an end that has passed', { lifetime: -60 }, 'window: expired'],
  ])('is refused with %s', async (_what, change, reason) => {
    expect(refusal(await xmlToken(change))).toBe(reason);
  });

  it('is taken with a confirmation that has ended where the trust says so, but for the right recipient only', async () => {
    const late = await xmlToken({ confirmation_lifetime: -60 });
    expect(refusal(late, { accept_confirmed: true })).toBeUndefined();
    expect(refusal(late, { accept_confirmed: true, recipients: ['https://other.example'] })).toBe(
      'confirmation: recipient_mismatch',
    );
    expect(refusal(late, { accept_confirmed: true, recipients: [] })).toBe('confirmation: recipient_mismatch');
    expect(refusal(await xmlToken({ lifetime: -60 }), { accept_confirmed: true })).toBe('window: expired');
  });

  it('must say when it ends', async () => {
    const endless = await xmlToken({}, (xml) => xml.replace(/(<saml:Conditions [^>]*) NotOnOrAfter="[^"]*"/, '$1'));
    expect(refusal(endless)).toBe('window: expired');
    expect(refusal(endless, { accept_confirmed: true })).toBe('window: expired');
  });

  it('must be signed itself, by a key of the trust', async () => {
    expect(refusal(unsignedXml(makeAssertion(assertion)))).toBe('signature: signature_missing');
    expect(refusal(await xmlToken(), { party: { keys: [rsaKey().publicKey] } })).toBe(
      'signature_value: signature_invalid',
    );
    expect(refusal(await xmlToken(), { party: { keys: [] } })).toBe('keys: key_missing');
    expect(refusal((await xmlToken()).replace('user-1', 'admin'))).toBe('digest: signature_invalid');
  });

  it.each([
    ['a whole response', async () => xmlOf(await sendByPost(await makeResponse(response, { signer }), { signer }))],
    ['an assertion in something else', async () => `<x:x xmlns:x="urn:x">${await xmlToken()}</x:x>`],
    ['base64 that is not base64url', async () => `${base64url(await xmlToken())}+/`],
    ['a JWT', async () => 'eyJhbGciOiJub25lIn0.e30.'],
    ['nothing', async () => ''],
    ['a DOCTYPE', async () => `<!DOCTYPE a>${await xmlToken()}`],
    ['too much', async () => base64url(`<a>${'x'.repeat(256_001)}</a>`)],
  ])('is refused when it is %s', async (_what, make) => {
    expect(refusal(await make())).toBeDefined();
  });

  it('is refused with encrypted parts', async () => {
    const hidden =
      '<saml:EncryptedID><xenc:EncryptedData xmlns:xenc="http://www.w3.org/2001/04/xmlenc#"><xenc:EncryptionMethod Algorithm="urn:x"></xenc:EncryptionMethod>' +
      '<xenc:CipherData><xenc:CipherValue>AAAA</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData></saml:EncryptedID>';
    const token = await xmlToken({}, (xml) => xml.replace(/<saml:NameID .*<\/saml:NameID>/, hidden));
    expect(refusal(token)).toBe('assertion: unsupported');
    expect(peekSamlSubjectToken(token)).toMatchObject({ error: { reason: 'unsupported' } });
  });
});

describe('Looking for the trust of a token', () => {
  it('gives issuer and audiences, unverified', async () => {
    expect(peekSamlSubjectToken(base64url(await xmlToken()))).toEqual({
      ok: true,
      value: { issuer: idp, audiences: [sp] },
    });
    const bare = await xmlToken({}, (xml) => xml.replace(/<saml:Conditions.*<\/saml:Conditions>/, ''));
    expect(peekSamlSubjectToken(bare)).toEqual({ ok: true, value: { issuer: idp, audiences: [] } });
  });

  it('passes the same gate', () => {
    expect(peekSamlSubjectToken('<!DOCTYPE a><a/>')).toMatchObject({ error: { reason: 'xml_invalid' } });
    expect(peekSamlSubjectToken('***')).toMatchObject({ error: { reason: 'binding_invalid' } });
  });
});

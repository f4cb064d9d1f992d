import type { KeyObject } from 'node:crypto';
import { decrypterOf, rsaKey, signerOf } from '../../test/keys.js';
import { acs, assertion, expectedOf, idp, now, posted, random, response, sp, xmlOf } from '../../test/samples.js';
import { readPost } from '../bindings/read-post.js';
import { readRedirect } from '../bindings/read-redirect.js';
import { sendByPost, sendByRedirect } from '../bindings/send-message.js';
import { statusCodes } from '../names.js';
import { statusOfOAuthError } from '../status.js';
import type { AcceptResponse } from './accept-response.js';
import { acceptResponse } from './accept-response.js';
import type { NewAssertion } from './make-assertion.js';
import type { NewResponse } from './make-response.js';
import { makeResponse } from './make-response.js';
import { assertionSteps, responseSteps } from './response-steps.js';

const key = rsaKey();
const signer = signerOf(key);

interface Case {
  readonly response?: Partial<NewResponse>;
  readonly assertion?: Partial<NewAssertion>;
  readonly expected?: Partial<AcceptResponse>;
  /** Changes the text before it is signed as a whole. */
  readonly text?: (xml: string) => string;
}

/** Makes a response, changes it, signs it and has it checked: what a provider with such habits would get. */
const run = async ({ response: head, assertion: inner, expected, text }: Case) => {
  const made = await makeResponse({ ...response, assertion: { ...assertion, ...inner }, ...head });
  const { before, after, id } = made.unsigned;
  const cut = before.length;
  const changed = text ? text(before + after) : before + after;
  const at = changed.indexOf('</saml:Issuer>') + '</saml:Issuer>'.length;
  const unsigned = text ? { id, before: changed.slice(0, at), after: changed.slice(at) } : { id, before, after };
  expect(cut).toBeGreaterThan(0);
  const form = await sendByPost({ ...made, unsigned }, { signer, relay_state: 'state' });
  const incoming = readPost(form.fields);
  return incoming.ok ? acceptResponse(incoming.value, { ...expectedOf(key), ...expected }) : incoming;
};

const refusal = async (what: Case): Promise<string | undefined> => {
  const outcome = await run(what);
  return outcome.ok ? undefined : `${outcome.error.step}: ${outcome.error.reason}`;
};

describe('A response that is right, SAML Profiles 4.1.4', () => {
  it('gives who, how, when and what, and the ID that may not come again', async () => {
    const outcome = await run({});
    expect(outcome).toMatchObject({
      ok: true,
      value: {
        response_id: '_response1',
        in_response_to: '_request1',
        relay_state: 'state',
        encrypted: false,
        one_time_ids: [{ id: '_assertion1', expires_at: now + 300 + 60 }],
        assertion: {
          id: '_assertion1',
          issuer: idp,
          issued_at: now,
          name_id: { value: 'user-1', format: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent' },
          conditions: { not_before: now - 30, not_on_or_after: now + 3600, one_time_use: false },
          authn: { instant: now - 10, session_index: '_session1' },
          attributes: [{ values: ['a@example.com'] }, { name: 'role', values: ['admin', 'user & <b>"x"</b>', 'ære'] }],
        },
      },
    });
  });

  it('has its checks in an order that can be read', () => {
    expect(responseSteps.map(({ name }) => name)).toEqual(['issuer', 'status', 'destination', 'in_response_to']);
    expect(assertionSteps.map(({ name }) => name)).toEqual([
      'assertion_issuer',
      'confirmation',
      'audience',
      'window',
      'authn_statement',
    ]);
  });

  it.each<[string, Case]>([
    ['a user without NameID', { text: (xml) => xml.replace(/<saml:NameID.*<\/saml:NameID>/, '') }],
    [
      'several audiences of which one is ours',
      {
        text: (xml) =>
          xml.replace('<saml:Audience>', '<saml:Audience>https://x.example</saml:Audience><saml:Audience>'),
      },
    ],
    [
      'several confirmations of which one is ours',
      {
        text: (xml) =>
          xml.replace(
            '<saml:SubjectConfirmation ',
            '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:sender-vouches"></saml:SubjectConfirmation><saml:SubjectConfirmation ',
          ),
      },
    ],
    [
      'white space around an audience',
      { text: (xml) => xml.replace(/<saml:Audience>([^<]*)</, '<saml:Audience>\n  $1\n<') },
    ],
  ])('takes %s', async (_what, what) => {
    expect(await refusal(what)).toBeUndefined();
  });

  it('reads every statement: session end, authorities, one-time use, values of other kinds', async () => {
    const outcome = await run({
      assertion: { authn: { ...assertion.authn, session_not_on_or_after: now + 100 } },
      text: (xml) =>
        xml
          .replace(
            '</saml:AuthnContextClassRef>',
            '</saml:AuthnContextClassRef><saml:AuthenticatingAuthority>https://up.example</saml:AuthenticatingAuthority>',
          )
          .replace('</saml:Conditions>', '<saml:OneTimeUse></saml:OneTimeUse></saml:Conditions>')
          .replace('>admin<', '><saml:NameID>targeted</saml:NameID><')
          .replace('>ære<', '><x:x xmlns:x="urn:x">1</x:x><')
          .replace(
            '<saml:AttributeValue>a@example.com</saml:AttributeValue>',
            '<saml:AttributeValue xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"></saml:AttributeValue>',
          ),
    });
    expect(outcome).toMatchObject({
      ok: true,
      value: {
        assertion: {
          conditions: { one_time_use: true },
          authn: { session_not_on_or_after: now + 100, authenticating_authorities: ['https://up.example'] },
          attributes: [{ values: [] }, { values: ['targeted', 'user & <b>"x"</b>', '<x:x xmlns:x="urn:x">1</x:x>'] }],
        },
      },
    });
  });
});

describe('A response that is wrong', () => {
  it.each<[string, Case, string]>([
    ['another issuer', { response: { issuer: 'https://evil.example' } }, 'issuer: issuer_mismatch'],
    ['an issuer in another case', { response: { issuer: idp.toUpperCase() } }, 'issuer: issuer_mismatch'],
    [
      'an assertion of another issuer',
      { assertion: { issuer: 'https://evil.example' } },
      'assertion_issuer: issuer_mismatch',
    ],
    [
      'another destination',
      { response: { destination: 'https://other.example/acs' } },
      'destination: destination_mismatch',
    ],
    [
      'a destination that only starts like ours',
      { response: { destination: `${acs}.evil.example` } },
      'destination: destination_mismatch',
    ],
    ['no destination', { text: (xml) => xml.replace(/ Destination="[^"]*"/, '') }, 'destination: destination_mismatch'],
    ['another request', { response: { in_response_to: '_other' } }, 'in_response_to: in_response_to_mismatch'],
    ['no request', { response: { in_response_to: undefined } }, 'in_response_to: in_response_to_mismatch'],
    ['no request pending', { expected: { pending_request_id: undefined } }, 'in_response_to: in_response_to_mismatch'],
    [
      'another request in the confirmation',
      { assertion: { in_response_to: '_other' } },
      'confirmation: in_response_to_mismatch',
    ],
    [
      'no request in the confirmation',
      { assertion: { in_response_to: undefined } },
      'confirmation: in_response_to_mismatch',
    ],
    [
      'another recipient',
      { assertion: { recipient: 'https://other.example/acs' } },
      'confirmation: recipient_mismatch',
    ],
    ['no recipient', { text: (xml) => xml.replace(/ Recipient="[^"]*"/, '') }, 'confirmation: recipient_mismatch'],
    [
      'no confirmation data',
      { text: (xml) => xml.replace(/<saml:SubjectConfirmationData.*<\/saml:SubjectConfirmationData>/, '') },
      'confirmation: recipient_mismatch',
    ],
    [
      'no confirmation',
      { text: (xml) => xml.replace(/<saml:SubjectConfirmation .*<\/saml:SubjectConfirmation>/, '') },
      'confirmation: confirmation_missing',
    ],
    [
      'no subject',
      { text: (xml) => xml.replace(/<saml:Subject>.*<\/saml:Subject>/, '') },
      'confirmation: confirmation_missing',
    ],
    [
      'a holder-of-key confirmation',
      { text: (xml) => xml.replace('cm:bearer', 'cm:holder-of-key') },
      'confirmation: confirmation_missing',
    ],
    [
      'a confirmation without end',
      { text: (xml) => xml.replace(/(<saml:SubjectConfirmationData[^>]*) NotOnOrAfter="[^"]*"/, '$1') },
      'confirmation: confirmation_missing',
    ],
    [
      'a confirmation with a start',
      {
        text: (xml) =>
          xml.replace(/(<saml:SubjectConfirmationData[^>]*)( NotOnOrAfter)/, '$1 NotBefore="2026-11-20T11:00:00Z"$2'),
      },
      'confirmation: confirmation_missing',
    ],
    ['a confirmation that has ended', { assertion: { confirmation_lifetime: -60 } }, 'confirmation: expired'],
    ['another audience', { assertion: { audience: 'https://other.example' } }, 'audience: audience_mismatch'],
    [
      'no audience',
      { text: (xml) => xml.replace(/<saml:AudienceRestriction>.*<\/saml:AudienceRestriction>/, '') },
      'audience: audience_mismatch',
    ],
    [
      'no conditions',
      { text: (xml) => xml.replace(/<saml:Conditions.*<\/saml:Conditions>/, '') },
      'audience: audience_mismatch',
    ],
    [
      'two restrictions of which one is not for us',
      {
        text: (xml) =>
          xml.replace(
            '</saml:Conditions>',
            '<saml:AudienceRestriction><saml:Audience>https://x.example</saml:Audience></saml:AudienceRestriction></saml:Conditions>',
          ),
      },
      'audience: audience_mismatch',
    ],
    ['an assertion that has ended', { assertion: { lifetime: -60 } }, 'window: expired'],
    [
      'an assertion that is not valid yet',
      { text: (xml) => xml.replace(/NotBefore="[^"]*"/, 'NotBefore="2026-11-20T12:01:01Z"') },
      'window: not_yet_valid',
    ],
    [
      'an assertion of the future',
      { text: (xml) => xml.replace(/(<saml:Assertion [^>]*IssueInstant=)"[^"]*"/, '$1"2026-11-20T12:01:01Z"') },
      'window: not_yet_valid',
    ],
    [
      'a login in the future',
      { assertion: { authn: { ...assertion.authn, instant: now + 61 } } },
      'authn_statement: not_yet_valid',
    ],
    [
      'a session that has ended',
      { assertion: { authn: { ...assertion.authn, session_not_on_or_after: now - 60 } } },
      'authn_statement: expired',
    ],
    [
      'no login',
      { text: (xml) => xml.replace(/<saml:AuthnStatement.*<\/saml:AuthnStatement>/, '') },
      'authn_statement: assertion_missing',
    ],
    ['success without assertion', { response: { assertion: undefined } }, 'assertion: assertion_missing'],
    [
      'two assertions',
      {
        text: (xml) =>
          xml.replace(/(<saml:Assertion .*<\/saml:Assertion>)/s, (a) => a + a.replace('_assertion1', '_assertion2')),
      },
      'assertion: signature_misplaced',
    ],
    [
      'an encrypted name identifier',
      { text: (xml) => xml.replace(/<saml:NameID.*<\/saml:NameID>/, encryptedId('EncryptedID')) },
      'assertion: unsupported',
    ],
    [
      'an encrypted attribute',
      {
        text: (xml) =>
          xml.replace('<saml:AttributeStatement>', `<saml:AttributeStatement>${encryptedId('EncryptedAttribute')}`),
      },
      'assertion: unsupported',
    ],
  ])('refuses %s', async (_what, what, reason) => {
    expect(await refusal(what)).toBe(reason);
  });

  const encryptedId = (name: string): string =>
    `<saml:${name}><xenc:EncryptedData xmlns:xenc="http://www.w3.org/2001/04/xmlenc#"><xenc:EncryptionMethod Algorithm="urn:x"></xenc:EncryptionMethod>` +
    `<xenc:CipherData><xenc:CipherValue>AAAA</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData></saml:${name}>`;

  it('gives the administrator a reason that can be acted on', async () => {
    const outcome = await run({ assertion: { audience: 'https://other.example' } });
    expect(outcome).toMatchObject({
      error: { message: `The audience is "https://other.example", but our entity ID is "${sp}".` },
    });
  });

  it('counts the skew on both sides, to the second', async () => {
    const at = async (time: number, skew: number) => refusal({ expected: { now: time, skew } });
    expect(await at(now + 299, 0)).toBeUndefined();
    expect(await at(now + 300, 0)).toBe('confirmation: expired');
    expect(await at(now + 300 + 119, 120)).toBeUndefined();
    expect(await at(now + 300 + 120, 120)).toBe('confirmation: expired');
    expect(await at(now, 0)).toBeUndefined();
    expect(await at(now - 1, 0)).toBe('window: not_yet_valid');
    expect(await at(now - 60, 60)).toBeUndefined();
    expect(await at(now - 61, 60)).toBe('window: not_yet_valid');
  });
});

describe('A response that nobody asked for', () => {
  const unsolicited: Case = { response: { in_response_to: undefined }, assertion: { in_response_to: undefined } };

  it('is accepted only where the party allows it, and says so', async () => {
    expect(await refusal(unsolicited)).toBe('in_response_to: in_response_to_mismatch');
    const outcome = await run({ ...unsolicited, expected: { allow_unsolicited: true, pending_request_id: undefined } });
    expect(outcome).toMatchObject({ ok: true, value: { in_response_to: undefined } });
  });

  it('may not carry somebody else’s request', async () => {
    const expected = { allow_unsolicited: true, pending_request_id: undefined };
    expect(await refusal({ expected })).toBe('in_response_to: in_response_to_mismatch');
    const inner = { ...unsolicited, assertion: {}, expected };
    expect(await refusal(inner)).toBe('confirmation: in_response_to_mismatch');
  });
});

describe('What must be signed', () => {
  const keys = (...list: KeyObject[]) => ({ party: { keys: list } });
  const make = async (inside: boolean, outside: boolean) =>
    posted(xmlOf(await sendByPost(await makeResponse(response, inside ? { signer } : {}), outside ? { signer } : {})));

  it.each([
    ['either', false, false, false],
    ['either', true, false, true],
    ['either', false, true, true],
    ['response', true, false, false],
    ['response', false, true, true],
    ['assertion', true, false, true],
    ['assertion', false, true, false],
    ['both', true, false, false],
    ['both', false, true, false],
    ['both', true, true, true],
  ] as const)('%s: assertion %s, response %s gives %s', async (require_signed, inside, outside, ok) => {
    const outcome = await acceptResponse(await make(inside, outside), { ...expectedOf(key), require_signed });
    expect(outcome.ok).toBe(ok);
    if (!outcome.ok) expect(outcome.error.reason).toBe('signature_missing');
  });

  it('needs a key', async () => {
    expect(await acceptResponse(await make(true, true), { ...expectedOf(key), ...keys() })).toMatchObject({
      error: { reason: 'key_missing' },
    });
  });

  it('takes a signed query for a signed response (redirect binding)', async () => {
    const url = await sendByRedirect(await makeResponse(response), { signer, relay_state: 'state' });
    const incoming = readRedirect(url.slice(url.indexOf('?')));
    const accepted =
      incoming.ok && (await acceptResponse(incoming.value, { ...expectedOf(key), require_signed: 'response' }));
    expect(accepted).toMatchObject({ ok: true, value: { relay_state: 'state' } });
  });

  it('reads nothing but reasons to refuse from an unsigned response around a signed assertion', async () => {
    const xml = xmlOf(await sendByPost(await makeResponse(response, { signer }), {}));
    const without = xml
      .replace(/(<samlp:Response[^>]*>)<saml:Issuer[^>]*>[^<]*<\/saml:Issuer>/, '$1')
      .replace(/ Destination="[^"]*"/, '');
    expect(await acceptResponse(posted(without), expectedOf(key))).toMatchObject({ ok: true });
    const other = xml.replace(`Destination="${acs}"`, 'Destination="https://other.example"');
    expect(await acceptResponse(posted(other), expectedOf(key))).toMatchObject({
      error: { reason: 'destination_mismatch' },
    });
    const forged = xml.replace('InResponseTo="_request1" IssueInstant', 'InResponseTo="_request2" IssueInstant');
    const pending = { ...expectedOf(key), pending_request_id: '_request2' };
    expect(await acceptResponse(posted(forged), pending)).toMatchObject({
      error: { step: 'confirmation', reason: 'in_response_to_mismatch' },
    });
  });
});

describe('A response that says no', () => {
  it('comes back as its status', async () => {
    const status = statusOfOAuthError('login_required', { is_passive: true });
    const outcome = await run({ response: { assertion: undefined, status } });
    expect(outcome).toMatchObject({ error: { step: 'status', reason: 'status_not_success', status } });
  });

  it('is understood unsigned too, because it gives nothing', async () => {
    const form = await sendByPost(
      await makeResponse({ ...response, assertion: undefined, status: { code: statusCodes.requester, message: 'no' } }),
      {},
    );
    const outcome = await acceptResponse(posted(xmlOf(form)), expectedOf(key));
    expect(outcome).toMatchObject({
      error: { reason: 'status_not_success', status: { code: statusCodes.requester, message: 'no' } },
    });
  });

  it('wins over an assertion that comes along', async () => {
    expect(await refusal({ response: { status: { code: statusCodes.responder } } })).toBe('status: status_not_success');
  });
});

describe('A response that is encrypted', () => {
  const target = rsaKey();
  const expected = { ...expectedOf(key), decryptKey: decrypterOf(target) };
  const encrypt = { key: target.publicKey, random };
  const sealed = async (inside: boolean, outside: boolean) =>
    xmlOf(
      await sendByPost(
        await makeResponse(response, { signer: inside ? signer : undefined, encrypt }),
        outside ? { signer } : {},
      ),
    );

  it.each([
    ['inside', true, false],
    ['outside', false, true],
    ['on both', true, true],
  ])('is accepted with a signature %s', async (_where, inside, outside) => {
    const outcome = await acceptResponse(posted(await sealed(inside, outside)), expected);
    expect(outcome).toMatchObject({
      ok: true,
      value: { encrypted: true, assertion: { name_id: { value: 'user-1' } } },
    });
  });

  it('is refused without any signature: anybody can encrypt', async () => {
    expect(await acceptResponse(posted(await sealed(false, false)), expected)).toMatchObject({
      error: { reason: 'signature_missing' },
    });
  });

  it('is refused when the inside was signed by somebody else', async () => {
    const other = signerOf(rsaKey());
    const xml = xmlOf(await sendByPost(await makeResponse(response, { signer: other, encrypt }), {}));
    expect(await acceptResponse(posted(xml), expected)).toMatchObject({ error: { reason: 'signature_invalid' } });
  });

  it('is refused where no key is configured to open it', async () => {
    expect(await acceptResponse(posted(await sealed(true, false)), expectedOf(key))).toMatchObject({
      error: { reason: 'encryption_refused' },
    });
  });
});

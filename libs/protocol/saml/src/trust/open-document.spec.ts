import { messageLimits } from '../xml/limits.js';
import { openDocument } from './open-document.js';

const SAML = 'urn:oasis:names:tc:SAML:2.0:assertion';
const SAMLP = 'urn:oasis:names:tc:SAML:2.0:protocol';

const request = (content: string, attributes = ''): string =>
  `<samlp:AuthnRequest xmlns:samlp="${SAMLP}" xmlns:saml="${SAML}" ID="_1" Version="2.0" IssueInstant="2026-11-20T12:00:00Z"${attributes}>` +
  `<saml:Issuer>https://sp.example</saml:Issuer>${content}</samlp:AuthnRequest>`;

const open = (xml: string | Uint8Array) => openDocument(xml, { roots: ['samlp:AuthnRequest'], limits: messageLimits });

describe('The first gate of every message', () => {
  it('opens a request that is right', () => {
    expect(open(request(''))).toMatchObject({ ok: true });
  });

  it.each([
    ['a DOCTYPE', `<!DOCTYPE a>${request('')}`, 'xml', 'xml_invalid'],
    [
      'an entity bomb',
      `<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>${request('&b;')}`,
      'xml',
      'xml_invalid',
    ],
    ['an external DTD', `<!DOCTYPE a SYSTEM "http://evil.example/x.dtd">${request('')}`, 'xml', 'xml_invalid'],
    ['an unknown entity', request('').replace('https://sp.example', '&sp;'), 'xml', 'xml_invalid'],
    [
      'deep nesting',
      request(`<samlp:Extensions>${'<x:x xmlns:x="urn:x">'.repeat(40)}${'</x:x>'.repeat(40)}</samlp:Extensions>`),
      'xml',
      'xml_invalid',
    ],
    [
      'very many elements',
      request(`<samlp:Extensions>${'<x:x xmlns:x="urn:x"/>'.repeat(5001)}</samlp:Extensions>`),
      'xml',
      'xml_invalid',
    ],
    [
      'very many bytes',
      request('').replace('https://sp.example', `https://sp.example/${'x'.repeat(256_000)}`),
      'xml',
      'xml_invalid',
    ],
    ['another document', `<saml:Assertion xmlns:saml="${SAML}" ID="_1"/>`, 'root', 'wrong_message'],
    [
      'the right name in another namespace',
      '<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:1.0:protocol"/>',
      'root',
      'wrong_message',
    ],
    ['no namespace', '<AuthnRequest/>', 'root', 'wrong_message'],
    ['a missing attribute', request('').replace(' ID="_1"', ''), 'schema', 'schema_invalid'],
  ])('refuses %s', (_what, xml, step, reason) => {
    expect(open(xml)).toMatchObject({ ok: false, error: { step, reason } });
  });

  it.each(['ID', 'Id', 'id', 'iD', 'xml:id', 'w:Id'])('refuses an ID that stands twice, the second as %s', (name) => {
    const xml = request(`<samlp:Extensions><x:x xmlns:x="urn:x" xmlns:w="urn:w" ${name}="_1"/></samlp:Extensions>`);
    expect(open(xml)).toMatchObject({ error: { step: 'ids', reason: 'duplicate_id' } });
  });

  it('takes different IDs, and equal values of other attributes', () => {
    expect(open(request('<samlp:Extensions><x:x xmlns:x="urn:x" Id="_2" idx="_1"/></samlp:Extensions>'))).toMatchObject(
      { ok: true },
    );
  });

  it.each([
    [
      'an assertion',
      `<saml:Assertion ID="_2" Version="2.0" IssueInstant="2026-11-20T12:00:00Z"><saml:Issuer>x</saml:Issuer></saml:Assertion>`,
    ],
    [
      'a response',
      `<samlp:Response ID="_2" Version="2.0" IssueInstant="2026-11-20T12:00:00Z"><samlp:Status><samlp:StatusCode Value="urn:x"/></samlp:Status></samlp:Response>`,
    ],
    ['another request', request('').replace('"_1"', '"_2"')],
    [
      'a SOAP envelope',
      '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault/></s:Body></s:Envelope>',
    ],
    [
      'a signature',
      '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="a"/>' +
        '<ds:SignatureMethod Algorithm="a"/><ds:Reference URI="#_1"><ds:DigestMethod Algorithm="a"/><ds:DigestValue>AAAA</ds:DigestValue>' +
        '</ds:Reference></ds:SignedInfo><ds:SignatureValue>AAAA</ds:SignatureValue></ds:Signature>',
    ],
  ])('refuses %s inside a foreign element', (_what, hidden) => {
    const xml = request(`<samlp:Extensions><x:x xmlns:x="urn:x">${hidden}</x:x></samlp:Extensions>`);
    expect(open(xml)).toMatchObject({ error: { step: 'placement', reason: 'signature_misplaced' } });
  });

  it('names what it saw, short and on one line', () => {
    const outcome = open(`<evil${'x'.repeat(500)}/>`);
    expect(outcome.ok || outcome.error.message.length).toBeLessThan(300);
    const structure = open(request('', ' Reason="a&#10;b"'));
    expect(structure.ok || structure.error.message).not.toContain('\n');
  });
});

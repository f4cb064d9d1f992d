import { rsaKey, signerOf } from '../../test/keys.js';
import { authnRequest, response, xmlOf } from '../../test/samples.js';
import { makeAuthnRequest } from '../authn-request/make-authn-request.js';
import { sendByPost } from '../bindings/send-message.js';
import { makeResponse } from '../response/make-response.js';
import { messageLimits } from '../xml/limits.js';
import { parseXml } from '../xml/parse-xml.js';
import { structureProblem } from './check-structure.js';

const problemOf = (xml: string): string | undefined => {
  const parsed = parseXml(xml, messageLimits);
  if (!parsed.ok) throw new Error(parsed.error);
  return structureProblem(parsed.value);
};

let good: string;
let request: string;

beforeAll(async () => {
  good = xmlOf(await sendByPost(await makeResponse(response), { signer: signerOf(rsaKey()) }));
  request = xmlOf(
    await sendByPost(
      makeAuthnRequest({
        ...authnRequest,
        name_id_policy: { format: 'urn:x', allow_create: true },
        requested_authn_context: { comparison: 'exact', class_refs: ['urn:x'] },
      }),
      {},
    ),
  );
});

describe('Structure of a response, SAML Core', () => {
  it('takes what is right', () => {
    expect(problemOf(good)).toBeUndefined();
    expect(problemOf(request)).toBeUndefined();
  });

  it.each([
    ['no ID', ' ID="_response1"', '', 'lacks ID'],
    ['an empty ID', ' ID="_response1"', ' ID=""', 'ID of samlp:Response'],
    ['an ID that is no NCName', ' ID="_response1"', ' ID="1 2"', 'ID of samlp:Response'],
    ['no version', ' Version="2.0"', '', 'lacks Version'],
    ['another version', ' Version="2.0"', ' Version="1.1"', 'Version of samlp:Response'],
    ['no time', ' IssueInstant="2026-11-20T12:00:00Z"', '', 'lacks IssueInstant'],
    [
      'a time without zone',
      'IssueInstant="2026-11-20T12:00:00Z"',
      'IssueInstant="2026-11-20T12:00:00"',
      'IssueInstant of',
    ],
    [
      'a time that is none',
      'IssueInstant="2026-11-20T12:00:00Z"',
      'IssueInstant="2026-13-20T12:00:00Z"',
      'IssueInstant of',
    ],
    ['an unknown attribute', ' ID="_response1"', ' ID="_response1" Evil="1"', 'has an attribute "Evil"'],
    [
      'an attribute named like a property',
      ' ID="_response1"',
      ' ID="_response1" constructor="1"',
      'has an attribute "constructor"',
    ],
    ['a foreign attribute', ' ID="_response1"', ' xmlns:x="urn:x" x:y="1" ID="_response1"', 'attribute of "urn:x"'],
    [
      'xsi:type',
      ' ID="_response1"',
      ' xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:type="x" ID="_response1"',
      'attribute xsi:"type"',
    ],
    [
      'xsi:nil',
      ' ID="_response1"',
      ' xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true" ID="_response1"',
      'attribute xsi:"nil"',
    ],
    ['a SAML attribute of its own namespace', ' ID="_response1"', ' samlp:x="1" ID="_response1"', 'attribute of'],
    ['no status', /<samlp:Status>.*<\/samlp:Status>/s, '', 'lacks samlp:Status'],
    ['two statuses', /(<samlp:Status>.*<\/samlp:Status>)/s, '$1$1', 'unexpected "samlp:Status"'],
    ['the status before the issuer', /(<saml:Issuer.*)(<samlp:Status>.*<\/samlp:Status>)/s, '$2$1', ''],
    ['an unknown element', '<samlp:Status>', '<samlp:Evil></samlp:Evil><samlp:Status>', 'samlp:Evil'],
    [
      'an element of another message',
      '<samlp:Status>',
      '<samlp:NameIDPolicy></samlp:NameIDPolicy><samlp:Status>',
      'samlp:NameIDPolicy',
    ],
    ['a foreign element', '<samlp:Status>', '<x:x xmlns:x="urn:x"></x:x><samlp:Status>', 'lacks samlp:Status'],
    ['text between', '<samlp:Status>', 'text<samlp:Status>', 'text between'],
    ['an element in the issuer', '</saml:Issuer>', '<x:x xmlns:x="urn:x"></x:x></saml:Issuer>', 'element in its text'],
    ['an empty issuer', '>https://idp.example/track</saml:Issuer>', '> </saml:Issuer>', 'saml:Issuer has the text'],
    [
      'an assertion without issuer',
      /(<saml:Assertion[^>]*>)<saml:Issuer>[^<]*<\/saml:Issuer>/,
      '$1',
      'lacks saml:Issuer',
    ],
    ['two subjects', /(<saml:Subject>.*<\/saml:Subject>)/s, '$1$1', 'unexpected "saml:Subject"'],
    [
      'the conditions before the subject',
      /(<saml:Subject>.*<\/saml:Subject>)(<saml:Conditions.*<\/saml:Conditions>)/s,
      '$2$1',
      'unexpected "saml:Subject"',
    ],
    [
      'an abstract statement',
      '<saml:AuthnStatement',
      '<saml:Statement></saml:Statement><saml:AuthnStatement',
      'saml:Statement',
    ],
    [
      'an unknown condition',
      '<saml:AudienceRestriction>',
      '<saml:Condition></saml:Condition><saml:AudienceRestriction>',
      'saml:Condition',
    ],
    ['an audience restriction without audience', /<saml:Audience>[^<]*<\/saml:Audience>/, '', 'lacks saml:Audience'],
    ['a NameID that is empty', '>user-1</saml:NameID>', '></saml:NameID>', 'saml:NameID has the text'],
    ['an attribute without name', ' Name="role"', '', 'lacks Name'],
    [
      'an empty attribute statement',
      /<saml:AttributeStatement>.*<\/saml:AttributeStatement>/s,
      '<saml:AttributeStatement></saml:AttributeStatement>',
      'lacks saml:Attribute',
    ],
    ['a SAML element in a value that is none', '>admin<', '><saml:Evil></saml:Evil><', 'saml:Evil'],
  ])('refuses %s', (_what, from, to, message) => {
    const bad = good.replace(from, to);
    expect(bad).not.toBe(good);
    expect(problemOf(bad)).toContain(message);
  });

  it.each([
    [
      'xsi:type on a value',
      '<saml:AttributeValue>',
      '<saml:AttributeValue xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:type="x:s">',
    ],
    ['foreign XML in a value', '>admin<', '><x:x xmlns:x="urn:x"><x:y>1</x:y></x:x><'],
    ['a name identifier in a value', '>admin<', '><saml:NameID>x</saml:NameID><'],
    ['a foreign attribute on an attribute', ' Name="role"', ' xmlns:x="urn:x" x:y="1" Name="role"'],
    [
      'xsi:schemaLocation',
      ' ID="_response1"',
      ' xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:schemaLocation="a b" ID="_response1"',
    ],
    ['xml:lang', '<samlp:Status>', '<samlp:Status xml:lang="en">'],
    ['white space between elements', '<samlp:Status>', '\n  \t<samlp:Status>\n'],
    ['fractions of seconds', 'T12:00:00Z', 'T12:00:00.1234567Z'],
    ['an offset', 'T12:00:00Z', 'T13:00:00+01:00'],
    ['an attribute without values', /(<saml:Attribute Name="role"[^>]*>).*?<\/saml:Attribute>/s, '$1</saml:Attribute>'],
    [
      'details of the status',
      '</samlp:Status>',
      '<samlp:StatusMessage>m</samlp:StatusMessage><samlp:StatusDetail><x:x xmlns:x="urn:x"/></samlp:StatusDetail></samlp:Status>',
    ],
  ])('takes %s', (_what, from, to) => {
    const changed = good.replace(from, to);
    expect(changed).not.toBe(good);
    expect(problemOf(changed)).toBeUndefined();
  });
});

describe('Structure of a request, SAML Core 3.4', () => {
  it.each([
    [' AllowCreate="true"', ' AllowCreate="yes"', 'AllowCreate'],
    [' Comparison="exact"', ' Comparison="best"', 'Comparison'],
    [
      '<saml:AuthnContextClassRef xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">urn:x</saml:AuthnContextClassRef>',
      '',
      'lacks saml:AuthnContextClassRef',
    ],
    [' ID="_request1"', ' ID="_request1" AssertionConsumerServiceIndex="70000"', 'AssertionConsumerServiceIndex'],
    [' ID="_request1"', ' ID="_request1" ForceAuthn="maybe"', 'ForceAuthn'],
    [' Destination="https://idp.example/saml/authn"', ' Destination="https://idp.example/ x"', 'Destination'],
  ])('refuses %s as %s', (from, to, message) => {
    const bad = request.replace(from, to);
    expect(bad).not.toBe(request);
    expect(problemOf(bad)).toContain(message);
  });
});

import type { Grammar } from './grammar.js';
import { allowed, many, one, optional, required, sequence, some, textElement } from './grammar.js';
import { anyText, id, instant, nonEmpty, unsignedShort, uri, uriText, version } from './value-checks.js';

const nameIdAttributes = {
  NameQualifier: allowed(anyText),
  SPNameQualifier: allowed(anyText),
  Format: allowed(uri),
  SPProvidedID: allowed(anyText),
};

const encrypted = sequence({}, one('xenc:EncryptedData'), many('xenc:EncryptedKey'));

/** SAML Core 2. Abstract elements (saml:Statement, saml:Condition, saml:BaseID) are left out: they need xsi:type. */
export const assertionGrammar: Grammar = {
  'saml:Assertion': sequence(
    { Version: required(version), ID: required(id), IssueInstant: required(instant) },
    one('saml:Issuer'),
    optional('ds:Signature'),
    optional('saml:Subject'),
    optional('saml:Conditions'),
    optional('saml:Advice'),
    many('saml:AuthnStatement', 'saml:AttributeStatement', 'saml:AuthzDecisionStatement'),
  ),
  'saml:EncryptedAssertion': encrypted,
  'saml:EncryptedID': encrypted,
  'saml:EncryptedAttribute': encrypted,
  'saml:Issuer': textElement(nonEmpty, nameIdAttributes),
  'saml:NameID': textElement(nonEmpty, nameIdAttributes),
  'saml:Subject': sequence({}, optional('saml:NameID', 'saml:EncryptedID'), many('saml:SubjectConfirmation')),
  'saml:SubjectConfirmation': sequence(
    { Method: required(uri) },
    optional('saml:NameID', 'saml:EncryptedID'),
    optional('saml:SubjectConfirmationData'),
  ),
  'saml:SubjectConfirmationData': {
    attributes: {
      NotBefore: allowed(instant),
      NotOnOrAfter: allowed(instant),
      Recipient: allowed(uri),
      InResponseTo: allowed(id),
      Address: allowed(anyText),
    },
    content: 'any',
    foreign: true,
    typed: true,
  },
  'saml:Conditions': sequence(
    { NotBefore: allowed(instant), NotOnOrAfter: allowed(instant) },
    many('saml:AudienceRestriction', 'saml:OneTimeUse', 'saml:ProxyRestriction'),
  ),
  'saml:AudienceRestriction': sequence({}, some('saml:Audience')),
  'saml:Audience': textElement(uriText),
  'saml:OneTimeUse': sequence({}),
  'saml:ProxyRestriction': sequence({ Count: allowed(unsignedShort) }, many('saml:Audience')),
  'saml:Advice': sequence({}, many('saml:AssertionIDRef', 'saml:AssertionURIRef', '*')),
  'saml:AssertionIDRef': textElement(id),
  'saml:AssertionURIRef': textElement(uriText),
  'saml:AuthnStatement': sequence(
    { AuthnInstant: required(instant), SessionIndex: allowed(anyText), SessionNotOnOrAfter: allowed(instant) },
    optional('saml:SubjectLocality'),
    one('saml:AuthnContext'),
  ),
  'saml:SubjectLocality': sequence({ Address: allowed(anyText), DNSName: allowed(anyText) }),
  'saml:AuthnContext': sequence(
    {},
    optional('saml:AuthnContextClassRef'),
    optional('saml:AuthnContextDecl', 'saml:AuthnContextDeclRef'),
    many('saml:AuthenticatingAuthority'),
  ),
  'saml:AuthnContextClassRef': textElement(uriText),
  'saml:AuthnContextDecl': { attributes: {}, content: 'any', foreign: true, typed: true },
  'saml:AuthnContextDeclRef': textElement(uriText),
  'saml:AuthenticatingAuthority': textElement(uriText),
  'saml:AuthzDecisionStatement': sequence(
    { Resource: required(anyText), Decision: required(anyText) },
    some('saml:Action'),
    optional('saml:Evidence'),
  ),
  'saml:Action': textElement(anyText, { Namespace: required(uri) }),
  'saml:Evidence': sequence({}, some('saml:AssertionIDRef', 'saml:AssertionURIRef')),
  'saml:AttributeStatement': sequence({}, some('saml:Attribute', 'saml:EncryptedAttribute')),
  'saml:Attribute': {
    attributes: { Name: required(nonEmpty), NameFormat: allowed(uri), FriendlyName: allowed(anyText) },
    content: { sequence: [many('saml:AttributeValue')] },
    foreign: true,
  },
  'saml:AttributeValue': { attributes: {}, content: 'any', foreign: true, typed: true },
};

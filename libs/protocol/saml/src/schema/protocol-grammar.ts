import type { Grammar } from './grammar.js';
import { allowed, many, one, optional, required, sequence, some, textElement } from './grammar.js';
import {
  anyText,
  boolean,
  id,
  instant,
  nonEmpty,
  oneOf,
  unsignedShort,
  uri,
  uriText,
  version,
} from './value-checks.js';

const message = {
  ID: required(id),
  Version: required(version),
  IssueInstant: required(instant),
  Destination: allowed(uri),
  Consent: allowed(uri),
};

const answer = { ...message, InResponseTo: allowed(id) };

const head = [optional('saml:Issuer'), optional('ds:Signature'), optional('samlp:Extensions')];

/** SAML Core 3: the messages that we speak, and the SOAP envelope around one (SAML Bindings 3.2). */
export const protocolGrammar: Grammar = {
  'samlp:AuthnRequest': sequence(
    {
      ...message,
      ForceAuthn: allowed(boolean),
      IsPassive: allowed(boolean),
      ProtocolBinding: allowed(uri),
      AssertionConsumerServiceIndex: allowed(unsignedShort),
      AssertionConsumerServiceURL: allowed(uri),
      AttributeConsumingServiceIndex: allowed(unsignedShort),
      ProviderName: allowed(anyText),
    },
    ...head,
    optional('saml:Subject'),
    optional('samlp:NameIDPolicy'),
    optional('saml:Conditions'),
    optional('samlp:RequestedAuthnContext'),
    optional('samlp:Scoping'),
  ),
  'samlp:NameIDPolicy': sequence({
    Format: allowed(uri),
    SPNameQualifier: allowed(anyText),
    AllowCreate: allowed(boolean),
  }),
  'samlp:RequestedAuthnContext': sequence(
    { Comparison: allowed(oneOf('exact', 'minimum', 'maximum', 'better')) },
    some('saml:AuthnContextClassRef', 'saml:AuthnContextDeclRef'),
  ),
  'samlp:Scoping': sequence(
    { ProxyCount: allowed(unsignedShort) },
    optional('samlp:IDPList'),
    many('samlp:RequesterID'),
  ),
  'samlp:IDPList': sequence({}, some('samlp:IDPEntry'), optional('samlp:GetComplete')),
  'samlp:IDPEntry': sequence({ ProviderID: required(uri), Name: allowed(anyText), Loc: allowed(uri) }),
  'samlp:GetComplete': textElement(uriText),
  'samlp:RequesterID': textElement(uriText),
  'samlp:Extensions': sequence({}, many('*')),
  'samlp:Response': sequence(answer, ...head, one('samlp:Status'), many('saml:Assertion', 'saml:EncryptedAssertion')),
  'samlp:Status': sequence(
    {},
    one('samlp:StatusCode'),
    optional('samlp:StatusMessage'),
    optional('samlp:StatusDetail'),
  ),
  'samlp:StatusCode': sequence({ Value: required(uri) }, optional('samlp:StatusCode')),
  'samlp:StatusMessage': textElement(anyText),
  'samlp:StatusDetail': { attributes: {}, content: 'any' },
  'samlp:LogoutRequest': sequence(
    { ...message, Reason: allowed(anyText), NotOnOrAfter: allowed(instant) },
    ...head,
    one('saml:NameID', 'saml:EncryptedID'),
    many('samlp:SessionIndex'),
  ),
  'samlp:SessionIndex': textElement(nonEmpty),
  'samlp:LogoutResponse': sequence(answer, ...head, one('samlp:Status')),
  'soap:Envelope': sequence({}, optional('soap:Header'), one('soap:Body')),
  'soap:Header': { attributes: {}, content: 'any', foreign: true },
  'soap:Body': {
    attributes: {},
    content: { sequence: [one('samlp:LogoutRequest', 'samlp:LogoutResponse', 'soap:Fault')] },
    foreign: true,
  },
  'soap:Fault': { attributes: {}, content: 'any' },
};

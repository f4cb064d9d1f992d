import type { ElementRule, Grammar } from './grammar.js';
import { allowed, many, one, optional, required, sequence, some, textElement } from './grammar.js';
import { anyText, boolean, duration, id, instant, oneOf, unsignedShort, uri, uriText } from './value-checks.js';

const life = { ID: allowed(id), validUntil: allowed(instant), cacheDuration: allowed(duration) };

const role = {
  ...life,
  protocolSupportEnumeration: required(anyText),
  errorURL: allowed(anyText),
};

const roleHead = [
  optional('ds:Signature'),
  optional('md:Extensions'),
  many('md:KeyDescriptor'),
  optional('md:Organization'),
  many('md:ContactPerson'),
];

const ssoHead = [
  ...roleHead,
  many('md:ArtifactResolutionService'),
  many('md:SingleLogoutService'),
  many('md:ManageNameIDService'),
  many('md:NameIDFormat'),
];

const endpoint: ElementRule = {
  attributes: { Binding: required(uri), Location: required(uri), ResponseLocation: allowed(uri) },
  content: 'any',
  foreign: true,
};

const indexedEndpoint: ElementRule = {
  ...endpoint,
  attributes: { ...endpoint.attributes, index: required(unsignedShort), isDefault: allowed(boolean) },
};

/** A role that we do not read: its name and place are checked, its inside is not ours. */
const otherRole: ElementRule = { attributes: role, content: 'any', foreign: true, typed: true };

const foreign = (rule: ElementRule): ElementRule => ({ ...rule, foreign: true });

const roles = [
  'md:RoleDescriptor',
  'md:IDPSSODescriptor',
  'md:SPSSODescriptor',
  'md:AuthnAuthorityDescriptor',
  'md:AttributeAuthorityDescriptor',
  'md:PDPDescriptor',
];

/** SAML Metadata 2. */
export const metadataGrammar: Grammar = {
  'md:EntitiesDescriptor': sequence(
    { ...life, Name: allowed(anyText) },
    optional('ds:Signature'),
    optional('md:Extensions'),
    some('md:EntityDescriptor', 'md:EntitiesDescriptor'),
  ),
  'md:EntityDescriptor': foreign(
    sequence(
      { ...life, entityID: required(uri) },
      optional('ds:Signature'),
      optional('md:Extensions'),
      some(...roles, 'md:AffiliationDescriptor'),
      optional('md:Organization'),
      many('md:ContactPerson'),
      many('md:AdditionalMetadataLocation'),
    ),
  ),
  'md:Extensions': sequence({}, many('*')),
  'md:RoleDescriptor': otherRole,
  'md:AuthnAuthorityDescriptor': otherRole,
  'md:AttributeAuthorityDescriptor': otherRole,
  'md:PDPDescriptor': otherRole,
  'md:AffiliationDescriptor': { attributes: { ...life, affiliationOwnerID: required(uri) }, content: 'any' },
  'md:IDPSSODescriptor': foreign(
    sequence(
      { ...role, WantAuthnRequestsSigned: allowed(boolean) },
      ...ssoHead,
      some('md:SingleSignOnService'),
      many('md:NameIDMappingService'),
      many('md:AssertionIDRequestService'),
      many('md:AttributeProfile'),
      many('saml:Attribute'),
    ),
  ),
  'md:SPSSODescriptor': foreign(
    sequence(
      { ...role, AuthnRequestsSigned: allowed(boolean), WantAssertionsSigned: allowed(boolean) },
      ...ssoHead,
      some('md:AssertionConsumerService'),
      many('md:AttributeConsumingService'),
    ),
  ),
  'md:KeyDescriptor': sequence(
    { use: allowed(oneOf('signing', 'encryption')) },
    one('ds:KeyInfo'),
    many('md:EncryptionMethod'),
  ),
  'md:EncryptionMethod': sequence(
    { Algorithm: required(uri) },
    optional('xenc:KeySize'),
    optional('xenc:OAEPparams'),
    many('ds:DigestMethod', '*'),
  ),
  'md:SingleSignOnService': endpoint,
  'md:SingleLogoutService': endpoint,
  'md:ManageNameIDService': endpoint,
  'md:NameIDMappingService': endpoint,
  'md:AssertionIDRequestService': endpoint,
  'md:AttributeService': endpoint,
  'md:AuthzService': endpoint,
  'md:AuthnQueryService': endpoint,
  'md:ArtifactResolutionService': indexedEndpoint,
  'md:AssertionConsumerService': indexedEndpoint,
  'md:NameIDFormat': textElement(uriText),
  'md:AttributeProfile': textElement(uriText),
  'md:AttributeConsumingService': sequence(
    { index: required(unsignedShort), isDefault: allowed(boolean) },
    some('md:ServiceName'),
    many('md:ServiceDescription'),
    some('md:RequestedAttribute'),
  ),
  'md:ServiceName': textElement(anyText),
  'md:ServiceDescription': textElement(anyText),
  'md:RequestedAttribute': {
    attributes: {
      Name: required(anyText),
      NameFormat: allowed(uri),
      FriendlyName: allowed(anyText),
      isRequired: allowed(boolean),
    },
    content: { sequence: [many('saml:AttributeValue')] },
    foreign: true,
  },
  'md:Organization': foreign(
    sequence(
      {},
      optional('md:Extensions'),
      some('md:OrganizationName'),
      some('md:OrganizationDisplayName'),
      some('md:OrganizationURL'),
    ),
  ),
  'md:OrganizationName': textElement(anyText),
  'md:OrganizationDisplayName': textElement(anyText),
  'md:OrganizationURL': textElement(anyText),
  'md:ContactPerson': foreign(
    sequence(
      { contactType: required(anyText) },
      optional('md:Extensions'),
      optional('md:Company'),
      optional('md:GivenName'),
      optional('md:SurName'),
      many('md:EmailAddress'),
      many('md:TelephoneNumber'),
    ),
  ),
  'md:Company': textElement(anyText),
  'md:GivenName': textElement(anyText),
  'md:SurName': textElement(anyText),
  'md:EmailAddress': textElement(anyText),
  'md:TelephoneNumber': textElement(anyText),
  'md:AdditionalMetadataLocation': textElement(uriText, { namespace: required(uri) }),
};

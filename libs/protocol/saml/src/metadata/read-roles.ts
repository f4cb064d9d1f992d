import { namespaces } from '../names.js';
import type { XmlElement } from '../xml/xml-element.js';
import { attributeOf, childNamed, childrenNamed, textOf, requiredAttribute } from '../xml/xml-element.js';
import type {
  AttributeConsumingService,
  Endpoint,
  IdpRole,
  IndexedEndpoint,
  MetadataKey,
  RequestedAttribute,
  SpRole,
  SsoRole,
} from './metadata.js';

const { md, ds, samlp } = namespaces;

const flag = (element: XmlElement, name: string): boolean | undefined => {
  const value = attributeOf(element, name);
  return value === undefined ? undefined : value === 'true' || value === '1';
};

/** Every certificate of every descriptor, white space taken out. A bare key value is not taken: peers agree on certificates. */
function keysIn(role: XmlElement): MetadataKey[] {
  return childrenNamed(role, md, 'KeyDescriptor').flatMap((descriptor) => {
    const use = attributeOf(descriptor, 'use') as MetadataKey['use'];
    const keyInfo = childNamed(descriptor, ds, 'KeyInfo');
    const data = keyInfo ? childrenNamed(keyInfo, ds, 'X509Data') : [];
    return data
      .flatMap((x509) => childrenNamed(x509, ds, 'X509Certificate'))
      .map((certificate) => ({ use, certificate: textOf(certificate).replace(/\s+/g, '') }));
  });
}

function endpointsIn(role: XmlElement, local: string): Endpoint[] {
  return childrenNamed(role, md, local).map((element) => ({
    binding: requiredAttribute(element, 'Binding'),
    location: requiredAttribute(element, 'Location'),
    response_location: attributeOf(element, 'ResponseLocation'),
  }));
}

function indexedEndpointsIn(role: XmlElement, local: string): IndexedEndpoint[] {
  return childrenNamed(role, md, local).map((element) => ({
    binding: requiredAttribute(element, 'Binding'),
    location: requiredAttribute(element, 'Location'),
    response_location: attributeOf(element, 'ResponseLocation'),
    index: Number(requiredAttribute(element, 'index')),
    is_default: flag(element, 'isDefault'),
  }));
}

const requestedAttribute = (element: XmlElement): RequestedAttribute => ({
  name: requiredAttribute(element, 'Name'),
  name_format: attributeOf(element, 'NameFormat'),
  friendly_name: attributeOf(element, 'FriendlyName'),
  is_required: flag(element, 'isRequired'),
});

function attributeServicesIn(role: XmlElement): AttributeConsumingService[] {
  return childrenNamed(role, md, 'AttributeConsumingService').map((element) => {
    const name = childNamed(element, md, 'ServiceName');
    return {
      index: Number(requiredAttribute(element, 'index')),
      is_default: flag(element, 'isDefault'),
      service_name: name ? textOf(name).trim() : '',
      language: name?.attributes.find(({ prefix }) => prefix === 'xml')?.value,
      requested_attributes: childrenNamed(element, md, 'RequestedAttribute').map(requestedAttribute),
    };
  });
}

function ssoRole(role: XmlElement): SsoRole {
  return {
    keys: keysIn(role),
    single_logout_services: endpointsIn(role, 'SingleLogoutService'),
    name_id_formats: childrenNamed(role, md, 'NameIDFormat').map((format) => textOf(format).trim()),
  };
}

/** The role of that name that speaks SAML 2.0: an entity may describe older protocols beside it. */
function samlRole(entity: XmlElement, local: string): XmlElement | undefined {
  return childrenNamed(entity, md, local).find((role) =>
    requiredAttribute(role, 'protocolSupportEnumeration').split(/\s+/).includes(samlp),
  );
}

/** SAML Metadata 2.4.3. */
export function readIdpRole(entity: XmlElement): IdpRole | undefined {
  const role = samlRole(entity, 'IDPSSODescriptor');
  return (
    role && {
      ...ssoRole(role),
      want_authn_requests_signed: flag(role, 'WantAuthnRequestsSigned'),
      single_sign_on_services: endpointsIn(role, 'SingleSignOnService'),
    }
  );
}

/** SAML Metadata 2.4.4. */
export function readSpRole(entity: XmlElement): SpRole | undefined {
  const role = samlRole(entity, 'SPSSODescriptor');
  return (
    role && {
      ...ssoRole(role),
      authn_requests_signed: flag(role, 'AuthnRequestsSigned'),
      want_assertions_signed: flag(role, 'WantAssertionsSigned'),
      assertion_consumer_services: indexedEndpointsIn(role, 'AssertionConsumerService'),
      attribute_consuming_services: attributeServicesIn(role),
    }
  );
}

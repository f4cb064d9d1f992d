import { namespaces } from '../names.js';
import { writeInstant } from '../time.js';
import type { Signer } from '../trust/sign-xml.js';
import { signXml, unsignedXml } from '../trust/sign-xml.js';
import type { Xml } from '../xml/write-xml.js';
import { joined, noXml, tag, text, trueOrAbsent } from '../xml/write-xml.js';
import type {
  AttributeConsumingService,
  ContactPerson,
  Endpoint,
  EntityMetadata,
  IdpRole,
  IndexedEndpoint,
  MetadataKey,
  Organization,
  SpRole,
  SsoRole,
} from './metadata.js';

const { md, ds, samlp } = namespaces;

function keyXml({ use, certificate }: MetadataKey): Xml {
  const data = tag('ds:X509Data', {}, tag('ds:X509Certificate', {}, text(certificate)));
  return tag('md:KeyDescriptor', { use }, tag('ds:KeyInfo', { 'xmlns:ds': ds }, data));
}

function endpointXml(name: string, endpoint: Endpoint & Partial<IndexedEndpoint>): Xml {
  return tag(name, {
    Binding: endpoint.binding,
    Location: endpoint.location,
    ResponseLocation: endpoint.response_location,
    index: endpoint.index?.toString(),
    isDefault: trueOrAbsent(endpoint.is_default),
  });
}

function localized(name: string, language: string | undefined, value: string): Xml {
  return tag(name, { 'xml:lang': language ?? 'en' }, text(value));
}

function attributeServiceXml(service: AttributeConsumingService): Xml {
  return tag(
    'md:AttributeConsumingService',
    { index: service.index.toString(), isDefault: trueOrAbsent(service.is_default) },
    localized('md:ServiceName', service.language, service.service_name),
    ...service.requested_attributes.map(({ name, name_format, friendly_name, is_required }) =>
      tag('md:RequestedAttribute', {
        FriendlyName: friendly_name,
        Name: name,
        NameFormat: name_format,
        isRequired: trueOrAbsent(is_required),
      }),
    ),
  );
}

/** The parts that both roles have, in the order of the schema. SAML Metadata 2.4.2. */
function roleHead(role: SsoRole): Xml[] {
  return [
    ...role.keys.map(keyXml),
    ...role.single_logout_services.map((service) => endpointXml('md:SingleLogoutService', service)),
    ...role.name_id_formats.map((format) => tag('md:NameIDFormat', {}, text(format))),
  ];
}

function idpXml(idp: IdpRole | undefined): Xml {
  if (!idp) return noXml;
  return tag(
    'md:IDPSSODescriptor',
    { WantAuthnRequestsSigned: trueOrAbsent(idp.want_authn_requests_signed), protocolSupportEnumeration: samlp },
    ...roleHead(idp),
    ...idp.single_sign_on_services.map((service) => endpointXml('md:SingleSignOnService', service)),
  );
}

function spXml(sp: SpRole | undefined): Xml {
  if (!sp) return noXml;
  return tag(
    'md:SPSSODescriptor',
    {
      AuthnRequestsSigned: trueOrAbsent(sp.authn_requests_signed),
      WantAssertionsSigned: trueOrAbsent(sp.want_assertions_signed),
      protocolSupportEnumeration: samlp,
    },
    ...roleHead(sp),
    ...sp.assertion_consumer_services.map((service) => endpointXml('md:AssertionConsumerService', service)),
    ...sp.attribute_consuming_services.map(attributeServiceXml),
  );
}

function organizationXml(organization: Organization | undefined): Xml {
  if (!organization) return noXml;
  const { name, display_name, url, language } = organization;
  return tag(
    'md:Organization',
    {},
    localized('md:OrganizationName', language, name),
    localized('md:OrganizationDisplayName', language, display_name),
    localized('md:OrganizationURL', language, url),
  );
}

function contactXml(person: ContactPerson): Xml {
  const part = (name: string, value: string | undefined): Xml => (value ? tag(name, {}, text(value)) : noXml);
  return tag(
    'md:ContactPerson',
    { contactType: person.contact_type },
    part('md:Company', person.company),
    part('md:GivenName', person.given_name),
    part('md:SurName', person.surname),
    part('md:EmailAddress', person.email_address && `mailto:${person.email_address.replace(/^mailto:/i, '')}`),
    part('md:TelephoneNumber', person.telephone_number),
  );
}

/**
 * Writes the metadata of one of our roles. SAML Metadata 2.3.2.
 * @param metadata what the party offers
 * @param id of the document, used when it is signed
 * @param signer leave out for unsigned metadata
 */
export async function makeMetadata(metadata: EntityMetadata, id: string, signer?: Signer): Promise<Xml> {
  const { cache_duration, entity_id, valid_until } = metadata;
  const open = tag('md:EntityDescriptor', {
    'xmlns:md': md,
    ID: id,
    cacheDuration: cache_duration === undefined ? undefined : `PT${cache_duration}S`,
    entityID: entity_id,
    validUntil: valid_until === undefined ? undefined : writeInstant(valid_until),
  });
  const closing = '</md:EntityDescriptor>';
  const content = joined([
    idpXml(metadata.idp),
    spXml(metadata.sp),
    organizationXml(metadata.organization),
    ...(metadata.contact_persons ?? []).map(contactXml),
  ]);
  const unsigned = { id, before: open.slice(0, -closing.length), after: content + closing };
  return signer ? signXml(unsigned, signer) : unsignedXml(unsigned);
}

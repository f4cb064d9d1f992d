import { namespaces } from '../names.js';
import type { XmlElement } from '../xml/xml-element.js';
import { attributeOf, childNamed, textOf } from '../xml/xml-element.js';
import type { ContactPerson, Organization } from './metadata.js';

const { md } = namespaces;
const types = ['technical', 'support', 'administrative', 'billing'] as const;

const textIn = (parent: XmlElement, local: string): string | undefined => {
  const child = childNamed(parent, md, local);
  return (child && textOf(child).trim()) || undefined;
};

/** SAML Metadata 2.3.2.1; of several languages the first. */
export function readOrganization(element: XmlElement | undefined): Organization | undefined {
  if (!element) return undefined;
  const name = textIn(element, 'OrganizationName') ?? '';
  return {
    name,
    display_name: textIn(element, 'OrganizationDisplayName') ?? name,
    url: textIn(element, 'OrganizationURL') ?? '',
    language: childNamed(element, md, 'OrganizationName')?.attributes.find(({ prefix }) => prefix === 'xml')?.value,
  };
}

/** SAML Metadata 2.3.2.2. */
export function readContacts(elements: readonly XmlElement[]): ContactPerson[] {
  return elements.map((element) => ({
    contact_type: types.find((type) => type === attributeOf(element, 'contactType')) ?? 'other',
    company: textIn(element, 'Company'),
    given_name: textIn(element, 'GivenName'),
    surname: textIn(element, 'SurName'),
    email_address: textIn(element, 'EmailAddress')?.replace(/^mailto:/i, ''),
    telephone_number: textIn(element, 'TelephoneNumber'),
  }));
}

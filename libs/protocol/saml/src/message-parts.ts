import { namespaces } from './names.js';
import type { SamlStatus } from './status.js';
import { writeInstant } from './time.js';
import type { Unsigned } from './trust/sign-xml.js';
import type { XmlElement } from './xml/xml-element.js';
import { attributeOf, childNamed, textOf, requiredAttribute } from './xml/xml-element.js';
import type { Xml } from './xml/write-xml.js';
import { joined, noXml, tag, text } from './xml/write-xml.js';

/** Who a user is to a peer. SAML Core 2.2.3. */
export interface NameId {
  readonly value: string;
  readonly format?: string;
  readonly name_qualifier?: string;
  readonly sp_name_qualifier?: string;
}

/** What every message says about itself. SAML Core 3.2.1. Times are unix seconds. */
export interface MessageHead {
  readonly id: string;
  readonly issuer: string;
  readonly issued_at: number;
  readonly destination?: string;
}

const { saml, samlp } = namespaces;

/** saml:Issuer, declaring its prefix, as it stands at the top of a message. */
export function issuerXml(issuer: string): Xml {
  return tag('saml:Issuer', { 'xmlns:saml': saml }, text(issuer));
}

/** saml:NameID. `declared` when the prefix is in scope already. */
export function nameIdXml(nameId: NameId, declared: boolean): Xml {
  return tag(
    'saml:NameID',
    {
      'xmlns:saml': declared ? undefined : saml,
      Format: nameId.format,
      NameQualifier: nameId.name_qualifier,
      SPNameQualifier: nameId.sp_name_qualifier,
    },
    text(nameId.value),
  );
}

/** Reads saml:NameID. */
export function readNameId(element: XmlElement): NameId {
  return {
    value: textOf(element),
    format: attributeOf(element, 'Format'),
    name_qualifier: attributeOf(element, 'NameQualifier'),
    sp_name_qualifier: attributeOf(element, 'SPNameQualifier'),
  };
}

/** Reads saml:Issuer. */
export function readIssuer(element: XmlElement): string | undefined {
  const issuer = childNamed(element, saml, 'Issuer');
  return issuer && textOf(issuer).trim();
}

/** samlp:Status. SAML Core 3.2.2. */
export function statusXml({ code, sub_code, message }: SamlStatus): Xml {
  const inner = sub_code === undefined ? noXml : tag('samlp:StatusCode', { Value: sub_code });
  return tag(
    'samlp:Status',
    {},
    tag('samlp:StatusCode', { Value: code }, inner),
    message === undefined ? noXml : tag('samlp:StatusMessage', {}, text(message)),
  );
}

/** Reads samlp:Status of an opened message; the schema check made sure that it is there. */
export function readStatus(element: XmlElement): SamlStatus {
  const status = childNamed(element, samlp, 'Status');
  const code = childNamed(status, samlp, 'StatusCode');
  const message = childNamed(status, samlp, 'StatusMessage');
  return {
    code: requiredAttribute(code, 'Value'),
    sub_code: attributeOf(childNamed(code, samlp, 'StatusCode'), 'Value'),
    message: message && textOf(message).trim(),
  };
}

/**
 * A protocol message, cut where its signature belongs: after the issuer. SAML Core 3.2.1, 3.2.2.
 * @param name with the prefix samlp
 * @param attributes of this kind of message; they are put in canonical order with those of the head
 * @param content what follows the signature
 */
export function messageXml(
  name: string,
  head: MessageHead,
  attributes: Readonly<Record<string, string | undefined>>,
  content: readonly Xml[],
): Unsigned {
  const all: Record<string, string | undefined> = {
    ...attributes,
    Destination: head.destination,
    ID: head.id,
    IssueInstant: writeInstant(head.issued_at),
    Version: '2.0',
  };
  const ordered: Record<string, string | undefined> = { 'xmlns:samlp': samlp };
  for (const key of Object.keys(all).sort()) ordered[key] = all[key];
  const open = tag(name, ordered);
  const closing = `</${name}>`;
  return {
    id: head.id,
    before: open.slice(0, -closing.length) + issuerXml(head.issuer),
    after: joined(content) + closing,
  };
}

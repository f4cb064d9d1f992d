import type { Outcome } from '@corsac/outcome';
import { ok } from '@corsac/outcome';
import { readIssuer, readNameId } from '../message-parts.js';
import { namespaces } from '../names.js';
import { instantOf } from '../read-message-head.js';
import type { SamlError } from '../saml-error.js';
import { refuse } from '../saml-error.js';
import { canonicalize } from '../xml/canonicalize.js';
import type { XmlElement } from '../xml/xml-element.js';
import {
  attributeOf,
  childElements,
  childNamed,
  childrenNamed,
  textOf,
  requiredAttribute,
} from '../xml/xml-element.js';
import type { Assertion, AuthnStatement, Conditions, SamlAttribute, SubjectConfirmation } from './assertion.js';

const { saml } = namespaces;
const XSI = 'http://www.w3.org/2001/XMLSchema-instance';

const trimmed = (element: XmlElement): string => textOf(element).trim();

/** SAML Core 2.7.3.1.1. A name identifier as value (eduPersonTargetedID) counts as its text, other XML as it is written. */
function valueOf(element: XmlElement): string {
  const children = childElements(element);
  if (children.length === 0) return textOf(element);
  const nameId = childNamed(element, saml, 'NameID');
  return nameId ? textOf(nameId) : children.map((child) => canonicalize(child)).join('');
}

const isNil = (element: XmlElement): boolean =>
  element.attributes.some(
    ({ namespace, local, value }) => namespace === XSI && local === 'nil' && /^(?:true|1)$/.test(value),
  );

function attributesIn(assertion: XmlElement): SamlAttribute[] {
  return childrenNamed(assertion, saml, 'AttributeStatement')
    .flatMap((statement) => childrenNamed(statement, saml, 'Attribute'))
    .map((attribute) => ({
      name: requiredAttribute(attribute, 'Name'),
      name_format: attributeOf(attribute, 'NameFormat'),
      friendly_name: attributeOf(attribute, 'FriendlyName'),
      values: childrenNamed(attribute, saml, 'AttributeValue')
        .filter((value) => !isNil(value))
        .map(valueOf),
    }));
}

function confirmationOf(element: XmlElement): SubjectConfirmation {
  const data = childNamed(element, saml, 'SubjectConfirmationData');
  return {
    method: requiredAttribute(element, 'Method'),
    recipient: attributeOf(data, 'Recipient'),
    in_response_to: attributeOf(data, 'InResponseTo'),
    not_before: instantOf(data, 'NotBefore'),
    not_on_or_after: instantOf(data, 'NotOnOrAfter'),
  };
}

function conditionsIn(assertion: XmlElement): Conditions | undefined {
  const conditions = childNamed(assertion, saml, 'Conditions');
  if (!conditions) return undefined;
  return {
    not_before: instantOf(conditions, 'NotBefore'),
    not_on_or_after: instantOf(conditions, 'NotOnOrAfter'),
    audience_restrictions: childrenNamed(conditions, saml, 'AudienceRestriction').map((restriction) =>
      childrenNamed(restriction, saml, 'Audience').map(trimmed),
    ),
    one_time_use: childNamed(conditions, saml, 'OneTimeUse') !== undefined,
  };
}

function authnIn(assertion: XmlElement): AuthnStatement | undefined {
  const statement = childNamed(assertion, saml, 'AuthnStatement');
  if (!statement) return undefined;
  const context = childNamed(statement, saml, 'AuthnContext');
  const classRef = childNamed(context, saml, 'AuthnContextClassRef');
  return {
    instant: instantOf(statement, 'AuthnInstant') ?? 0,
    session_index: attributeOf(statement, 'SessionIndex'),
    session_not_on_or_after: instantOf(statement, 'SessionNotOnOrAfter'),
    class_ref: classRef && trimmed(classRef),
    authenticating_authorities: context ? childrenNamed(context, saml, 'AuthenticatingAuthority').map(trimmed) : [],
  };
}

/**
 * Reads an assertion that may be read. SAML Core 2.3.3.
 * @param element out of the trust module: read anew from the bytes that were signed
 * @returns its values, none of them judged; a refusal names what cannot be read
 */
export function readAssertion(element: XmlElement): Outcome<Assertion, SamlError> {
  const subject = childNamed(element, saml, 'Subject');
  const statements = childrenNamed(element, saml, 'AttributeStatement');
  const hasEncryptedParts =
    (subject && childNamed(subject, saml, 'EncryptedID')) ||
    statements.some((statement) => childNamed(statement, saml, 'EncryptedAttribute'));
  if (hasEncryptedParts) {
    return refuse(
      'assertion',
      'unsupported',
      'Encrypted name identifiers and attributes are not supported; encrypt the assertion.',
    );
  }
  const nameId = childNamed(subject, saml, 'NameID');
  return ok({
    id: requiredAttribute(element, 'ID'),
    issuer: readIssuer(element) ?? '',
    issued_at: instantOf(element, 'IssueInstant') ?? 0,
    name_id: nameId && readNameId(nameId),
    confirmations: subject ? childrenNamed(subject, saml, 'SubjectConfirmation').map(confirmationOf) : [],
    conditions: conditionsIn(element),
    authn: authnIn(element),
    attributes: attributesIn(element),
  });
}

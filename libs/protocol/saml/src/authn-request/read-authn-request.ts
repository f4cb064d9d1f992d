import type { Outcome } from '@corsac/outcome';
import { ok } from '@corsac/outcome';
import { readNameId } from '../message-parts.js';
import { readMessageHead } from '../read-message-head.js';
import { namespaces } from '../names.js';
import type { SamlError } from '../saml-error.js';
import { refuse } from '../saml-error.js';
import type { XmlElement } from '../xml/xml-element.js';
import { attributeOf, childNamed, childrenNamed, textOf } from '../xml/xml-element.js';
import type { AuthnRequest, NameIdPolicy, RequestedAuthnContext } from './authn-request.js';

const { saml, samlp } = namespaces;

const flag = (element: XmlElement | undefined, name: string): boolean | undefined => {
  const value = attributeOf(element, name);
  return value === undefined ? undefined : value === 'true' || value === '1';
};

const index = (element: XmlElement, name: string): number | undefined => {
  const value = attributeOf(element, name);
  return value === undefined ? undefined : Number(value);
};

function policyIn(element: XmlElement): NameIdPolicy | undefined {
  const policy = childNamed(element, samlp, 'NameIDPolicy');
  if (!policy) return undefined;
  return {
    format: attributeOf(policy, 'Format'),
    allow_create: flag(policy, 'AllowCreate'),
    sp_name_qualifier: attributeOf(policy, 'SPNameQualifier'),
  };
}

function requestedContextIn(element: XmlElement): RequestedAuthnContext | undefined {
  const requested = childNamed(element, samlp, 'RequestedAuthnContext');
  if (!requested) return undefined;
  return {
    comparison: (attributeOf(requested, 'Comparison') ?? 'exact') as RequestedAuthnContext['comparison'],
    class_refs: childrenNamed(requested, saml, 'AuthnContextClassRef').map((ref) => textOf(ref).trim()),
  };
}

/**
 * Reads an AuthnRequest that may be read. SAML Core 3.4.1.
 * @param element out of the trust module
 * @returns its values, none of them judged; a refusal names what cannot be read
 */
export function readAuthnRequest(element: XmlElement): Outcome<AuthnRequest, SamlError> {
  const subject = childNamed(element, saml, 'Subject');
  if (subject && childNamed(subject, saml, 'EncryptedID')) {
    return refuse('subject', 'unsupported', 'Encrypted name identifiers are not supported.');
  }
  const nameId = childNamed(subject, saml, 'NameID');
  return ok({
    ...readMessageHead(element),
    force_authn: flag(element, 'ForceAuthn'),
    is_passive: flag(element, 'IsPassive'),
    assertion_consumer_service_url: attributeOf(element, 'AssertionConsumerServiceURL'),
    assertion_consumer_service_index: index(element, 'AssertionConsumerServiceIndex'),
    protocol_binding: attributeOf(element, 'ProtocolBinding'),
    name_id_policy: policyIn(element),
    requested_authn_context: requestedContextIn(element),
    subject: nameId && readNameId(nameId),
    attribute_consuming_service_index: index(element, 'AttributeConsumingServiceIndex'),
    provider_name: attributeOf(element, 'ProviderName'),
  });
}

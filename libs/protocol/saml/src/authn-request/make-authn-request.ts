import type { Outcome } from '@corsac/outcome';
import { fail, ok } from '@corsac/outcome';
import type { OutgoingMessage } from '../bindings/send-message.js';
import { messageXml, nameIdXml } from '../message-parts.js';
import { namespaces } from '../names.js';
import { canonicalize } from '../xml/canonicalize.js';
import { messageLimits } from '../xml/limits.js';
import { parseXml } from '../xml/parse-xml.js';
import type { Xml } from '../xml/write-xml.js';
import { joined, noXml, tag, text, trueOrAbsent } from '../xml/write-xml.js';
import { childElements, textOf, walk } from '../xml/xml-element.js';
import type { AuthnRequest, NameIdPolicy, RequestedAuthnContext } from './authn-request.js';

const { saml, samlp } = namespaces;

/** Extension elements as an administrator typed them, checked and in canonical form. */
export type RequestExtensions = Xml;

function policyXml(policy: NameIdPolicy | undefined): Xml {
  if (!policy) return noXml;
  return tag('samlp:NameIDPolicy', {
    AllowCreate: trueOrAbsent(policy.allow_create),
    Format: policy.format,
    SPNameQualifier: policy.sp_name_qualifier,
  });
}

function requestedContextXml(context: RequestedAuthnContext | undefined): Xml {
  if (!context || context.class_refs.length === 0) return noXml;
  const refs = context.class_refs.map((ref) => tag('saml:AuthnContextClassRef', { 'xmlns:saml': saml }, text(ref)));
  return tag('samlp:RequestedAuthnContext', { Comparison: context.comparison }, ...refs);
}

/**
 * Checks what an administrator wants to have in samlp:Extensions. SAML Core 3.2.1.
 * @param xml elements of namespaces that are not SAML's
 * @returns the piece to give to `makeAuthnRequest`, or what is wrong with it
 */
export function readRequestExtensions(xml: string): Outcome<RequestExtensions, string> {
  const parsed = parseXml(`<samlp:Extensions xmlns:samlp="${samlp}">${xml}</samlp:Extensions>`, messageLimits);
  if (!parsed.ok) return parsed;
  const elements = childElements(parsed.value);
  if (elements.length === 0 || textOf(parsed.value).trim() !== '') return fail('it must be elements and nothing else');
  const foreign = elements.every((element) => {
    let fits = element.namespace !== '';
    walk(
      element,
      ({ namespace, prefix }) => (fits &&= namespace !== samlp && namespace !== saml && prefix !== 'samlp'),
    );
    return fits;
  });
  if (!foreign) return fail('every element needs a namespace of its own, not one of SAML');
  return ok(joined(elements.map((element) => canonicalize(element) as Xml)));
}

/**
 * Makes an AuthnRequest. SAML Core 3.4.1, SAML Profiles 4.1.4.1.
 * @param request what to ask; `destination` is the single sign-on address of the identity provider
 * @param extensions from `readRequestExtensions`
 */
export function makeAuthnRequest(
  request: AuthnRequest & { readonly destination: string },
  extensions?: RequestExtensions,
): OutgoingMessage {
  const attributes = {
    AssertionConsumerServiceIndex: request.assertion_consumer_service_index?.toString(),
    AssertionConsumerServiceURL: request.assertion_consumer_service_url,
    AttributeConsumingServiceIndex: request.attribute_consuming_service_index?.toString(),
    ForceAuthn: trueOrAbsent(request.force_authn),
    IsPassive: trueOrAbsent(request.is_passive),
    ProtocolBinding: request.protocol_binding,
    ProviderName: request.provider_name,
  };
  const unsigned = messageXml('samlp:AuthnRequest', request, attributes, [
    extensions === undefined ? noXml : tag('samlp:Extensions', {}, extensions),
    request.subject ? tag('saml:Subject', { 'xmlns:saml': saml }, nameIdXml(request.subject, true)) : noXml,
    policyXml(request.name_id_policy),
    requestedContextXml(request.requested_authn_context),
  ]);
  return { kind: 'request', destination: request.destination, unsigned };
}

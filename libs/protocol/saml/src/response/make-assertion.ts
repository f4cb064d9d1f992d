import type { NameId } from '../message-parts.js';
import { nameIdXml } from '../message-parts.js';
import { bearer, namespaces } from '../names.js';
import { writeInstant } from '../time.js';
import type { Unsigned } from '../trust/sign-xml.js';
import type { Xml } from '../xml/write-xml.js';
import { joined, noXml, tag, text } from '../xml/write-xml.js';
import type { AuthnStatement, SamlAttribute } from './assertion.js';

/** An assertion to be made. Times are unix seconds, lifetimes seconds. */
export interface NewAssertion {
  readonly id: string;
  /** Our entity ID. */
  readonly issuer: string;
  readonly issued_at: number;
  readonly name_id: NameId;
  /** The entity ID of the application. */
  readonly audience: string;
  /** Its assertion consumer service. */
  readonly recipient: string;
  readonly in_response_to?: string;
  readonly confirmation_lifetime: number;
  readonly lifetime: number;
  readonly authn: Omit<AuthnStatement, 'authenticating_authorities'> & { readonly class_ref: string };
  readonly attributes: readonly SamlAttribute[];
}

/** Seconds before the issue time from which the assertion is valid: the application's clock may be behind. */
const notBeforeMargin = 30;

/** SAML Profiles 4.1.4.2. */
function subjectXml(assertion: NewAssertion): Xml {
  const { name_id, recipient, in_response_to, issued_at, confirmation_lifetime } = assertion;
  const data = tag('saml:SubjectConfirmationData', {
    InResponseTo: in_response_to,
    NotOnOrAfter: writeInstant(issued_at + confirmation_lifetime),
    Recipient: recipient,
  });
  return tag('saml:Subject', {}, nameIdXml(name_id, true), tag('saml:SubjectConfirmation', { Method: bearer }, data));
}

function conditionsXml({ issued_at, lifetime, audience }: NewAssertion): Xml {
  return tag(
    'saml:Conditions',
    { NotBefore: writeInstant(issued_at - notBeforeMargin), NotOnOrAfter: writeInstant(issued_at + lifetime) },
    tag('saml:AudienceRestriction', {}, tag('saml:Audience', {}, text(audience))),
  );
}

function authnXml({ instant, session_index, session_not_on_or_after, class_ref }: NewAssertion['authn']): Xml {
  return tag(
    'saml:AuthnStatement',
    {
      AuthnInstant: writeInstant(instant),
      SessionIndex: session_index,
      SessionNotOnOrAfter: session_not_on_or_after === undefined ? undefined : writeInstant(session_not_on_or_after),
    },
    tag('saml:AuthnContext', {}, tag('saml:AuthnContextClassRef', {}, text(class_ref))),
  );
}

function attributeXml({ name, name_format, friendly_name, values }: SamlAttribute): Xml {
  return tag(
    'saml:Attribute',
    { FriendlyName: friendly_name, Name: name, NameFormat: name_format },
    ...values.map((value) => tag('saml:AttributeValue', {}, text(value))),
  );
}

/** SAML Core 2.7.3 wants at least one attribute in a statement. */
function attributesXml(attributes: readonly SamlAttribute[]): Xml {
  return attributes.length === 0 ? noXml : tag('saml:AttributeStatement', {}, ...attributes.map(attributeXml));
}

/** Makes an assertion, cut where its signature belongs. SAML Core 2.3.3. */
export function makeAssertion(assertion: NewAssertion): Unsigned {
  const { id, issuer, issued_at } = assertion;
  const open = tag('saml:Assertion', {
    'xmlns:saml': namespaces.saml,
    ID: id,
    IssueInstant: writeInstant(issued_at),
    Version: '2.0',
  });
  const closing = '</saml:Assertion>';
  return {
    id,
    before: open.slice(0, -closing.length) + tag('saml:Issuer', {}, text(issuer)),
    after:
      joined([
        subjectXml(assertion),
        conditionsXml(assertion),
        authnXml(assertion.authn),
        attributesXml(assertion.attributes),
      ]) + closing,
  };
}

import type { Outcome } from '@corsac/outcome';
import { ok } from '@corsac/outcome';
import type { SamlError } from '../saml-error.js';
import { refuse, shown } from '../saml-error.js';
import { grammarName, structureProblem } from '../schema/check-structure.js';
import type { XmlLimits } from '../xml/limits.js';
import { parseXml } from '../xml/parse-xml.js';
import type { NamespaceScope, XmlElement } from '../xml/xml-element.js';
import { walk } from '../xml/xml-element.js';

/** What the caller is ready to read. */
export interface Opening {
  /** Names that the document element may have, as the grammar spells them. */
  readonly roots: readonly string[];
  readonly limits: XmlLimits;
  /** Namespaces around a fragment. */
  readonly scope?: NamespaceScope;
}

/** The only parents a signature may have: what it signs. SAML Core 5.4.1, SAML Metadata 3.1. */
const signable = new Set([
  'saml:Assertion',
  'samlp:AuthnRequest',
  'samlp:Response',
  'samlp:LogoutRequest',
  'samlp:LogoutResponse',
  'md:EntitiesDescriptor',
  'md:EntityDescriptor',
  'md:IDPSSODescriptor',
  'md:SPSSODescriptor',
]);

/** Elements that carry authority, and the only parents under which they do. Anywhere else they are a wrapping attack. */
const homes: ReadonlyMap<string, readonly string[]> = new Map([
  ['saml:Assertion', ['samlp:Response']],
  ['saml:EncryptedAssertion', ['samlp:Response']],
  ['samlp:AuthnRequest', []],
  ['samlp:Response', []],
  ['samlp:LogoutRequest', ['soap:Body']],
  ['samlp:LogoutResponse', ['soap:Body']],
  ['soap:Envelope', []],
  ['md:EntityDescriptor', ['md:EntitiesDescriptor']],
]);

function duplicateId(root: XmlElement): string | undefined {
  const seen = new Set<string>();
  let duplicate: string | undefined;
  walk(root, ({ attributes }) => {
    for (const { local, value } of attributes) {
      // ID, Id, id, xml:id and wsu:Id alike: whatever another reader may take for an identifier.
      if (local.length !== 2 || local.toLowerCase() !== 'id') continue;
      if (seen.has(value)) duplicate ??= value;
      seen.add(value);
    }
  });
  return duplicate;
}

function misplaced(root: XmlElement): string | undefined {
  let problem: string | undefined;
  walk(root, (element, parent) => {
    if (!parent) return;
    const name = grammarName(element);
    const home = grammarName(parent);
    const fits = name === 'ds:Signature' ? signable.has(home) : (homes.get(name)?.includes(home) ?? true);
    if (!fits) problem ??= `${name} stands inside ${shown(parent.local)}`;
  });
  return problem;
}

/**
 * The first gate of every XML that comes from outside, on every binding: bounds, well-formed, one of the expected
 * documents, right by the schemas, every ID once, no signature, assertion or message anywhere but in its place.
 * Nothing that this gives is trusted yet.
 */
export function openDocument(source: Uint8Array | string, opening: Opening): Outcome<XmlElement, SamlError> {
  const parsed = parseXml(source, opening.limits, opening.scope);
  if (!parsed.ok) return refuse('xml', 'xml_invalid', `The XML cannot be read: ${parsed.error}.`);
  const root = parsed.value;
  if (!opening.roots.includes(grammarName(root))) {
    return refuse('root', 'wrong_message', `Expected ${opening.roots.join(' or ')}, got ${shown(root.local)}.`);
  }
  const structure = structureProblem(root);
  if (structure)
    return refuse('schema', 'schema_invalid', `The message is not valid by the SAML schemas: ${structure}.`);
  const duplicate = duplicateId(root);
  if (duplicate !== undefined) return refuse('ids', 'duplicate_id', `The ID ${shown(duplicate)} stands twice.`);
  const place = misplaced(root);
  if (place) return refuse('placement', 'signature_misplaced', `The message looks like a wrapping attack: ${place}.`);
  return ok(root);
}

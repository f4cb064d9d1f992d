import type { XmlAttribute, XmlElement } from './xml-element.js';

/** What stands around an element while it is written: prefix to namespace name as already rendered. */
type Rendered = ReadonlyMap<string, string>;

/** How to write. */
export interface CanonicalRules {
  /** Exclusive C14N 2: prefixes that are treated as inclusive C14N does; the empty one is #default. */
  readonly inclusivePrefixes: readonly string[];
  /** XMLDSig 6.6.4: the signature that the enveloped-signature transform takes out. */
  readonly omit?: XmlElement;
}

const textEscapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#xD;' };
const attributeEscapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
};

/** Text as C14N 1.0 2.3 writes it. */
export function escapeText(text: string): string {
  return /[&<>\r]/.test(text) ? text.replace(/[&<>\r]/g, (character) => textEscapes[character]!) : text;
}

/** An attribute value as C14N 1.0 2.3 writes it. */
export function escapeAttribute(value: string): string {
  return /[&<"\t\n\r]/.test(value) ? value.replace(/[&<"\t\n\r]/g, (character) => attributeEscapes[character]!) : value;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const byName = (a: XmlAttribute, b: XmlAttribute): number =>
  compare(a.namespace, b.namespace) || compare(a.local, b.local);

/** Exclusive C14N 3: the prefixes that this element uses itself, and those asked for that are in scope. */
function prefixesToRender(element: XmlElement, rules: CanonicalRules): Set<string> {
  const prefixes = new Set([element.prefix]);
  for (const { prefix } of element.attributes) if (prefix !== '') prefixes.add(prefix);
  for (const prefix of rules.inclusivePrefixes) if (element.scope.has(prefix)) prefixes.add(prefix);
  prefixes.delete('xml');
  return prefixes;
}

function startTag(element: XmlElement, rendered: Rendered, rules: CanonicalRules): { tag: string; rendered: Rendered } {
  let tag = `<${element.prefix === '' ? element.local : `${element.prefix}:${element.local}`}`;
  let inside: Map<string, string> | undefined;
  const prefixes = prefixesToRender(element, rules);
  for (const prefix of prefixes.size > 1 ? [...prefixes].sort(compare) : prefixes) {
    const namespace = element.scope.get(prefix) ?? '';
    if ((rendered.get(prefix) ?? '') === namespace) continue;
    inside ??= new Map(rendered);
    inside.set(prefix, namespace);
    tag += ` ${prefix === '' ? 'xmlns' : `xmlns:${prefix}`}="${escapeAttribute(namespace)}"`;
  }
  const { attributes } = element;
  for (const { prefix, local, value } of attributes.length > 1 ? [...attributes].sort(byName) : attributes) {
    tag += ` ${prefix === '' ? local : `${prefix}:${local}`}="${escapeAttribute(value)}"`;
  }
  return { tag: `${tag}>`, rendered: inside ?? rendered };
}

function write(element: XmlElement, rendered: Rendered, rules: CanonicalRules): string {
  const start = startTag(element, rendered, rules);
  let result = start.tag;
  for (const child of element.children) {
    if (typeof child === 'string') result += escapeText(child);
    else if (child !== rules.omit) result += write(child, start.rendered, rules);
  }
  return `${result}</${element.prefix === '' ? element.local : `${element.prefix}:${element.local}`}>`;
}

/**
 * Exclusive XML Canonicalization 1.0 without comments (our trees have none) of an element and all below it.
 * @param element the apex
 * @param rules prefixes of InclusiveNamespaces, and an element that is left out
 * @returns the canonical text; its UTF-8 bytes are what is hashed
 */
export function canonicalize(element: XmlElement, rules: CanonicalRules = { inclusivePrefixes: [] }): string {
  return write(element, new Map(), rules);
}

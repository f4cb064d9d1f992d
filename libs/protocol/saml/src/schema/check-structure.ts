import { namespaces } from '../names.js';
import { shown } from '../saml-error.js';
import type { XmlAttribute, XmlElement } from '../xml/xml-element.js';
import { childElements, textOf } from '../xml/xml-element.js';
import { assertionGrammar } from './assertion-grammar.js';
import type { ElementRule, Grammar, Particle } from './grammar.js';
import { metadataGrammar } from './metadata-grammar.js';
import { protocolGrammar } from './protocol-grammar.js';
import { signatureGrammar } from './signature-grammar.js';

const XSI = 'http://www.w3.org/2001/XMLSchema-instance';
const XML = 'http://www.w3.org/XML/1998/namespace';

const rules = new Map<string, ElementRule>(
  Object.entries({
    ...assertionGrammar,
    ...protocolGrammar,
    ...metadataGrammar,
    ...signatureGrammar,
  } satisfies Grammar),
);

const { saml, samlp, md, ds, xenc, soap } = namespaces;
const known = new Map<string, string>(
  Object.entries({ saml, samlp, md, ds, xenc, soap }).map(([prefix, namespace]) => [namespace, prefix]),
);

/** The name that the grammar uses; `*` for an element of a namespace that it does not know. */
export function grammarName(element: XmlElement): string {
  const prefix = known.get(element.namespace);
  return prefix === undefined ? '*' : `${prefix}:${element.local}`;
}

function attributeProblem(
  rule: ElementRule,
  name: string,
  attribute: XmlAttribute,
  typed: boolean,
): string | undefined {
  const { namespace, local, value } = attribute;
  if (namespace === '') {
    const expected = Object.hasOwn(rule.attributes, local) ? rule.attributes[local] : undefined;
    if (expected && !expected.check(value)) return `${local} of ${name} has the value ${shown(value)}`;
    return expected || typed ? undefined : `${name} has an attribute ${shown(local)}`;
  }
  if (namespace === XML) return undefined;
  if (namespace === XSI) {
    return rule.typed || local === 'schemaLocation' ? undefined : `${name} has an attribute xsi:${shown(local)}`;
  }
  return rule.foreign && !known.has(namespace) ? undefined : `${name} has an attribute of ${shown(namespace)}`;
}

function attributesProblem(rule: ElementRule, name: string, element: XmlElement): string | undefined {
  const typed = rule.typed === true && element.attributes.some((a) => a.namespace === XSI && a.local === 'type');
  for (const attribute of element.attributes) {
    const problem = attributeProblem(rule, name, attribute, typed);
    if (problem) return problem;
  }
  for (const required in rule.attributes) {
    if (!rule.attributes[required]!.required) continue;
    if (!element.attributes.some((a) => a.namespace === '' && a.local === required)) return `${name} lacks ${required}`;
  }
  return undefined;
}

/** Each child takes the first place from here on that has room for it; a place left behind must have had enough. */
function sequenceProblem(
  particles: readonly Particle[],
  name: string,
  children: readonly string[],
): string | undefined {
  let at = 0;
  let count = 0;
  for (const child of children) {
    for (;;) {
      const particle = particles[at];
      if (!particle) return `${name} has an unexpected ${shown(child)}`;
      if (count < particle.max && particle.names.includes(child)) break;
      if (count < particle.min) return `${name} lacks ${particle.names.join(' or ')} before ${shown(child)}`;
      at += 1;
      count = 0;
    }
    count += 1;
  }
  for (; at < particles.length; at += 1, count = 0) {
    const particle = particles[at]!;
    if (count < particle.min) return `${name} lacks ${particle.names.join(' or ')}`;
  }
  return undefined;
}

function contentProblem(rule: ElementRule, name: string, element: XmlElement): string | undefined {
  const { content } = rule;
  if (content === 'any') return undefined;
  const children = childElements(element);
  if ('sequence' in content) {
    if (/[^ \t\n]/.test(textOf(element))) return `${name} has text between its elements`;
    return sequenceProblem(content.sequence, name, children.map(grammarName));
  }
  if (children.length > 0) return `${name} has an element in its text`;
  return content.text(textOf(element)) ? undefined : `${name} has the text ${shown(textOf(element))}`;
}

/**
 * Checks a whole tree against the schemas: which elements, in which order, how often, with which attributes and values.
 * Wildcards take foreign elements; an element of a namespace that we know is checked wherever it stands.
 * @returns the first thing that is wrong, in words for a log, or undefined
 */
export function structureProblem(element: XmlElement): string | undefined {
  const name = grammarName(element);
  if (name !== '*') {
    const rule = rules.get(name);
    if (!rule) return `${shown(name)} is no element that is understood`;
    const problem = attributesProblem(rule, name, element) ?? contentProblem(rule, name, element);
    if (problem) return problem;
  }
  for (const child of element.children) {
    const problem = typeof child === 'string' ? undefined : structureProblem(child);
    if (problem) return problem;
  }
  return undefined;
}

import { endOfName, referencedCharacter } from './characters.js';
import type { NamespaceScope, XmlAttribute, XmlElement } from './xml-element.js';

/** Thrown inside the reader only; `parseXml` turns it into a value. */
export class Malformed extends Error {}

const XML = 'http://www.w3.org/XML/1998/namespace';
const XMLNS = 'http://www.w3.org/2000/xmlns/';
const predefined: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Namespaces in scope at one place. Every element that declares one copies them, so their number bounds the work. */
const mostInScope = 48;

const reference = /&(?:#(\d{1,7})|#x([0-9A-Fa-f]{1,6})|(lt|gt|amp|quot|apos));/y;

interface QualifiedName {
  readonly prefix: string;
  readonly local: string;
}

interface RawAttribute extends QualifiedName {
  readonly value: string;
}

/** Puts the characters in place of references. Only the five entities of XML and numbers exist: nothing can grow. */
function expandReferences(text: string): string {
  let at = text.indexOf('&');
  if (at === -1) return text;
  let result = text.slice(0, at);
  while (at !== -1) {
    reference.lastIndex = at;
    const match = reference.exec(text);
    if (!match) throw new Malformed('unknown entity or bare ampersand');
    const [whole, decimal, hexadecimal, name] = match;
    const code = Number.parseInt(decimal ?? hexadecimal ?? '', decimal ? 10 : 16);
    const character = name ? predefined[name] : referencedCharacter(code);
    if (character === undefined) throw new Malformed('a reference to a character that XML does not allow');
    const next = text.indexOf('&', at + whole.length);
    result += character + text.slice(at + whole.length, next === -1 ? undefined : next);
    at = next;
  }
  return result;
}

/** XML Namespaces 1.0 3: what a declaration may say. */
function checkDeclaration(prefix: string, uri: string): void {
  if (prefix === 'xmlns' || uri === XMLNS) throw new Malformed('the prefix xmlns is declared');
  if ((prefix === 'xml') !== (uri === XML)) throw new Malformed('the prefix xml is declared as something else');
  if (uri === '' && prefix !== '') throw new Malformed(`the prefix ${prefix} is undeclared`);
  // Canonicalisation writes a name again wherever it is used: a long one would make little input much output.
  if (uri.length > 512) throw new Malformed('a namespace name is too long');
  // Canonicalisation of relative namespace names is not defined. C14N 1.0 1.3.
  if (uri !== '' && !uri.includes(':')) throw new Malformed(`the namespace ${uri.slice(0, 100)} is relative`);
}

/** Reads a document that has passed the bounds. One forward pass; recursion is as deep as the bounds allow. */
export class XmlReader {
  private at = 0;

  constructor(private readonly text: string) {}

  /** The document element; nothing but white space and comments may stand around it. */
  document(scope: NamespaceScope): XmlElement {
    this.skipOutside();
    const root = this.element(scope);
    this.skipOutside();
    if (this.at !== this.text.length) throw new Malformed('something follows the document element');
    return root;
  }

  private skipOutside(): void {
    for (;;) {
      this.skipSpace();
      if (!this.text.startsWith('<!--', this.at)) return;
      this.skipComment();
    }
  }

  private skipSpace(): boolean {
    const start = this.at;
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x09) return this.at > start;
      this.at += 1;
    }
  }

  private skipComment(): void {
    const end = this.text.indexOf('--', this.at + 4);
    if (end === -1 || this.text[end + 2] !== '>') throw new Malformed('two hyphens in a comment');
    this.at = end + 3;
  }

  private name(): string {
    const end = endOfName(this.text, this.at);
    if (end === this.at) throw new Malformed(`no name at character ${this.at}`);
    const name = this.text.slice(this.at, end);
    this.at = end;
    return name;
  }

  private qualifiedName(): QualifiedName {
    const first = this.name();
    if (this.text[this.at] !== ':') return { prefix: '', local: first };
    this.at += 1;
    return { prefix: first, local: this.name() };
  }

  private expect(token: string): void {
    if (!this.text.startsWith(token, this.at)) throw new Malformed(`${token} missing at character ${this.at}`);
    this.at += token.length;
  }

  private element(outer: NamespaceScope): XmlElement {
    this.expect('<');
    const nameStart = this.at;
    const { prefix, local } = this.qualifiedName();
    const tag = this.text.slice(nameStart, this.at);
    const raw = this.attributes();
    const scope = this.declare(raw, outer);
    const namespace = prefix === '' ? (scope.get('') ?? '') : this.resolve(prefix, scope);
    const attributes = this.resolveAttributes(raw, scope);
    const children: (XmlElement | string)[] = [];
    if (this.text.startsWith('/>', this.at)) this.at += 2;
    else {
      this.expect('>');
      this.content(children, scope);
      this.expect(`</${tag}`);
      this.skipSpace();
      this.expect('>');
    }
    return { prefix, local, namespace, attributes, scope, children };
  }

  private attributes(): RawAttribute[] {
    const found: RawAttribute[] = [];
    while (this.skipSpace()) {
      const code = this.text.charCodeAt(this.at);
      if (code === 0x2f || code === 0x3e) break;
      const { prefix, local } = this.qualifiedName();
      this.skipSpace();
      this.expect('=');
      this.skipSpace();
      found.push({ prefix, local, value: this.attributeValue() });
    }
    return found;
  }

  private attributeValue(): string {
    const quote = this.text[this.at];
    if (quote !== '"' && quote !== "'") throw new Malformed('an attribute value without quotes');
    const end = this.text.indexOf(quote, this.at + 1);
    if (end === -1) throw new Malformed('an attribute value does not end');
    const literal = this.text.slice(this.at + 1, end);
    this.at = end + 1;
    if (literal.includes('<')) throw new Malformed('< in an attribute value');
    // XML 1.0 3.3.3: literal white space becomes a space, referenced white space stays.
    return expandReferences(/[\t\n]/.test(literal) ? literal.replace(/[\t\n]/g, ' ') : literal);
  }

  private declare(raw: readonly RawAttribute[], outer: NamespaceScope): NamespaceScope {
    let scope: Map<string, string> | undefined;
    const seen = new Set<string>();
    for (const { prefix, local, value } of raw) {
      const declared = prefix === 'xmlns' ? local : prefix === '' && local === 'xmlns' ? '' : undefined;
      if (declared === undefined) continue;
      checkDeclaration(declared, value);
      if (seen.has(declared)) throw new Malformed('a namespace is declared twice');
      seen.add(declared);
      scope ??= new Map(outer);
      scope.set(declared, value);
    }
    if (scope && scope.size > mostInScope) throw new Malformed('too many namespaces are in scope');
    return scope ?? outer;
  }

  private resolve(prefix: string, scope: NamespaceScope): string {
    const namespace = scope.get(prefix);
    if (namespace === undefined) throw new Malformed(`the prefix ${prefix.slice(0, 100)} is not declared`);
    return namespace;
  }

  private resolveAttributes(raw: readonly RawAttribute[], scope: NamespaceScope): XmlAttribute[] {
    const attributes: XmlAttribute[] = [];
    for (const { prefix, local, value } of raw) {
      if (prefix === 'xmlns' || (prefix === '' && local === 'xmlns')) continue;
      const namespace = prefix === '' ? '' : this.resolve(prefix, scope);
      if (attributes.some((other) => other.local === local && other.namespace === namespace)) {
        throw new Malformed(`the attribute ${local.slice(0, 100)} stands twice`);
      }
      attributes.push({ prefix, local, namespace, value });
    }
    return attributes;
  }

  private content(children: (XmlElement | string)[], scope: NamespaceScope): void {
    let pending = '';
    for (;;) {
      const start = this.text.indexOf('<', this.at);
      if (start === -1) throw new Malformed('an element does not end');
      if (start > this.at) pending += this.characterData(start);
      if (this.text.startsWith('<!--', start)) this.skipComment();
      else if (this.text.startsWith('<![CDATA[', start)) pending += this.cdata();
      else {
        if (pending !== '') children.push(pending);
        pending = '';
        if (this.text.charCodeAt(start + 1) === 0x2f) return;
        children.push(this.element(scope));
      }
    }
  }

  private characterData(end: number): string {
    const literal = this.text.slice(this.at, end);
    this.at = end;
    if (literal.includes(']]>')) throw new Malformed(']]> in text');
    return expandReferences(literal);
  }

  private cdata(): string {
    const end = this.text.indexOf(']]>', this.at);
    if (end === -1) throw new Malformed('a CDATA section does not end');
    const literal = this.text.slice(this.at + 9, end);
    this.at = end + 3;
    return literal;
  }
}

import { canonicalize, escapeAttribute, escapeText } from './canonicalize.js';
import { messageLimits } from './limits.js';
import { parseXml } from './parse-xml.js';
import type { XmlElement } from './xml-element.js';
import { childElements } from './xml-element.js';

const tree = (xml: string): XmlElement => {
  const parsed = parseXml(xml, messageLimits);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
};

const canonical = (xml: string, inclusivePrefixes: string[] = []): string =>
  canonicalize(tree(xml), { inclusivePrefixes });

describe('Exclusive XML Canonicalization 1.0', () => {
  it('writes start and end tags, double quotes and sorted attributes (C14N 1.0 2.3)', () => {
    expect(canonical("<a  z='1' b = '2'\n a='3' />")).toBe('<a a="3" b="2" z="1"></a>');
  });

  it('sorts attributes by namespace, those without first, and declarations by prefix', () => {
    const xml = '<e xmlns:b="urn:1" xmlns:a="urn:2" a:x="1" b:y="2" z="3"/>';
    expect(canonical(xml)).toBe('<e xmlns:a="urn:2" xmlns:b="urn:1" z="3" b:y="2" a:x="1"></e>');
  });

  it('escapes text and values each in its way', () => {
    expect(canonical('<a x="&amp;&lt;&gt;&quot;&#9;&#10;&#13;">&amp;&lt;&gt;"&#9;&#10;&#13;</a>')).toBe(
      '<a x="&amp;&lt;>&quot;&#x9;&#xA;&#xD;">&amp;&lt;&gt;"\t\n&#xD;</a>',
    );
    expect(escapeText('plain')).toBe('plain');
    expect(escapeAttribute("it's")).toBe("it's");
  });

  it('leaves out comments and replaces CDATA by its text', () => {
    expect(canonical('<a>1<!-- x -->2<![CDATA[<3>]]></a>')).toBe('<a>12&lt;3&gt;</a>');
  });

  it('declares a prefix where it is used first, and no other (exclusive C14N 3)', () => {
    const xml = '<n0:a xmlns:n0="urn:0" xmlns:n1="urn:1" xmlns:n2="urn:2"><n1:b n2:x="1"><n1:c/></n1:b><n1:d/></n0:a>';
    expect(canonical(xml)).toBe(
      '<n0:a xmlns:n0="urn:0"><n1:b xmlns:n1="urn:1" xmlns:n2="urn:2" n2:x="1"><n1:c></n1:c></n1:b><n1:d xmlns:n1="urn:1"></n1:d></n0:a>',
    );
  });

  it('gives the same for a subtree wherever it stands (exclusive C14N 2.2)', () => {
    const inner = '<p:b xmlns:p="urn:p" y="1"><p:c></p:c></p:b>';
    const first = tree(`<a xmlns="urn:a" xmlns:q="urn:q" xml:lang="da">${inner}</a>`);
    const second = tree(`<q:x xmlns:q="urn:other" xmlns:p="urn:wrong">${inner}</q:x>`);
    expect(canonicalize(childElements(first)[0]!)).toBe(inner);
    expect(canonicalize(childElements(second)[0]!)).toBe(inner);
  });

  it('handles the default namespace, also where it ends', () => {
    expect(canonical('<a xmlns="urn:a"><b xmlns=""><c/></b></a>')).toBe('<a xmlns="urn:a"><b xmlns=""><c></c></b></a>');
    expect(canonical('<a xmlns=""><b/></a>')).toBe('<a><b></b></a>');
    expect(canonical('<p:a xmlns:p="urn:p" xmlns="urn:d"><b xmlns="urn:d"/></p:a>')).toBe(
      '<p:a xmlns:p="urn:p"><b xmlns="urn:d"></b></p:a>',
    );
  });

  it('redeclares a prefix that means something else inside', () => {
    expect(canonical('<p:a xmlns:p="urn:1"><p:b xmlns:p="urn:2"><p:c xmlns:p="urn:1"/></p:b></p:a>')).toBe(
      '<p:a xmlns:p="urn:1"><p:b xmlns:p="urn:2"><p:c xmlns:p="urn:1"></p:c></p:b></p:a>',
    );
  });

  it('treats prefixes of InclusiveNamespaces as inclusive C14N does', () => {
    const xml = '<a xmlns="urn:d" xmlns:xs="urn:xs" xmlns:y="urn:y"><b type="xs:string"/></a>';
    expect(canonical(xml, ['xs', 'unknown'])).toBe('<a xmlns="urn:d" xmlns:xs="urn:xs"><b type="xs:string"></b></a>');
    const prefixed = '<p:a xmlns="urn:d" xmlns:p="urn:p"><p:b/></p:a>';
    expect(canonical(prefixed, [''])).toBe('<p:a xmlns="urn:d" xmlns:p="urn:p"><p:b></p:b></p:a>');
  });

  it('keeps xml: attributes without declaring the prefix', () => {
    expect(canonical('<a xml:lang="da" xml:space="preserve"/>')).toBe('<a xml:lang="da" xml:space="preserve"></a>');
  });

  it('takes out the signature that is to be left out, and nothing else', () => {
    const root = tree('<a>1<s/>2<s/></a>');
    expect(canonicalize(root, { inclusivePrefixes: [], omit: childElements(root)[0] })).toBe('<a>12<s></s></a>');
  });

  it('is its own canonical form', () => {
    const once = canonical('<a xmlns:p="urn:p" z="&#9;" p:b="&lt;">x<p:c/>&gt;</a>');
    expect(canonical(once)).toBe(once);
  });
});

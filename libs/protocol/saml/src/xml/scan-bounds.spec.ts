import { messageLimits } from './limits.js';
import { parseXml } from './parse-xml.js';
import { scanBounds } from './scan-bounds.js';

const limits = { bytes: 1000, depth: 3, elements: 5, attributes: 2 };
const refusal = (xml: string): string | undefined => {
  const parsed = parseXml(xml, limits);
  return parsed.ok ? undefined : parsed.error;
};

describe('Bounds, before a tree is built', () => {
  it('takes what is exactly within them', () => {
    expect(refusal('<a x="1" y="2"><b><c/></b><d/><e/></a>')).toBeUndefined();
  });

  it.each([
    ['bytes', `<a>${'x'.repeat(1000)}</a>`, '1007 bytes'],
    ['bytes, not characters', `<a>${'æ'.repeat(500)}</a>`, '1007 bytes'],
    ['depth', '<a><b><c><d/></c></b></a>', 'deeper than 3'],
    ['elements', '<a><b/><b/><b/><b/><b/></a>', 'more than 5 elements'],
    ['attributes', '<a x="1" y="2" z="3"/>', 'more than 2 attributes'],
    ['attributes with declarations', '<a xmlns:x="urn:x" xmlns:y="urn:y" xmlns:z="urn:z"/>', 'more than 2 attributes'],
  ])('refuses too many %s', (_what, xml, message) => {
    expect(refusal(xml)).toContain(message);
  });

  it('does not count what stands in comments, CDATA and values', () => {
    expect(refusal('<a x="= > =="><!-- <b><b><b><b><b> --><![CDATA[<b><b><b><b><b><b>]]></a>')).toBeUndefined();
  });

  it('counts siblings after a closed element on the right level', () => {
    expect(refusal('<a><b><c></c></b><b><c></c></b></a>')).toBeUndefined();
  });

  it('names an end that is missing', () => {
    expect(scanBounds('<a', limits)).toContain('does not end');
    expect(scanBounds('<a x="', limits)).toContain('does not end');
    expect(scanBounds('<a><!--', limits)).toContain('does not end');
  });
});

/** Hostile inputs of a given size, each a classic for some parser. */
const hostile: Record<string, (size: number) => string> = {
  'deep nesting': (size) => '<a>'.repeat(size / 3),
  'open brackets': (size) => '<'.repeat(size),
  'comment starts': (size) => '<!--'.repeat(size / 4),
  'CDATA starts': (size) => `<a>${'<![CDATA['.repeat(size / 9)}`,
  'quotes that do not end': (size) => `<a ${'x="'.repeat(size / 3)}`,
  attributes: (size) => `<a ${Array.from({ length: size / 10 }, (_, i) => `x${i}="1"`).join(' ')}/>`,
  ampersands: (size) => `<a>${'&'.repeat(size)}</a>`,
  references: (size) => `<a>${'&#65;'.repeat(size / 5)}</a>`,
  'line feeds and returns': (size) => `<a>${'\r'.repeat(size)}</a>`,
  'brackets in text': (size) => `<a>${']]'.repeat(size / 2)}</a>`,
  'white space in a tag': (size) => `<a${' '.repeat(size)}`,
  declarations: (size) => `<a>${'<b xmlns:p="urn:p" xmlns:q="urn:q"/>'.repeat(size / 36)}</a>`,
  names: (size) => `<${'a'.repeat(size)}/>`,
  hyphens: (size) => `<a><!--${'-'.repeat(size)}`,
};

const bestOf = (times: number, work: () => void): number => {
  let best = Infinity;
  for (let time = 0; time < times; time += 1) {
    const start = process.hrtime.bigint();
    work();
    best = Math.min(best, Number(process.hrtime.bigint() - start));
  }
  return best;
};

describe('Hostile input costs time in proportion to its size', () => {
  it.each(Object.keys(hostile))('%s', (name) => {
    const make = hostile[name]!;
    const open = { ...messageLimits, bytes: 10_000_000, depth: 200, elements: 1_000_000 };
    const small = Buffer.from(make(36_000));
    const large = Buffer.from(make(288_000));
    const base = bestOf(5, () => parseXml(small, open));
    const grown = bestOf(5, () => parseXml(large, open));
    // Eight times the size: linear is 8, quadratic 64. A floor keeps the noise of tiny times out.
    expect(grown / Math.max(base, 200_000)).toBeLessThan(32);
  });
});

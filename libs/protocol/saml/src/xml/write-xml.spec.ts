import { canonicalize } from './canonicalize.js';
import { messageLimits } from './limits.js';
import { parseXml } from './parse-xml.js';
import { joined, noXml, tag, text, trueOrAbsent } from './write-xml.js';

describe('Writing XML', () => {
  it('writes elements, leaving undefined attributes out', () => {
    expect(tag('a', { x: '1', y: undefined }, tag('b', {}), text('t'), noXml)).toBe('<a x="1"><b></b>t</a>');
    expect(joined([tag('a', {}), tag('b', {})])).toBe('<a></a><b></b>');
  });

  it.each([`<script>"'&</script>`, ']]>', '\r\n\t', '&#38;', '\u{1f600}'])(
    'lets no value out of its place: %j',
    (value) => {
      const xml = tag('a', { x: value }, text(value));
      const parsed = parseXml(xml, messageLimits);
      expect(parsed).toMatchObject({ ok: true, value: { attributes: [{ value }], children: [value] } });
      expect(parsed.ok && canonicalize(parsed.value)).toBe(xml);
    },
  );

  it('replaces what XML 1.0 cannot say', () => {
    expect(text('a\u0000b\uffffc')).toBe('a\ufffdb\ufffdc');
    expect(tag('a', { x: '\u0008' })).toBe('<a x="\ufffd"></a>');
  });

  it('writes true, and leaves false to the default', () => {
    expect([trueOrAbsent(true), trueOrAbsent(false), trueOrAbsent(undefined)]).toEqual(['true', undefined, undefined]);
  });
});

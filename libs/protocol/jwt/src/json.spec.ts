import { isJsonObject, parseJsonObject } from './json.js';

describe('JSON objects', () => {
  it.each(['', '{', 'null', '[]', '5', '"x"', '{"__proto__":{}}', '{"a":1}x'])('refuses %p', (text) => {
    expect(parseJsonObject(text)).toBeUndefined();
  });

  it('reads an object', () => {
    expect(parseJsonObject('{"a":[1,{"b":null}]}')).toEqual({ a: [1, { b: null }] });
  });

  it.each([
    [{}, true],
    [[], false],
    [null, false],
    ['x', false],
    [undefined, false],
  ])('tells whether %p is one', (value, is) => {
    expect(isJsonObject(value)).toBe(is);
  });
});

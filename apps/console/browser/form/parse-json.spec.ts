import { parseJson } from './parse-json.js';

describe('texts of the expert editor', () => {
  it('are values when they are JSON, and nothing when they are empty', () => {
    expect(parseJson('{"a":[1]}')).toEqual({ ok: true, value: { a: [1] } });
    expect(parseJson('  ')).toEqual({ ok: true, value: undefined });
  });

  it('say that they are no JSON', () => {
    expect(parseJson('{a: 1}')).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/^This is no JSON/) as string,
    });
  });
});

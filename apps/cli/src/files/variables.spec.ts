import { nameUsers, variablesFor } from './variables.js';

const file = (text: string, name = 'a.yaml') => ({ file: name, text });
const of = (text: string, env: Record<string, string> = {}) => variablesFor([file(text)], env);

describe('variables of declarative files', () => {
  it('are exactly those that the files name', () => {
    const text = "a: ${ONE}\nb: ['x-${TWO}-${THREE}', 1, null, true]\nc: { d: '${ONE}' }\n";
    const env = { ONE: '1', TWO: '2', THREE: '3', PATH: '/bin', HOME: '/root' };
    expect(of(text, env)).toEqual({ ok: true, value: { ONE: '1', TWO: '2', THREE: '3' } });
  });

  it.each([
    ['in comments', 'a: b # ${SECRET}\n# ${SECRET}\n'],
    ['escaped', "a: '$${SECRET}'\n"],
    ['as names of settings', "'${SECRET}': a\n"],
    ['that are no names of variables', "a: '${not-one} ${} ${1X} $SECRET'\n"],
  ])('are not those %s', (_what, text) => {
    expect(of(text, { SECRET: 's' })).toEqual({ ok: true, value: {} });
  });

  it('are those of every document, of what an alias repeats, and of JSON', () => {
    expect(of('a: ${A}\n---\nb: ${B}\n', { A: '1', B: '2' })).toMatchObject({ value: { A: '1', B: '2' } });
    expect(of('a: &x { b: "${A}" }\nc: *x\n', { A: '1' })).toMatchObject({ value: { A: '1' } });
    expect(variablesFor([file('{"a":"${A}"}', 'a.json')], { A: '1' })).toMatchObject({ value: { A: '1' } });
  });

  it('that the environment lacks are all told by file and name, and an empty one is there', () => {
    const files = [file('a: ${ONE}${TWO}', 'dir/a.yaml'), file('a: ${ONE} ${EMPTY}', 'dir/b.yaml')];
    expect(variablesFor(files, { EMPTY: '' })).toMatchObject({
      ok: false,
      error: { details: ['dir/a.yaml names ${ONE}', 'dir/a.yaml names ${TWO}', 'dir/b.yaml names ${ONE}'] },
    });
  });

  it('of what is no YAML are left to the server, which tells its line', () => {
    expect(of('a: [${ONE}')).toEqual({ ok: true, value: {} });
    expect(of(`a: ${'['.repeat(20_000)}`)).toEqual({ ok: true, value: {} });
  });
});

describe('users in declarative files', () => {
  it.each([
    ['tenants: [{ name: a, tracks: [{ name: b, users: [{ email: a@b.example }] }] }]', true],
    ['tenant: a\ntrack: b\nexternal_users: [{ a: b }]', true],
    ['tenant: a\ntrack: b\nusers: []', false],
    ['tenant: a\ntrack: b\nnote: users', false],
    ['', false],
  ])('of %j: %p', (text, there) => {
    expect(nameUsers([file(text)])).toBe(there);
  });
});

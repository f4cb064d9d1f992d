import { parameterLimits, parametersLimits } from './limits.js';
import { parametersOf, parseParameters, readParameters } from './parse-parameters.js';

const errorOf = (raw: string) => {
  const result = readParameters(raw);
  return result.ok ? undefined : result.error;
};

describe('parameters of a query or form, RFC 6749 3.1 and appendix B', () => {
  it.each([
    ['', {}],
    ['a=1&b=2', { a: '1', b: '2' }],
    ['a=1&&b=2&', { a: '1', b: '2' }],
    ['a=x%20y+z', { a: 'x y z' }],
    ['a%20b=1', { 'a b': '1' }],
    ['a=%C3%A6%F0%9D%94%B8', { a: 'æ𝔸' }],
    ['a=b=c', { a: 'b=c' }],
    ['a', {}],
    ['a=', {}],
    ['=b', { '': 'b' }],
    ['a[]=1&a[b]=2&a.c=3', { 'a[]': '1', 'a[b]': '2', 'a.c': '3' }],
    ['a%5B%5D=1', { 'a[]': '1' }],
    ['__proto__=1&constructor=2', { ['__proto__']: '1', constructor: '2' }],
  ])('reads %p', (raw, values) => {
    const result = readParameters(raw);
    expect(result.ok && [...result.value.values]).toEqual(Object.entries(values));
  });

  it.each([
    'state=1&state=1',
    'state=1&state=2',
    'state=&state=1',
    'state=1&state',
    'state=1&%73tate=2',
    'unknown=1&unknown=2',
    'client_id=a&client_id=a',
  ])('refuses the repeated parameter of %p', (raw) => {
    expect(errorOf(raw)).toMatchObject({
      error: 'invalid_request',
      error_description: expect.stringContaining('more than once'),
    });
  });

  it('takes resource and audience several times and keeps their order', () => {
    const result = readParameters('resource=a&audience=x&resource=b&resource=&audience=y');
    expect(result.ok && result.value.lists).toEqual({ resource: ['a', 'b'], audience: ['x', 'y'] });
    expect(result.ok && result.value.values.get('resource')).toBe('a');
  });

  it.each([...parameterLimits.keys()])('refuses a %s that is too long', (name) => {
    const limit = parameterLimits.get(name) as number;
    expect(errorOf(`${name}=${'x'.repeat(limit)}`)).toBeUndefined();
    expect(errorOf(`${name}=${'x'.repeat(limit + 1)}`)).toMatchObject({ error_description: `${name} is too long` });
  });

  it.each(['state', 'nonce', 'scope', 'redirect_uri', 'client_id', 'login_hint'])(
    'refuses a %s over 2000 characters',
    (name) => {
      expect(errorOf(`${name}=${'x'.repeat(2_000)}`)).toBeUndefined();
      expect(errorOf(`${name}=${'x'.repeat(2_001)}`)).toMatchObject({ error: 'invalid_request' });
    },
  );

  it('ignores a long parameter that it does not know', () => {
    const result = readParameters(`foo=${'x'.repeat(2_001)}&state=1`);
    expect(result.ok && [...result.value.values.keys()]).toEqual(['state']);
  });

  it.each([
    ['broken escapes', 'a=%'],
    ['broken escapes in a name', '%zz=1'],
    ['bytes that are not UTF-8', 'a=%FF%FE'],
    ['a NUL', 'a=%00'],
    ['a NUL in a name', 'a%00=1'],
    ['too long a name', `${'n'.repeat(parametersLimits.nameCharacters + 1)}=1`],
    ['too many parameters', Array.from({ length: parametersLimits.count + 1 }, (_, i) => `p${i}=1`).join('&')],
    ['a huge request', 'x'.repeat(parametersLimits.characters + 1)],
  ])('refuses %s', (_title, raw) => {
    expect(errorOf(raw)).toMatchObject({ error: 'invalid_request' });
    expect(parseParameters(raw).unusable).toBeDefined();
  });

  it('does not repeat hostile names in its answer', () => {
    expect(errorOf('%3Cb%3E=1&%3Cb%3E=2')?.error_description).toBe('a parameter must not be sent more than once');
  });

  it('tells what is wrong without refusing, for the authorize endpoint', () => {
    const parameters = parseParameters(`state=1&state=2&nonce=${'x'.repeat(3_000)}`);
    expect(parameters).toMatchObject({ repeated: ['state'], oversized: ['nonce'] });
    expect(parameters.values.has('nonce')).toBe(false);
  });

  it('reads kept parameters as it reads sent ones', () => {
    const parameters = parametersOf([
      ['state', 'a b&c=d%'],
      ['resource', 'x'],
      ['resource', 'y'],
    ]);
    expect(parameters.values.get('state')).toBe('a b&c=d%');
    expect(parameters.lists.resource).toEqual(['x', 'y']);
  });
});

import {
  accessTokenDefaults,
  forwardClaims,
  idTokenDefaults,
  issueClaims,
  limitFault,
  sizeOf,
  type Claims,
} from '../index.js';

const claims: Claims = {
  sub: 'login|1',
  sid: 's',
  auth_time: 1,
  amr: ['pwd'],
  email: 'ada@example.com',
  role: ['a', 'b'],
  address: { country: 'DK' },
  iss: 'https://op.example.com',
  aud: 'x',
  exp: 2,
  nonce: 'n',
  at_hash: 'h',
  access_token: 'up|token',
};

describe('Forward list of an up-party, reference 7.4', () => {
  it('passes the standard claims when it is empty', () => {
    expect(Object.keys(forwardClaims(claims, []))).toEqual(['sub', 'sid', 'auth_time', 'amr']);
  });

  it('passes the listed claims besides, with their JSON types', () => {
    expect(forwardClaims(claims, ['address', 'role', 'missing'])).toMatchObject({
      address: { country: 'DK' },
      role: ['a', 'b'],
    });
    expect(forwardClaims(claims, ['address'])).not.toHaveProperty('email');
  });

  it('passes everything with * but what belongs to the token itself', () => {
    expect(Object.keys(forwardClaims(claims, ['*']))).toEqual([
      'sub',
      'sid',
      'auth_time',
      'amr',
      'email',
      'role',
      'address',
      'access_token',
    ]);
  });

  it('does not pass a claim of the token itself even when listed', () => {
    expect(forwardClaims(claims, ['iss', 'aud', 'exp', 'email'])).toEqual({
      sub: 'login|1',
      sid: 's',
      auth_time: 1,
      amr: ['pwd'],
      email: 'ada@example.com',
    });
  });
});

describe('Issue list of a down-party, reference 2.9', () => {
  it('issues the defaults and the listed claims', () => {
    expect(Object.keys(issueClaims(claims, [{ claim: 'email' }], accessTokenDefaults))).toEqual([
      'sub',
      'sid',
      'auth_time',
      'amr',
      'email',
    ]);
  });

  it('issues everything with * but what belongs to the token that they came in', () => {
    expect(issueClaims(claims, [{ claim: '*' }], [])).not.toHaveProperty('iss');
    expect(issueClaims(claims, [{ claim: '*' }], [])).toHaveProperty('access_token');
  });

  it('adds constant values to a claim that is not there', () => {
    expect(issueClaims({ sub: 'a' }, [{ claim: 'tier', values: ['gold'] }], ['sub'])).toEqual({
      sub: 'a',
      tier: 'gold',
    });
  });

  it('adds constant values to those that are there, once', () => {
    expect(issueClaims(claims, [{ claim: 'role', values: ['b', 'c'] }], [])).toEqual({ role: ['a', 'b', 'c'] });
    expect(issueClaims(claims, [{ claim: 'role', values: ['a', 'b'] }], [])).toEqual({ role: ['a', 'b'] });
  });

  it('keeps the JSON type of constant values', () => {
    expect(issueClaims({}, [{ claim: 'x', values: [1, true, { a: 1 }] }], [])).toEqual({ x: [1, true, { a: 1 }] });
  });

  it('has the actor in access tokens only', () => {
    expect(accessTokenDefaults).toContain('act');
    expect(idTokenDefaults).not.toContain('act');
  });
});

describe('Limits of claims, reference 7.1', () => {
  it.each<[string, Claims, string | undefined]>([
    ['a type of 100 characters', { ['t'.repeat(100)]: 'x' }, undefined],
    ['a type of 101 characters', { ['t'.repeat(101)]: 'x' }, 'longer than 100'],
    ['1000 values', { a: Array(1000).fill('x') }, undefined],
    ['1001 values', { a: Array(1001).fill('x') }, 'more than 1000 values'],
    ['a value of 200000 characters', { a: 'x'.repeat(200_000) }, undefined],
    ['a value of 200001 characters', { a: 'x'.repeat(200_001) }, 'longer than 200000'],
    ['an object that is too large', { a: { b: ['x'.repeat(150_000), 'x'.repeat(60_000)] } }, 'longer than 200000'],
    ['values that are too long together', { a: 'x'.repeat(150_000), b: 'x'.repeat(60_000) }, 'together'],
    ['500 claims', Object.fromEntries(Array.from({ length: 500 }, (_v, i) => [`c${i}`, 1])), undefined],
    ['501 claims', Object.fromEntries(Array.from({ length: 501 }, (_v, i) => [`c${i}`, 1])), 'more than 500 claims'],
  ])('%s', (_title, set, fault) => {
    if (fault) expect(limitFault(set)).toContain(fault);
    else expect(limitFault(set)).toBeUndefined();
  });

  it('count a value about as its JSON', () => {
    expect(sizeOf({ a: [1, true, null, 'x'] }, 1000)).toBeGreaterThanOrEqual(10);
    expect(sizeOf('', 10)).toBe(0);
  });
});

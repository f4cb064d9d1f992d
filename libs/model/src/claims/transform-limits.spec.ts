import { claimTransformsSchema, transformClaims, type Claims, type Json } from '../index.js';

const run = (claims: Claims, ...rules: object[]) => {
  const outcome = transformClaims(claims, claimTransformsSchema.parse(rules));
  return outcome.ok ? outcome.value.claims : outcome.error;
};

describe('Hostile claims and rules', () => {
  it.each(['(a+)+$', '(a|aa)+$', '^(([a-z])+.)+[A-Z]([a-z])+$', '(.*)*x', '(x?){100}y'])(
    'answers soon for %s',
    (transformation) => {
      const started = performance.now();
      run(
        { email: 'a'.repeat(5000) + '!' },
        { type: 'regex_match', claims_in: ['email'], claim_out: 'x', transformation, transformation_extension: 'y' },
      );
      expect(performance.now() - started).toBeLessThan(2000);
    },
  );

  it('stops a rule that is too much work, by name', () => {
    const rule = {
      name: 'big',
      type: 'regex_match',
      claims_in: ['email'],
      claim_out: 'x',
      transformation: '(x?){100}y',
      transformation_extension: 'y',
    };
    expect(run({ email: 'a'.repeat(199_000) }, rule)).toEqual({
      rule: 'big',
      message: expect.stringContaining('too much work'),
    });
    const removing = {
      name: 'big',
      type: 'regex_match',
      action: 'remove',
      claim_out: 'email',
      transformation: '(x?){100}y',
    };
    expect(run({ email: 'a'.repeat(199_000) }, removing)).toMatchObject({ rule: 'big' });
    const mapping = { type: 'regex_map', claims_in: ['email'], claim_out: 'x', transformation: '(?<map>(x?){100}y)' };
    expect(run({ email: 'a'.repeat(199_000) }, mapping)).toMatchObject({ rule: '#1' });
  });

  it('stops a rule that makes a value too long', () => {
    const claims = { a: 'x'.repeat(30_000) };
    const rule = { type: 'concatenate', claims_in: ['a'], claim_out: 'b', transformation: '{0}'.repeat(7) };
    expect(run(claims, rule)).toEqual({
      rule: '#1',
      message: 'a value of claim b is longer than 200000 characters or nested too deeply',
    });
  });

  it('stops a rule that makes the claims too long together', () => {
    const rules = Array.from({ length: 8 }, (_v, index) => ({ type: 'map', claims_in: ['a'], claim_out: `b${index}` }));
    expect(run({ a: 'x'.repeat(30_000) }, ...rules)).toEqual({
      rule: '#6',
      message: 'the claims are longer than 200000 characters together',
    });
  });

  it('stops a rule that makes too many values', () => {
    const claims = { a: Array.from({ length: 600 }, String) };
    const rule = { type: 'map', claims_in: ['a'], claim_out: 'b' };
    expect(run(claims, rule, { ...rule })).toEqual({ rule: '#2', message: 'claim b has more than 1000 values' });
  });

  it('refuses claims that are over the limits before any rule looks at them', () => {
    let deep: Json = 'x';
    for (let depth = 0; depth < 100_000; depth++) deep = [deep];
    const rule = { type: 'map', claims_in: ['a'], claim_out: 'b' };
    expect(run({ a: { deep } }, rule)).toEqual({
      rule: 'claims',
      message: expect.stringContaining('nested too deeply'),
    });
    expect(run({ a: 'x'.repeat(200_001) }, rule)).toMatchObject({ rule: 'claims' });
  });

  it('does not find members that every object has', () => {
    expect(run({}, { type: 'map', claims_in: ['toString'], claim_out: 'b' })).toEqual({});
  });
});

describe('Claim transforms as written', () => {
  const refused = (rule: object) => {
    const result = claimTransformsSchema.safeParse([rule]);
    return result.success
      ? 'accepted'
      : result.error.issues.map(({ path, message }) => `${path.slice(1).join('.')} ${message}`).join('; ');
  };

  it.each([
    ['an unknown kind', { type: 'magic', claim_out: 'a' }, /type/],
    ['an unknown setting', { type: 'constant', claim_out: 'a', transformation: 'x', extra: 1 }, /extra/],
    ['an action that the kind has not', { type: 'map', claims_in: ['a'], claim_out: 'b', action: 'remove' }, /action/],
    [
      'a match without input',
      { type: 'match', claim_out: 'b', transformation: 'x', transformation_extension: 'y' },
      /claims_in is required/,
    ],
    [
      'a match without result',
      { type: 'match', claims_in: ['a'], claim_out: 'b', transformation: 'x' },
      /transformation_extension is required/,
    ],
    [
      'a regex match without result',
      { type: 'regex_match', claims_in: ['a'], claim_out: 'b', transformation: 'x' },
      /transformation_extension is required/,
    ],
    [
      'a match_claim without result',
      { type: 'match_claim', claims_in: ['a'], claim_out: 'b' },
      /transformation is required/,
    ],
    [
      'an expression with a backreference',
      {
        type: 'regex_match',
        claims_in: ['a'],
        claim_out: 'b',
        transformation: '(a)\\1',
        transformation_extension: 'x',
      },
      /not a valid regular expression/,
    ],
    [
      'an expression with look-ahead',
      { type: 'regex_match', claims_in: ['a'], claim_out: 'b', transformation: '(?=a)', transformation_extension: 'x' },
      /not a valid regular expression/,
    ],
    [
      'an expression that does not end',
      { type: 'regex_map', claims_in: ['a'], claim_out: 'b', transformation: '(?<map>a' },
      /not a valid regular expression/,
    ],
    [
      'an expression with huge repetitions',
      {
        type: 'regex_match',
        claims_in: ['a'],
        claim_out: 'b',
        transformation: '.{900}'.repeat(3),
        transformation_extension: 'x',
      },
      /too large/,
    ],
    [
      'a regex_map without the group map',
      { type: 'regex_map', claims_in: ['a'], claim_out: 'b', transformation: '(?<other>a)' },
      /group named map/,
    ],
    [
      'a concatenate without places',
      { type: 'concatenate', claims_in: ['a'], claim_out: 'b', transformation: 'x' },
      /\{0\} to \{9\}/,
    ],
    ['two inputs of a map', { type: 'map', claims_in: ['a', 'b'], claim_out: 'c' }, /claims_in/],
    [
      'a claim type that is an object member',
      { type: 'constant', claim_out: '__proto__', transformation: 'x' },
      /not usable/,
    ],
    ['* as claim', { type: 'constant', claim_out: '*', transformation: 'x' }, /claim_out/],
    [
      'a claim type that is too long',
      { type: 'constant', claim_out: 'x'.repeat(301), transformation: 'x' },
      /claim_out/,
    ],
  ])('refuse %s', (_title, rule, message) => {
    expect(refused(rule)).toMatch(message);
  });

  it('refuse two rules with one order or one name', () => {
    const rule = { type: 'constant', claim_out: 'a', transformation: 'x' };
    const issues = claimTransformsSchema.safeParse([
      { ...rule, order: 1, name: 'n' },
      rule,
      { ...rule, order: 1, name: 'n' },
    ]).error?.issues;
    expect(issues?.map(({ path }) => path.join('.'))).toEqual(['2.name', '2.order']);
  });

  it('refuse more than 100 rules', () => {
    const rule = { type: 'constant', claim_out: 'a', transformation: 'x' };
    expect(claimTransformsSchema.safeParse(Array(101).fill(rule)).success).toBe(false);
  });
});

import { claimTransformsSchema, protectedSamlTypes, transformClaims, type Claims } from '../index.js';

const run = (claims: Claims, ...rules: object[]) => {
  const outcome = transformClaims(claims, claimTransformsSchema.parse(rules));
  return outcome.ok ? outcome.value.claims : outcome.error;
};

interface Case {
  title: string;
  claims: Claims;
  rule: object;
  after: Claims;
}

const table = (cases: Case[]) =>
  it.each(cases.map((one) => [one.title, one] as const))('%s', (_title, { claims, rule, after }) => {
    expect(run(claims, rule)).toEqual(after);
  });

describe('Claim transform constant', () => {
  const rule = { type: 'constant', claim_out: 'org', transformation: 'acme' };
  table([
    { title: 'adds a claim that is not there', claims: { sub: 'a' }, rule, after: { sub: 'a', org: 'acme' } },
    { title: 'adds a value beside those that are there', claims: { org: 'x' }, rule, after: { org: ['x', 'acme'] } },
    { title: 'adds to an array', claims: { org: ['x', 'y'] }, rule, after: { org: ['x', 'y', 'acme'] } },
    { title: 'replaces', claims: { org: ['x', 'y'] }, rule: { ...rule, action: 'replace' }, after: { org: 'acme' } },
    {
      title: 'leaves what is there on add_if_not_out',
      claims: { org: 'x' },
      rule: { ...rule, action: 'add_if_not_out' },
      after: { org: 'x' },
    },
    {
      title: 'fills what is missing on add_if_not_out',
      claims: {},
      rule: { ...rule, action: 'add_if_not_out' },
      after: { org: 'acme' },
    },
    {
      title: 'replaces a protected claim when told to add',
      claims: { sub: 'a' },
      rule: { ...rule, claim_out: 'sub' },
      after: { sub: 'acme' },
    },
    {
      title: 'keeps amr an array',
      claims: { amr: ['pwd'] },
      rule: { type: 'constant', claim_out: 'amr', transformation: 'mfa' },
      after: { amr: ['mfa'] },
    },
    {
      title: 'writes a number where the claim is one',
      claims: {},
      rule: { type: 'constant', claim_out: 'updated_at', transformation: '12' },
      after: { updated_at: 12 },
    },
    {
      title: 'writes a boolean where the claim is one',
      claims: {},
      rule: { type: 'constant', claim_out: 'email_verified', transformation: 'true' },
      after: { email_verified: true },
    },
    {
      title: 'writes text where it spells no boolean',
      claims: {},
      rule: { type: 'constant', claim_out: 'email_verified', transformation: 'yes' },
      after: { email_verified: 'yes' },
    },
  ]);
});

describe('Claim transform match_claim', () => {
  const rule = { type: 'match_claim', claims_in: ['email'], claim_out: 'kind', transformation: 'known' };
  table([
    {
      title: 'issues its value when the claim is there',
      claims: { email: 'a@b' },
      rule,
      after: { email: 'a@b', kind: 'known' },
    },
    {
      title: 'issues its value once per value',
      claims: { email: ['a', 'b'] },
      rule,
      after: { email: ['a', 'b'], kind: ['known', 'known'] },
    },
    { title: 'does nothing when the claim is missing', claims: { sub: 'a' }, rule, after: { sub: 'a' } },
    { title: 'takes null for missing', claims: { email: null }, rule, after: { email: null } },
    {
      title: 'replaces',
      claims: { email: 'a', kind: 'x' },
      rule: { ...rule, action: 'replace' },
      after: { email: 'a', kind: 'known' },
    },
    {
      title: 'replaces nothing when it did not match',
      claims: { kind: 'x' },
      rule: { ...rule, action: 'replace' },
      after: { kind: 'x' },
    },
    {
      title: 'add_if_not issues when the claim is missing',
      claims: { kind: 'x' },
      rule: { ...rule, action: 'add_if_not' },
      after: { kind: ['x', 'known'] },
    },
    {
      title: 'add_if_not does nothing when the claim is there',
      claims: { email: 'a' },
      rule: { ...rule, action: 'add_if_not' },
      after: { email: 'a' },
    },
    {
      title: 'replace_if_not replaces when the claim is missing',
      claims: { kind: ['x', 'y'] },
      rule: { ...rule, action: 'replace_if_not' },
      after: { kind: 'known' },
    },
    {
      title: 'replace_if_not does nothing when the claim is there',
      claims: { email: 'a', kind: 'x' },
      rule: { ...rule, action: 'replace_if_not' },
      after: { email: 'a', kind: 'x' },
    },
    {
      title: 'remove deletes every value of the out type',
      claims: { kind: ['x', 'y'], sub: 'a' },
      rule: { type: 'match_claim', action: 'remove', claim_out: 'kind' },
      after: { sub: 'a' },
    },
    { title: 'compares types with regard to case', claims: { Email: 'a' }, rule, after: { Email: 'a' } },
  ]);
});

describe('Claim transform match', () => {
  const rule = {
    type: 'match',
    claims_in: ['role'],
    claim_out: 'level',
    transformation: 'admin',
    transformation_extension: 'high',
  };
  table([
    {
      title: 'issues its value when a value equals',
      claims: { role: ['user', 'admin'] },
      rule,
      after: { role: ['user', 'admin'], level: 'high' },
    },
    { title: 'compares values with regard to case', claims: { role: 'Admin' }, rule, after: { role: 'Admin' } },
    {
      title: 'compares a number by its text',
      claims: { role: 7 },
      rule: { ...rule, transformation: '7' },
      after: { role: 7, level: 'high' },
    },
    {
      title: 'compares a boolean by its text',
      claims: { role: true },
      rule: { ...rule, transformation: 'true' },
      after: { role: true, level: 'high' },
    },
    {
      title: 'add_if_not issues when none equals',
      claims: { role: 'user' },
      rule: { ...rule, action: 'add_if_not' },
      after: { role: 'user', level: 'high' },
    },
    {
      title: 'replace_if_not leaves it when one equals',
      claims: { role: 'admin', level: 'x' },
      rule: { ...rule, action: 'replace_if_not' },
      after: { role: 'admin', level: 'x' },
    },
    {
      title: 'remove deletes equal values of the out type only',
      claims: { role: 'a', level: ['a', 'b', 'c'] },
      rule: { type: 'match', action: 'remove', claim_out: 'level', transformation: 'b' },
      after: { role: 'a', level: ['a', 'c'] },
    },
    {
      title: 'remove keeps an array an array',
      claims: { level: ['a', 'b'] },
      rule: { type: 'match', action: 'remove', claim_out: 'level', transformation: 'b' },
      after: { level: ['a'] },
    },
    {
      title: 'remove takes the claim away with its last value',
      claims: { level: 'b' },
      rule: { type: 'match', action: 'remove', claim_out: 'level', transformation: 'b' },
      after: {},
    },
    {
      title: 'remove of a missing claim changes nothing',
      claims: { sub: 'a' },
      rule: { type: 'match', action: 'remove', claim_out: 'level', transformation: 'b' },
      after: { sub: 'a' },
    },
    {
      title: 'replaces by each match',
      claims: { role: ['admin', 'admin'], level: 'x' },
      rule: { ...rule, action: 'replace' },
      after: { role: ['admin', 'admin'], level: ['high', 'high'] },
    },
  ]);
});

describe('Claim transform regex_match', () => {
  const rule = {
    type: 'regex_match',
    claims_in: ['email'],
    claim_out: 'org',
    transformation: '@example\\.com$',
    transformation_extension: 'example',
  };
  table([
    {
      title: 'issues its value when a value matches',
      claims: { email: 'ada@example.com' },
      rule,
      after: { email: 'ada@example.com', org: 'example' },
    },
    {
      title: 'has no regard to case',
      claims: { email: 'ADA@EXAMPLE.COM' },
      rule,
      after: { email: 'ADA@EXAMPLE.COM', org: 'example' },
    },
    {
      title: 'does nothing when none matches',
      claims: { email: 'ada@example.org' },
      rule,
      after: { email: 'ada@example.org' },
    },
    {
      title: 'add_if_not issues when none matches',
      claims: { email: 'x' },
      rule: { ...rule, action: 'add_if_not' },
      after: { email: 'x', org: 'example' },
    },
    {
      title: 'remove deletes matching values of the out type',
      claims: { role: ['x-1', 'y'] },
      rule: { type: 'regex_match', action: 'remove', claim_out: 'role', transformation: '^x-' },
      after: { role: ['y'] },
    },
  ]);
});

describe('Claim transform map', () => {
  const rule = { type: 'map', claims_in: ['upn'], claim_out: 'email' };
  table([
    { title: 'copies a value', claims: { upn: 'a' }, rule, after: { upn: 'a', email: 'a' } },
    { title: 'copies every value', claims: { upn: ['a', 'b'] }, rule, after: { upn: ['a', 'b'], email: ['a', 'b'] } },
    {
      title: 'keeps the JSON type of what it copies',
      claims: { upn: { a: [1, true] } },
      rule,
      after: { upn: { a: [1, true] }, email: { a: [1, true] } },
    },
    { title: 'keeps an array of one an array', claims: { upn: ['a'] }, rule, after: { upn: ['a'], email: ['a'] } },
    {
      title: 'adds beside what is there',
      claims: { upn: 'a', email: 'b' },
      rule,
      after: { upn: 'a', email: ['b', 'a'] },
    },
    {
      title: 'replaces',
      claims: { upn: 'a', email: 'b' },
      rule: { ...rule, action: 'replace' },
      after: { upn: 'a', email: 'a' },
    },
    {
      title: 'replaces nothing by nothing',
      claims: { email: 'b' },
      rule: { ...rule, action: 'replace' },
      after: { email: 'b' },
    },
    { title: 'adds nothing when the input is missing', claims: { email: 'b' }, rule, after: { email: 'b' } },
    {
      title: 'add_if_not_out leaves what is there',
      claims: { upn: 'a', email: 'b' },
      rule: { ...rule, action: 'add_if_not_out' },
      after: { upn: 'a', email: 'b' },
    },
    {
      title: 'add_if_not_out fills what is missing',
      claims: { upn: 'a' },
      rule: { ...rule, action: 'add_if_not_out' },
      after: { upn: 'a', email: 'a' },
    },
  ]);
});

describe('Claim transform regex_map', () => {
  const rule = { type: 'regex_map', claims_in: ['email'], claim_out: 'domain', transformation: '@(?<map>[^@]+)$' };
  table([
    {
      title: 'issues the group called map',
      claims: { email: 'a@example.com' },
      rule,
      after: { email: 'a@example.com', domain: 'example.com' },
    },
    {
      title: 'takes the P spelling of a named group',
      claims: { email: 'a@b' },
      rule: { ...rule, transformation: '@(?P<map>.+)' },
      after: { email: 'a@b', domain: 'b' },
    },
    {
      title: 'issues a group per value that matches',
      claims: { email: ['a@b', 'x', 'c@d'] },
      rule,
      after: { email: ['a@b', 'x', 'c@d'], domain: ['b', 'd'] },
    },
    {
      title: 'issues nothing when the group took no part',
      claims: { email: 'x' },
      rule: { ...rule, transformation: 'x|(?<map>y)' },
      after: { email: 'x' },
    },
    {
      title: 'writes a number where the claim is one',
      claims: { email: 'at 17' },
      rule: { ...rule, claim_out: 'updated_at', transformation: 'at (?<map>[0-9]+)' },
      after: { email: 'at 17', updated_at: 17 },
    },
  ]);
});

describe('Claim transform concatenate', () => {
  const rule = {
    type: 'concatenate',
    claims_in: ['given_name', 'family_name'],
    claim_out: 'name',
    transformation: '{0} {1}',
  };
  table([
    {
      title: 'puts first values into their places',
      claims: { given_name: ['Ada', 'A'], family_name: 'L' },
      rule,
      after: { given_name: ['Ada', 'A'], family_name: 'L', name: 'Ada L' },
    },
    {
      title: 'leaves a missing one empty',
      claims: { family_name: 'L' },
      rule,
      after: { family_name: 'L', name: ' L' },
    },
    { title: 'issues nothing when all are missing', claims: { name: 'x' }, rule, after: { name: 'x' } },
    {
      title: 'leaves a place without input empty',
      claims: { given_name: 'A' },
      rule: { ...rule, transformation: '{0}{7}' },
      after: { given_name: 'A', name: 'A' },
    },
    {
      title: 'does not read places inside values',
      claims: { given_name: '{1}', family_name: 'L' },
      rule,
      after: { given_name: '{1}', family_name: 'L', name: '{1} L' },
    },
    {
      title: 'writes an object as JSON',
      claims: { given_name: { a: 1 } },
      rule: { ...rule, transformation: '{0}' },
      after: { given_name: { a: 1 }, name: '{"a":1}' },
    },
  ]);
});

describe('Order and trace of claim transforms', () => {
  const first = { name: 'one', order: 5, type: 'constant', claim_out: 'a', transformation: '1' };
  const second = { name: 'two', order: 1, type: 'map', claims_in: ['a'], claim_out: 'b' };

  it('runs by order, not by place', () => {
    expect(run({}, first, second)).toEqual({ a: '1' });
    expect(run({}, first, { ...second, order: 9 })).toEqual({ a: '1', b: '1' });
  });

  it('runs by place where no order is given', () => {
    expect(run({}, { ...first, order: undefined }, { ...second, order: undefined })).toEqual({ a: '1', b: '1' });
  });

  it('tells what each rule did, also when it did nothing', () => {
    const outcome = transformClaims({ a: '0' }, claimTransformsSchema.parse([first, { ...second, name: undefined }]));
    expect(outcome).toMatchObject({
      value: {
        trace: [
          { rule: '#1', type: 'map', action: 'add', claim_out: 'b', before: [], after: ['0'], changed: true },
          { rule: 'one', type: 'constant', claim_out: 'a', before: ['0'], after: ['0', '1'], changed: true },
        ],
      },
    });
    const idle = transformClaims({}, claimTransformsSchema.parse([second]));
    expect(idle).toMatchObject({ value: { trace: [{ changed: false }] } });
  });

  it('never changes the claims that it was given', () => {
    const claims = { role: ['a'], sub: 'x' };
    run(
      claims,
      { type: 'constant', claim_out: 'role', transformation: 'b' },
      { type: 'match_claim', action: 'remove', claim_out: 'sub' },
    );
    expect(claims).toEqual({ role: ['a'], sub: 'x' });
  });

  it('leaves claims that no rule writes as they are, types and all', () => {
    const claims: Claims = { n: 1, t: true, o: { a: [1, { b: null }] }, l: [], z: null };
    expect(run(claims, first)).toEqual({ ...claims, a: '1' });
  });

  it('treats SAML names that hold one value as protected where told so', () => {
    const type = protectedSamlTypes[0]!;
    const rules = claimTransformsSchema.parse([{ type: 'constant', claim_out: type, transformation: 'new' }]);
    expect(transformClaims({ [type]: 'old' }, rules, protectedSamlTypes)).toMatchObject({
      value: { claims: { [type]: 'new' } },
    });
    expect(transformClaims({ [type]: 'old' }, rules)).toMatchObject({ value: { claims: { [type]: ['old', 'new'] } } });
  });
});

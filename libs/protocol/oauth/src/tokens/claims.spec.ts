import type { JsonObject } from '@corsac/jwt';
import { clientOf } from '../client/client.fixture.js';
import type { Client } from '../client/client.js';
import { isEmptyClaim, typedClaim, typedClaims } from './claim-types.js';
import { addSessionClaims, issueClaims, userClaimsOf, type IssueRules } from './issue-claims.js';

const ada: JsonObject = {
  sub: 'ada',
  sid: 's1',
  auth_time: 1_800_000_000,
  amr: ['pwd'],
  acr: 'mfa',
  auth_method: 'login',
  name: 'Ada',
  birthdate: '1815-12-10',
  updated_at: 1_700_000_000,
  email: 'ada@example.com',
  email_verified: true,
  address: { country: 'GB' },
  role: ['admin', 'user'],
  department: 'research',
  empty: '',
};

describe('JSON types of claims, OIDC Core 5.1', () => {
  it.each([
    ['email_verified', 'true', true],
    ['email_verified', 'false', false],
    ['email_verified', true, true],
    ['email_verified', 'yes', 'yes'],
    ['phone_number_verified', 'true', true],
    ['updated_at', '1700000000', 1_700_000_000],
    ['updated_at', 5, 5],
    ['updated_at', 'yesterday', 'yesterday'],
    ['auth_time', '1800000000', 1_800_000_000],
    ['amr', 'pwd', ['pwd']],
    ['amr', ['pwd', 'mfa'], ['pwd', 'mfa']],
    ['address', '{"country":"GB"}', { country: 'GB' }],
    ['address', '1 Road', { formatted: '1 Road' }],
    ['address', { country: 'GB' }, { country: 'GB' }],
    ['act', '{"sub":"c_x"}', { sub: 'c_x' }],
    ['act', 'x', 'x'],
    ['act', { sub: 'x' }, { sub: 'x' }],
    ['postal_code', '0800', '0800'],
    ['employee_number', '42', '42'],
    ['flag', 'true', 'true'],
    ['constructor', 'x', 'x'],
  ])('%s %j becomes %j', (claim, value, typed) => {
    expect(typedClaim(claim, value)).toEqual(typed);
  });

  it.each([
    [undefined, true],
    [null, true],
    ['', true],
    [[], true],
    [{}, true],
    [0, false],
    [false, false],
    [' ', false],
    [[''], false],
  ])('%j has nothing to say: %p', (value, empty) => {
    expect(isEmptyClaim(value)).toBe(empty);
  });

  it('types a whole set and leaves empty claims out', () => {
    expect(typedClaims({ email_verified: 'true', name: 'Ada', x: '', y: null })).toEqual({
      email_verified: true,
      name: 'Ada',
    });
  });
});

describe('which claims of the user leave, reference 2.9', () => {
  const issue = (rules: Partial<IssueRules> & { changes?: Partial<Client> } = {}, claims = ada) =>
    issueClaims(claims, { client: clientOf(rules.changes), scope: ['openid'], target: 'access_token', ...rules });

  it('openid alone brings none', () => {
    expect(issue()).toEqual({});
  });

  it('scopes bring their claims, into the ID token only the marked ones', () => {
    const scope = ['openid', 'profile', 'email'];
    const all = {
      name: 'Ada',
      birthdate: '1815-12-10',
      updated_at: 1_700_000_000,
      email: 'ada@example.com',
      email_verified: true,
    };
    expect(issue({ scope })).toEqual(all);
    expect(issue({ scope, target: 'id_token' })).toEqual({ name: 'Ada', email: 'ada@example.com' });
    expect(issue({ scope, target: 'everything' })).toEqual(all);
  });

  it('the issue list brings its claims whatever the scope', () => {
    const claims = [
      { claim: 'role', values: [], in_id_token: true },
      { claim: 'department', values: [], in_id_token: false },
    ];
    expect(issue({ changes: { claims } })).toEqual({ role: ['admin', 'user'], department: 'research' });
    expect(issue({ changes: { claims }, target: 'id_token' })).toEqual({ role: ['admin', 'user'] });
  });

  it('the wildcard brings every claim of the user, but none of the protocol and none that is empty', () => {
    const changes = { claims: [{ claim: '*', values: [], in_id_token: false }] };
    const hostile = {
      ...ada,
      iss: 'evil',
      aud: 'evil',
      exp: 1,
      client_id: 'evil',
      scope: 'admin',
      nonce: 'n',
      cnf: {},
      act: {},
      jti: 'j',
      events: {},
    };
    const user = ['name', 'birthdate', 'updated_at', 'email', 'email_verified', 'address', 'role', 'department'];
    expect(Object.keys(issue({ changes }, hostile))).toEqual(user);
    expect(issue({ changes, target: 'id_token' })).toEqual({});
  });

  it('a claim of the protocol cannot be brought by any list', () => {
    const changes = {
      claims: [
        { claim: 'iss', values: ['evil'], in_id_token: true },
        { claim: 'sub', values: ['evil'], in_id_token: true },
        { claim: 'scope', values: [], in_id_token: true },
      ],
      scopes: [{ scope: 'x', voluntary_claims: [{ claim: 'aud', in_id_token: true }] }],
    };
    const hostile = { sub: 'ada', iss: 'evil', scope: 'admin', aud: 'evil' };
    expect(issue({ changes, scope: ['x'], target: 'id_token', requested: { exp: {}, azp: {} } }, hostile)).toEqual({});
  });

  it.each([
    ['one alone is one value', [{ claim: 'plan', values: ['gold'], in_id_token: false }], { plan: 'gold' }],
    ['several are a list', [{ claim: 'plan', values: ['gold', 5], in_id_token: false }], { plan: ['gold', 5] }],
    [
      'they join what the user has',
      [{ claim: 'department', values: ['all'], in_id_token: false }],
      { department: ['research', 'all'] },
    ],
    [
      'they join a list',
      [{ claim: 'role', values: ['guest'], in_id_token: false }],
      { role: ['admin', 'user', 'guest'] },
    ],
    [
      'nothing stands twice',
      [{ claim: 'role', values: ['user', 'admin'], in_id_token: false }],
      { role: ['admin', 'user'] },
    ],
    [
      'objects are compared by value',
      [{ claim: 'address', values: [{ country: 'GB' }], in_id_token: false }],
      { address: { country: 'GB' } },
    ],
  ])('constant values: %s', (_title, claims, issued) => {
    expect(issue({ changes: { claims } })).toEqual(issued);
  });

  it('a claim asked for by name is given when the client may have it at all, OIDC Core 5.5', () => {
    const requested = { email: { essential: true }, name: {}, department: {}, nickname: {}, sid: {} };
    expect(issue({ requested, target: 'id_token' })).toEqual({ email: 'ada@example.com', name: 'Ada' });
    const changes = { claims: [{ claim: '*', values: [], in_id_token: false }] };
    expect(issue({ requested, target: 'id_token', changes })).toMatchObject({ department: 'research' });
    const listed = { claims: [{ claim: 'department', values: [], in_id_token: false }] };
    expect(issue({ requested, target: 'id_token', changes: listed })).toMatchObject({ department: 'research' });
  });

  it('gives text its JSON type on the way out', () => {
    expect(issue({ scope: ['email'] }, { email_verified: 'true' })).toEqual({ email_verified: true });
  });

  it('does not mind how many spellings of a scope list come', () => {
    const client = clientOf();
    for (let i = 0; i < 200; i++) {
      const rules = { client, scope: ['email', `s${i}`], target: 'access_token' } as const;
      expect(issueClaims(ada, rules)).toEqual({ email: 'ada@example.com', email_verified: true });
    }
  });

  it('does not reach a prototype', () => {
    const hostile = JSON.parse('{"__proto__":{"admin":true},"name":"x"}') as JsonObject;
    const issued = issue({ changes: { claims: [{ claim: '*', values: [], in_id_token: false }] } }, hostile);
    expect(issued).toEqual({ name: 'x' });
    expect((issued as { admin?: boolean }).admin).toBeUndefined();
  });
});

describe('claims about the sign-in', () => {
  const sessionClaimsOf = (claims: JsonObject): object => {
    const issued = {};
    addSessionClaims(issued, claims);
    return issued;
  };

  it('go with every token when they are there', () => {
    expect(sessionClaimsOf(ada)).toEqual({
      sub: 'ada',
      sid: 's1',
      auth_time: 1_800_000_000,
      amr: ['pwd'],
      acr: 'mfa',
      auth_method: 'login',
    });
    expect(sessionClaimsOf({ sub: 'x', auth_time: '5', amr: 'pwd', sid: '' })).toEqual({
      sub: 'x',
      auth_time: 5,
      amr: ['pwd'],
    });
  });

  it('are no claims of the user', () => {
    expect(userClaimsOf({ ...ada, iss: 'x', scope: 'openid', client_id: 'app', cnf: { jkt: 'k' } })).not.toHaveProperty(
      'sub',
    );
    expect(Object.keys(userClaimsOf({ iss: 'x', sid: 's', act: {}, name: 'Ada' }))).toEqual(['name']);
  });
});

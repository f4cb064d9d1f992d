import { clientOf, issuers } from '../client/client.fixture.js';
import type { Client } from '../client/client.js';
import { accessTokenIssuer, audienceOf, resolveTargets, signInIssuer } from './audience.js';
import { defaultScope, grantScopes, regrantScopes, type ScopeGrant, type ScopeRequest } from './grant-scopes.js';
import { maxScopes, parseScope } from './scope-text.js';

const granted = (scope: string, request: Partial<ScopeRequest> = {}, client = clientOf()): ScopeGrant => {
  const result = grantScopes(client, { scope: scope.split(' '), ...request });
  if (!result.ok) throw new Error(result.error.error);
  return result.value;
};
const withoutSelf: Partial<Client> = { resource_scopes: [{ resource: 'api1', scopes: ['read1'] }] };

describe('the scope parameter, RFC 6749 3.3', () => {
  it.each([
    [undefined, []],
    ['', []],
    ['openid', ['openid']],
    ['openid  profile openid ', ['openid', 'profile']],
    ['a:b c.d e/f', ['a:b', 'c.d', 'e/f']],
  ])('reads %p', (text, words) => {
    expect(parseScope(text)).toEqual({ ok: true, value: words });
  });

  it.each(['open"id', 'a\\b', 'a\tb', 'a\nb', 'ø', Array.from({ length: maxScopes + 1 }, (_, i) => `s${i}`).join(' ')])(
    'refuses %p',
    (text) => {
      expect(parseScope(text)).toMatchObject({ ok: false, error: { error: 'invalid_scope' } });
    },
  );
});

describe('audience, issuer and scope of an access token, reference 2.9', () => {
  it.each([
    ['openid', ['app'], 'openid', 'party'],
    ['openid app', ['app'], 'openid app', 'party'],
    ['openid api1.read1', ['api1'], 'openid api1.read1', 'track'],
    ['openid api1:read1', ['api1'], 'openid api1:read1', 'track'],
    ['openid api1', ['api1', 'app'], 'openid api1', 'track'],
    ['openid app api1.read1 api1.read2', ['app', 'api1'], 'openid app api1.read1 api1.read2', 'track'],
    ['openid app api1:read1 api1.read2', ['app', 'api1'], 'openid app api1:read1 api1.read2', 'track'],
    ['openid api2.write api1.read1', ['api1', 'api2'], 'openid api2.write api1.read1', 'track'],
    ['openid profile', ['app'], 'openid profile', 'party'],
    ['openid api1.some.access', ['api1'], 'openid api1.some.access', 'track'],
    ['openid app.own', ['app'], 'openid app.own', 'track'],
    ['openid profile offline_access', ['app'], 'openid profile offline_access', 'party'],
  ] as const)('%p gives audience %j, scope %p and the issuer of the %s', (scope, audience, claim, issuer) => {
    const client = clientOf();
    const grant = granted(scope);
    expect(audienceOf(client, grant, issuers)).toEqual(audience);
    expect(grant.scope.join(' ')).toBe(claim);
    expect(accessTokenIssuer(client, grant, issuers)).toBe(issuers[issuer]);
  });

  it('leaves the client out of the audience when its own entry was removed', () => {
    const client = clientOf(withoutSelf);
    expect(audienceOf(client, granted('openid api1', {}, client), issuers)).toEqual(['api1']);
    expect(audienceOf(client, granted('openid', {}, client), issuers)).toEqual([issuers.track]);
  });

  it('gives a party set to track the issuer of the track always', () => {
    const client = clientOf({ issuer: 'track' });
    expect(accessTokenIssuer(client, granted('openid', {}, client), issuers)).toBe(issuers.track);
    expect(signInIssuer(client, issuers)).toBe(issuers.track);
    expect(signInIssuer(clientOf(), issuers)).toBe(issuers.party);
  });
});

describe('which scopes are granted', () => {
  it.each([
    'unknown',
    'api1.unknown',
    'api3',
    'api3.read',
    'app2',
    'api1.',
    '.read1',
    'api1/read1',
    'API1.read1',
    'Openid',
  ])('refuses %p', (scope) => {
    expect(grantScopes(clientOf(), { scope: ['openid', scope] })).toMatchObject({ error: { error: 'invalid_scope' } });
  });

  it('refuses the own name when the own entry was removed', () => {
    expect(grantScopes(clientOf(withoutSelf), { scope: ['app'] })).toMatchObject({ error: { error: 'invalid_scope' } });
  });

  it.each<[string, Partial<ScopeRequest>, Partial<Client>]>([
    ['without a code', { withoutCode: true }, {}],
    ['without a user', { withoutUser: true }, {}],
    ['without the refresh grant', {}, { grant_types: ['authorization_code'] }],
  ])('leaves offline_access out %s', (_title, request, changes) => {
    expect(granted('profile offline_access', request, clientOf(changes)).scope).toEqual(['profile']);
  });

  it('leaves openid out without a user', () => {
    expect(granted('openid api1.read1', { withoutUser: true })).toMatchObject({ scope: ['api1.read1'] });
  });

  it('without scope a client gets nothing more than itself, or its whitelist when it is not its own audience', () => {
    expect(defaultScope(clientOf())).toEqual([]);
    expect(defaultScope(clientOf(withoutSelf))).toEqual(['api1.read1']);
    expect(defaultScope(clientOf(), ['api1'])).toEqual(['api1.read1', 'api1.read2', 'api1.some.access']);
    expect(defaultScope(clientOf(), ['app', 'api2'])).toEqual(['app.own', 'api2.write']);
  });
});

describe('why it was refused, for the log', () => {
  it('names the scope or the target, and whose whitelist lacks it', () => {
    expect(grantScopes(clientOf(), { scope: ['openid', 'api9.read'] })).toMatchObject({
      error: { detail: 'neither scopes nor resource_scopes of app have "api9.read"' },
    });
    expect(resolveTargets(['api1', 'api9'], clientOf(), issuers.track)).toMatchObject({
      error: { detail: 'resource_scopes of app do not name "api9"' },
    });
  });
});

describe('resource indicators, RFC 8707 2', () => {
  it.each([
    [[], undefined],
    [['api1'], ['api1']],
    [['https://id.example/acme/-/api1'], ['api1']],
    [
      ['api1', 'https://id.example/acme/-/api1', 'api2'],
      ['api1', 'api2'],
    ],
    [['app'], ['app']],
  ])('resolves %j', (values, names) => {
    expect(resolveTargets(values, clientOf(), issuers.track)).toEqual({ ok: true, value: names });
  });

  it.each([
    'api3',
    'API1',
    'api1/',
    '',
    'https://id.example/acme/-',
    'https://id.example/acme/-/',
    'https://id.example/acme/other/api1',
    'https://id.example/acme/-/app/api1',
    'https://evil.example/api1',
    'api1 api2',
  ])('refuses %p', (value) => {
    expect(resolveTargets(['api1', value], clientOf(), issuers.track)).toMatchObject({
      error: { error: 'invalid_target' },
    });
  });

  it('refuses the client itself when its own entry was removed', () => {
    expect(resolveTargets(['app'], clientOf(withoutSelf), issuers.track)).toMatchObject({ ok: false });
  });

  it.each([
    ['openid api1.read1 api2.write', ['api1'], 'openid api1.read1', ['api1']],
    ['openid profile', ['api1', 'api2'], 'openid profile', ['api1', 'api2']],
    ['openid api1', ['api2'], 'openid', ['api2']],
    ['openid api1.read1', ['app'], 'openid', ['app']],
  ])('%p with resource %j is narrowed to %p for %j', (scope, targets, claim, audience) => {
    const grant = granted(scope, { targets });
    expect(grant.scope.join(' ')).toBe(claim);
    expect(audienceOf(clientOf(), grant, issuers)).toEqual(audience);
  });
});

describe('granting again, RFC 6749 6 and RFC 8707 2.2', () => {
  const earlier = granted('openid profile api1.read1 api1.read2 api2.write');
  const regrant = (scope: string, targets?: string[], before = earlier, client = clientOf()) =>
    regrantScopes(client, before, { scope: scope === '' ? [] : scope.split(' '), targets });

  it('without a scope gives the same again', () => {
    expect(regrant('')).toEqual({ ok: true, value: earlier });
  });

  it.each(['openid', 'openid api1.read1', 'api1:read1', 'profile api2.write'])(
    'narrows to %p in the spelling asked',
    (scope) => {
      expect(regrant(scope)).toMatchObject({ ok: true, value: { scope: scope.split(' ') } });
    },
  );

  it.each(['email', 'openid email', 'api1.some.access', 'app', 'api1', 'nonsense'])(
    'refuses %p, which goes beyond',
    (scope) => {
      expect(regrant(scope)).toMatchObject({ ok: false, error: { error: 'invalid_scope' } });
    },
  );

  it('drops what the client has lost since', () => {
    const client = clientOf({ resource_scopes: [{ resource: 'api1', scopes: ['read1'] }] });
    expect(regrant('', undefined, earlier, client)).toMatchObject({
      ok: true,
      value: { scope: ['openid', 'profile', 'api1.read1'], resources: ['api1'] },
    });
  });

  it('a target narrows to the scopes of that resource', () => {
    expect(regrant('', ['api1'])).toMatchObject({
      ok: true,
      value: { scope: ['openid', 'profile', 'api1.read1', 'api1.read2'], resources: ['api1'], targeted: true },
    });
  });

  it('refuses a target beyond the grant', () => {
    expect(regrant('', ['app'])).toMatchObject({ ok: false, error: { error: 'invalid_target' } });
    expect(regrant('', ['api1'], granted('openid'))).toMatchObject({ error: { error: 'invalid_target' } });
    expect(regrant('', ['api2'], granted('openid', { targets: ['api1'] }))).toMatchObject({
      error: { error: 'invalid_target' },
    });
  });

  it('lets a client that is its own audience name itself', () => {
    expect(regrant('', ['app'], granted('openid'))).toMatchObject({ ok: true, value: { resources: ['app'] } });
  });

  it('keeps the targets of the first request', () => {
    const first = granted('openid', { targets: ['api1'] });
    expect(regrant('openid', undefined, first)).toMatchObject({
      ok: true,
      value: { resources: ['api1'], targeted: true },
    });
  });
});

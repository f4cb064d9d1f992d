import { clientOf, issuers } from '../client/client.fixture.js';
import { responseTypes, type Client } from '../client/client.js';
import { oauthError } from '../errors.js';
import { parseParameters } from '../parameters/parse-parameters.js';
import { checkAuthorizationRequest, type AuthorizationRequestInput } from './check-authorization-request.js';
import { checks } from './checks.js';

const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
const good: Record<string, string> = {
  client_id: 'app',
  redirect_uri: 'https://app.example/cb',
  response_type: 'code',
  scope: 'openid profile',
  state: 'st',
  code_challenge: challenge,
  code_challenge_method: 'S256',
};

type Changes = Record<string, string | undefined>;
const rawOf = (changes: Changes): string =>
  Object.entries({ ...good, ...changes })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(value as string)}`)
    .join('&');
const run = (
  changes: Changes | string = {},
  client: Partial<Client> = {},
  input: Partial<AuthorizationRequestInput> = {},
) =>
  checkAuthorizationRequest({
    parameters: parseParameters(typeof changes === 'string' ? changes : rawOf(changes)),
    client: clientOf({ response_types: responseTypes, ...client }),
    issuers,
    ...input,
  });
const valid = (changes: Changes | string = {}, client: Partial<Client> = {}) => {
  const result = run(changes, client);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
};
const refused = (
  changes: Changes | string,
  client: Partial<Client> = {},
  input: Partial<AuthorizationRequestInput> = {},
) => {
  const result = run(changes, client, input);
  if (result.ok) throw new Error('the request was accepted');
  return result.error;
};

describe('the table of checks', () => {
  it('asks who and where before anything else, and only these two may end in a page', () => {
    expect(checks.map(({ name, onError }) => `${name} ${onError}`)).toEqual([
      'client_id page',
      'redirect_uri page',
      'parameters redirect',
      'request redirect',
      'response_type redirect',
      'response_mode redirect',
      'scope redirect',
      'nonce redirect',
      'code_challenge redirect',
      'dpop_jkt redirect',
      'prompt redirect',
      'max_age redirect',
      'claims redirect',
      'wishes redirect',
    ]);
  });

  it('accepts a plain code request', () => {
    expect(valid()).toEqual({
      client_id: 'app',
      redirect_uri: 'https://app.example/cb',
      response_type: 'code',
      response_mode: 'query',
      state: 'st',
      issuer: issuers.party,
      grant: { scope: ['openid', 'profile'], resources: [], resource_scope: false, targeted: false },
      code_challenge: challenge,
      prompt: [],
      acr_values: [],
      ui_locales: [],
    });
  });

  it('is plain data: a copy through JSON is equal', () => {
    const request = valid({ claims: '{"id_token":{"acr":{"essential":true}}}', max_age: '0', prompt: 'login' });
    expect(JSON.parse(JSON.stringify(request))).toEqual(request);
  });

  it('carries the issuer of the track for a party set to it', () => {
    expect(valid({}, { issuer: 'track' }).issuer).toBe(issuers.track);
  });
});

describe('errors that must not be redirected, RFC 6749 4.1.2.1 and RFC 9700 4.11', () => {
  it.each<[string, Changes | string, string]>([
    ['no client_id', { client_id: undefined }, 'invalid_request'],
    ['an empty client_id', { client_id: '' }, 'invalid_request'],
    ['another client_id', { client_id: 'other' }, 'invalid_client'],
    ['a client_id in upper case', { client_id: 'APP' }, 'invalid_client'],
    ['a repeated client_id', `${rawOf({})}&client_id=app`, 'invalid_request'],
    ['no redirect_uri', { redirect_uri: undefined }, 'invalid_request'],
    ['an unregistered redirect_uri', { redirect_uri: 'https://evil.example/cb' }, 'invalid_request'],
    ['a redirect_uri with another query', { redirect_uri: 'https://app.example/cb?x' }, 'invalid_request'],
    [
      'a repeated redirect_uri, both registered',
      `${rawOf({})}&redirect_uri=https%3A%2F%2Fapp.example%2Fcb`,
      'invalid_request',
    ],
    [
      'an unregistered redirect_uri with an oversized state',
      { redirect_uri: 'https://evil.example', state: 'x'.repeat(3000) },
      'invalid_request',
    ],
    [
      'an unregistered redirect_uri with a type the client has not',
      { redirect_uri: 'https://evil.example', response_type: 'x' },
      'invalid_request',
    ],
    ['broken escapes', `${rawOf({})}&x=%`, 'invalid_request'],
    ['an empty request', '', 'invalid_request'],
  ])('shows a page for %s', (_title, changes, error) => {
    const refusal = refused(changes);
    expect(refusal).toMatchObject({ to: 'page', error: { error } });
    expect(refusal).not.toHaveProperty('redirect_uri');
  });

  it('shows a page to a client without authorize endpoint', () => {
    expect(refused({}, { type: 'oauth2' })).toMatchObject({ to: 'page', error: { error: 'unauthorized_client' } });
  });
});

describe('errors that travel to the client', () => {
  it.each<[string, Changes | string, string, Partial<Client>?]>([
    ['a repeated state', `${rawOf({})}&state=other`, 'invalid_request'],
    ['a repeated parameter that is unknown', `${rawOf({})}&foo=1&foo=2`, 'invalid_request'],
    ['an oversized state', { state: 'x'.repeat(2001) }, 'invalid_request'],
    ['registration', { registration: '{}' }, 'registration_not_supported'],
    ['a request object that nobody looked at', { request: 'a.b.c' }, 'request_not_supported'],
    ['a foreign request_uri', { request_uri: 'https://evil.example/r' }, 'request_uri_not_supported'],
    ['a file request_uri', { request_uri: 'file:///etc/passwd' }, 'request_uri_not_supported'],
    [
      'a pushed request_uri that nobody looked up',
      { request_uri: `urn:ietf:params:oauth:request_uri:${'x'.repeat(22)}` },
      'request_uri_not_supported',
    ],
    ['request and request_uri', { request: 'a', request_uri: 'b' }, 'invalid_request'],
    [
      'a plain request where pushing is required',
      {},
      'invalid_request',
      { require_pushed_authorization_requests: true },
    ],
    ['no response_type', { response_type: undefined }, 'invalid_request'],
    ['an unknown response_type', { response_type: 'none' }, 'unsupported_response_type'],
    ['a response_type with a word twice', { response_type: 'code code' }, 'unsupported_response_type'],
    ['a response_type in upper case', { response_type: 'CODE' }, 'unsupported_response_type'],
    [
      'a response_type the client has not',
      { response_type: 'token' },
      'unsupported_response_type',
      { response_types: ['id_token token'] },
    ],
    ['an unknown response_mode', { response_mode: 'web_message' }, 'invalid_request'],
    ['no scope', { scope: undefined }, 'invalid_scope'],
    ['a scope without openid', { scope: 'profile' }, 'invalid_scope'],
    ['openid only as part of a word', { scope: 'openidx xopenid' }, 'invalid_scope'],
    ['an unknown scope', { scope: 'openid admin' }, 'invalid_scope'],
    ['a malformed scope', { scope: 'openid "x"' }, 'invalid_scope'],
    ['an unknown resource', { resource: 'https://api.example' }, 'invalid_target'],
    ['no challenge', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
    ['a method without challenge', { code_challenge: undefined }, 'invalid_request', { require_pkce: false }],
    ['plain', { code_challenge_method: 'plain' }, 'invalid_request'],
    [
      'plain although PKCE is not required',
      { code_challenge_method: 'plain' },
      'invalid_request',
      { require_pkce: false },
    ],
    ['no method, which means plain', { code_challenge_method: undefined }, 'invalid_request'],
    ['a method in lower case', { code_challenge_method: 's256' }, 'invalid_request'],
    ['a challenge that is too short', { code_challenge: challenge.slice(1) }, 'invalid_request'],
    ['a challenge that is too long', { code_challenge: `${challenge}a` }, 'invalid_request'],
    ['a challenge that is no base64url', { code_challenge: challenge.replace('-', '+') }, 'invalid_request'],
    ['a dpop_jkt that is no thumbprint', { dpop_jkt: 'x' }, 'invalid_request'],
    ['an unknown prompt', { prompt: 'create' }, 'invalid_request'],
    ['prompt none beside another', { prompt: 'none login' }, 'invalid_request'],
    ['prompt only as part of a word', { prompt: 'nonexlogin' }, 'invalid_request'],
    ['a negative max_age', { max_age: '-1' }, 'invalid_request'],
    ['a broken max_age', { max_age: '1e3' }, 'invalid_request'],
    ['an endless max_age', { max_age: '99999999999' }, 'invalid_request'],
    ['claims that are no JSON', { claims: '{' }, 'invalid_request'],
  ])('tells the client about %s', (_title, changes, error, client = {}) => {
    expect(refused(changes, client)).toMatchObject({
      to: 'redirect',
      redirect_uri: 'https://app.example/cb',
      issuer: issuers.party,
      error: { error },
    });
  });

  it.each<[Changes, string]>([
    [{}, 'query'],
    [{ response_mode: 'fragment' }, 'fragment'],
    [{ response_mode: 'form_post' }, 'form_post'],
    [{ response_mode: 'nonsense' }, 'query'],
    [{ response_type: 'code id_token' }, 'fragment'],
    [{ response_type: 'id_token', response_mode: 'form_post' }, 'form_post'],
    [{ response_type: 'id_token', response_mode: 'query' }, 'fragment'],
    [{ response_type: 'nonsense' }, 'query'],
    [{ response_type: undefined, response_mode: 'form_post' }, 'form_post'],
  ])('by the response mode of the request: %j by %s', (changes, mode) => {
    expect(refused({ ...changes, max_age: 'x' })).toMatchObject({ response_mode: mode, state: 'st' });
  });

  it('does not echo a repeated or oversized state', () => {
    expect(refused(`${rawOf({})}&state=other`)).not.toHaveProperty('state');
    expect(refused({ state: 'x'.repeat(2001) })).not.toHaveProperty('state');
  });
});

describe('response types and modes, OAuth 2.0 Multiple Response Types', () => {
  const nonce = 'n';
  it.each([
    ['code', 'code', 'query'],
    ['token', 'token', 'fragment'],
    ['id_token', 'id_token', 'fragment'],
    ['token id_token', 'id_token token', 'fragment'],
    ['id_token token', 'id_token token', 'fragment'],
    ['token code', 'code token', 'fragment'],
    ['id_token code', 'code id_token', 'fragment'],
    ['token id_token code', 'code id_token token', 'fragment'],
    ['code token id_token', 'code id_token token', 'fragment'],
  ])('%p is %p and goes by %s', (response_type, normal, response_mode) => {
    expect(valid({ response_type, nonce })).toMatchObject({ response_type: normal, response_mode });
  });

  it.each(responseTypes.filter((type) => type !== 'code'))('refuses %p by query', (response_type) => {
    expect(refused({ response_type, nonce, response_mode: 'query' })).toMatchObject({
      response_mode: 'fragment',
      error: { error: 'invalid_request' },
    });
  });

  it.each(responseTypes)('%p may go by fragment and form_post', (response_type) => {
    expect(valid({ response_type, nonce, response_mode: 'form_post' }).response_mode).toBe('form_post');
    expect(valid({ response_type, nonce, response_mode: 'fragment' }).response_mode).toBe('fragment');
  });

  it.each(['id_token', 'id_token token', 'code id_token', 'code id_token token'])(
    '%p needs a nonce',
    (response_type) => {
      expect(refused({ response_type })).toMatchObject({
        error: { error: 'invalid_request', error_description: expect.stringContaining('nonce') },
      });
      expect(valid({ response_type, nonce }).nonce).toBe('n');
    },
  );

  it.each(['code', 'token', 'code token'])('%p needs no nonce', (response_type) => {
    expect(valid({ response_type }).nonce).toBeUndefined();
  });
});

describe('PKCE, RFC 7636 4.4.1', () => {
  const noChallenge = { code_challenge: undefined, code_challenge_method: undefined };

  it('binds a challenge also where it is not required', () => {
    expect(valid({}, { require_pkce: false }).code_challenge).toBe(challenge);
    expect(valid(noChallenge, { require_pkce: false }).code_challenge).toBeUndefined();
  });

  it.each(['token', 'id_token', 'id_token token'])('is not asked where no code is issued: %p', (response_type) => {
    expect(valid({ response_type, nonce: 'n', ...noChallenge }).code_challenge).toBeUndefined();
    expect(valid({ response_type, nonce: 'n', code_challenge_method: 'plain' }).code_challenge).toBeUndefined();
  });

  it.each(['code', 'code token', 'code id_token', 'code id_token token'])(
    'is asked whenever a code is issued: %p',
    (response_type) => {
      expect(refused({ response_type, nonce: 'n', ...noChallenge })).toMatchObject({ step: 'code_challenge' });
    },
  );

  it('binds the key that the client names, RFC 9449 10', () => {
    expect(valid({ dpop_jkt: challenge }).dpop_jkt).toBe(challenge);
  });
});

describe('who and how, OIDC Core 3.1.2.1', () => {
  it.each([
    ['none', ['none']],
    ['login', ['login']],
    ['login consent', ['login', 'consent']],
    ['select_account  login', ['select_account', 'login']],
  ])('prompt %p', (prompt, words) => {
    expect(valid({ prompt }).prompt).toEqual(words);
  });

  it.each([
    ['0', 0],
    ['3600', 3600],
  ])('max_age %p', (max_age, seconds) => {
    expect(valid({ max_age }).max_age).toBe(seconds);
  });

  it('keeps hints and wishes, and leaves out what it does not understand', () => {
    const hints = { login_hint: 'ada@example.com', id_token_hint: 'a.b.c', acr_values: 'mfa urn:x', display: 'popup' };
    expect(valid({ ...hints, ui_locales: 'da en-GB <b> de' })).toMatchObject({
      ...hints,
      acr_values: ['mfa', 'urn:x'],
      ui_locales: ['da', 'en-GB', 'de'],
    });
    expect(valid({ display: 'hologram' }).display).toBeUndefined();
  });

  it('grants offline_access only where a code is issued', () => {
    const scope = 'openid offline_access';
    expect(valid({ scope }).grant.scope).toEqual(['openid', 'offline_access']);
    expect(valid({ scope, response_type: 'id_token token', nonce: 'n' }).grant.scope).toEqual(['openid']);
  });

  it('narrows the grant to the named resources', () => {
    const raw = `${rawOf({ scope: 'openid api1.read1 api2.write' })}&resource=api1&resource=${encodeURIComponent(`${issuers.track}/api2`)}`;
    expect(valid(raw).grant).toMatchObject({ resources: ['api1', 'api2'], targeted: true });
    expect(valid({ scope: 'openid api1.read1 api2.write', resource: 'api2' }).grant.scope).toEqual([
      'openid',
      'api2.write',
    ]);
  });
});

describe('requests behind a request object or pushed request, RFC 9101 6.3 and RFC 9126 4', () => {
  const inner = parseParameters(rawOf({ state: 'inner' }));

  it('counts only what is inside', () => {
    const outer = parseParameters('client_id=app&state=outer&scope=openid%20email&max_age=5&request=x');
    const result = run({}, {}, { parameters: outer, resolved: { ok: true, value: inner } });
    expect(result).toMatchObject({ ok: true, value: { state: 'inner', grant: { scope: ['openid', 'profile'] } } });
    expect(result.ok && result.value).not.toHaveProperty('max_age');
  });

  it('refuses another client inside', () => {
    const resolved = { ok: true, value: parseParameters(rawOf({ client_id: 'other' })) } as const;
    expect(refused({ request: 'x' }, {}, { resolved })).toMatchObject({
      to: 'page',
      error: { error: 'invalid_request' },
    });
  });

  it('refuses repeated and unregistered addresses inside, on a page', () => {
    const repeated = { ok: true, value: parseParameters(`${rawOf({})}&redirect_uri=x`) } as const;
    expect(refused({ request: 'x' }, {}, { resolved: repeated })).toMatchObject({ to: 'page' });
    const unregistered = { ok: true, value: parseParameters(rawOf({ redirect_uri: 'https://evil.example' })) } as const;
    expect(refused({ request: 'x' }, {}, { resolved: unregistered })).toMatchObject({ to: 'page' });
    const oversized = { ok: true, value: parseParameters(rawOf({ nonce: 'x'.repeat(3000) })) } as const;
    expect(refused({ request: 'x' }, {}, { resolved: oversized })).toMatchObject({
      to: 'redirect',
      step: 'parameters',
    });
  });

  it('tells what is wrong with the object by redirect when the address outside is proven, else on a page', () => {
    const resolved = { ok: false, error: oauthError('invalid_request_object') } as const;
    expect(refused({ request: 'x' }, {}, { resolved })).toMatchObject({
      to: 'redirect',
      error: { error: 'invalid_request_object' },
    });
    expect(refused('client_id=app&request=x', {}, { resolved })).toMatchObject({
      to: 'page',
      error: { error: 'invalid_request_object' },
    });
  });

  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const unsigned = (claims: object): string => `${part({ alg: 'none' })}.${part(claims)}.`;
  const notSupported = { ok: false, error: oauthError('request_not_supported') } as const;
  const refusedObject = (claims: object, outer: string = rawOf({ state: '' })) =>
    run(
      {},
      {},
      {
        parameters: parseParameters(`${outer}&request=${unsigned(claims)}`),
        resolved: notSupported,
      },
    );

  it('sends the refusal of an object by the mode and with the state that stand in it', () => {
    expect(refusedObject({ response_mode: 'form_post', state: 'inside' })).toMatchObject({
      ok: false,
      error: { to: 'redirect', response_mode: 'form_post', state: 'inside', redirect_uri: 'https://app.example/cb' },
    });
  });

  it('lets what stands beside an object go first, and takes nothing else from one that was refused', () => {
    const outer = rawOf({ state: 'outside', response_mode: 'fragment' });
    const claims = {
      response_mode: 'form_post',
      state: 'inside',
      redirect_uri: 'https://evil.example',
      client_id: 'x',
    };
    expect(refusedObject(claims, outer)).toMatchObject({
      error: { response_mode: 'fragment', state: 'outside', redirect_uri: 'https://app.example/cb' },
    });
    expect(refusedObject({ state: 'inside' }, `${outer}&state=again`)).not.toHaveProperty('error.state');
  });

  it.each([
    ['a mode that is none', { response_mode: 'smoke_signals' }],
    ['a state that is no text', { state: { a: 1 } }],
    ['a state that is too long', { state: 'x'.repeat(3000) }],
  ])('goes by the usual mode and without state for %s', (_title, claims) => {
    const result = refusedObject(claims);
    expect(result).toMatchObject({ error: { to: 'redirect', response_mode: 'query' } });
    expect(result).not.toHaveProperty('error.state');
  });

  it('accepts a pushed request where pushing is required', () => {
    const parameters = parseParameters(`client_id=app&request_uri=urn:ietf:params:oauth:request_uri:${'x'.repeat(22)}`);
    const input = { parameters, resolved: { ok: true, value: inner } as const };
    const client = { require_pushed_authorization_requests: true };
    expect(run({}, client, { ...input, pushed: true })).toMatchObject({ ok: true });
    expect(run({}, client, input)).toMatchObject({ ok: false });
  });
});

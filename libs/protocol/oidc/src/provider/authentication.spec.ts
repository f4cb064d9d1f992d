import { parseParameters } from '@corsac/oauth';
import { authenticationRequestUrl, type AuthenticationRequest } from './authentication-request.js';
import { checkAuthenticationResponse, type ResponseExpectation } from './authentication-response.js';
import { logoutRequestUrl } from './logout-request.js';

const request: AuthenticationRequest = {
  client_id: 'corsac',
  redirect_uri: 'https://id.example/acme/-/(op)/oauth/authorizationresponse',
  response_type: 'code',
  response_mode: 'form_post',
  scope: ['profile', 'openid'],
  state: 'st',
  nonce: 'no',
};
const sent = (changes: Partial<AuthenticationRequest> = {}, endpoint = 'https://op/authorize') => {
  const url = new URL(authenticationRequestUrl(endpoint, { ...request, ...changes }));
  return Object.fromEntries(url.searchParams);
};

describe('the request to a provider, OIDC Core 3.1.2.1', () => {
  it('has the least', () => {
    expect(sent()).toEqual({
      client_id: 'corsac',
      redirect_uri: request.redirect_uri,
      response_type: 'code',
      response_mode: 'form_post',
      scope: 'openid profile',
      state: 'st',
      nonce: 'no',
    });
  });

  it('carries on what the application wished', () => {
    const wishes = {
      prompt: ['login', 'consent'] as const,
      max_age: 0,
      login_hint: 'ada',
      acr_values: ['mfa'],
      ui_locales: ['da', 'en'],
    };
    expect(sent({ ...wishes, code_challenge: 'c' })).toMatchObject({
      prompt: 'login consent',
      max_age: '0',
      login_hint: 'ada',
      acr_values: 'mfa',
      ui_locales: 'da en',
      code_challenge: 'c',
      code_challenge_method: 'S256',
    });
    expect(sent({ prompt: [], acr_values: [] })).not.toHaveProperty('prompt');
  });

  it.each([
    ['code', 'query', false],
    ['code', 'fragment', true],
    ['id_token', 'fragment', false],
    ['id_token', 'form_post', true],
  ] as const)('%s by %s is written: %p', (response_type, response_mode, written) => {
    expect('response_mode' in sent({ response_type, response_mode })).toBe(written);
  });

  it('additional parameters never replace ours', () => {
    const additional = [
      { name: 'domain_hint', value: 'x' },
      { name: 'state', value: 'evil' },
      { name: 'redirect_uri', value: 'https://evil' },
    ];
    expect(sent({ additional })).toMatchObject({ domain_hint: 'x', state: 'st', redirect_uri: request.redirect_uri });
  });

  it('keeps a query of the endpoint', () => {
    expect(sent({}, 'https://op/authorize?p=policy')).toMatchObject({ p: 'policy', state: 'st' });
  });
});

describe('the answer of a provider, OIDC Core 3.1.2.7 and RFC 9207', () => {
  const expected: ResponseExpectation = {
    state: 'st',
    response_type: 'code',
    issuer: 'https://op',
    iss_required: false,
  };
  const check = (raw: string, changes: Partial<ResponseExpectation> = {}) =>
    checkAuthenticationResponse(parseParameters(raw), { ...expected, ...changes });

  it.each([
    ['code', 'state=st&code=c', { code: 'c' }],
    ['code', 'state=st&code=c&iss=https%3A%2F%2Fop&session_state=x', { code: 'c' }],
    ['id_token', 'state=st&id_token=i', { id_token: 'i' }],
    ['code id_token', 'state=st&code=c&id_token=i&access_token=unasked', { code: 'c', id_token: 'i' }],
    [
      'code id_token token',
      'state=st&code=c&id_token=i&access_token=a',
      { code: 'c', id_token: 'i', access_token: 'a' },
    ],
  ])('%s: %s', (response_type, raw, answer) => {
    expect(check(raw, { response_type })).toEqual({ ok: true, value: answer });
  });

  it.each<[string, string, string, Partial<ResponseExpectation>?]>([
    ['another state', 'state=other&code=c', 'state_mismatch'],
    ['no state', 'code=c', 'state_mismatch'],
    ['another issuer', 'state=st&code=c&iss=https%3A%2F%2Fevil', 'issuer_mismatch'],
    ['an issuer with a slash more', 'state=st&code=c&iss=https%3A%2F%2Fop%2F', 'issuer_mismatch'],
    ['no issuer although it is promised', 'state=st&code=c', 'issuer_mismatch', { iss_required: true }],
    ['another issuer in an error', 'state=st&error=x&iss=https%3A%2F%2Fevil', 'issuer_mismatch'],
    ['no code', 'state=st', 'response_malformed'],
    ['a missing part of several', 'state=st&code=c', 'response_malformed', { response_type: 'code id_token' }],
    ['a repeated code', 'state=st&code=c&code=d', 'response_malformed'],
    ['broken escapes', 'state=st&code=%', 'response_malformed'],
  ])('refuses %s', (_title, raw, code, changes = {}) => {
    expect(check(raw, changes)).toMatchObject({ ok: false, error: { code } });
  });

  it('passes an error on, bounded', () => {
    const raw = `state=st&error=${'e'.repeat(200)}&error_description=${'d'.repeat(900)}`;
    const result = check(raw);
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'provider_error', error: 'e'.repeat(100), error_description: 'd'.repeat(500) },
    });
    expect(check('state=st&error=login_required')).toMatchObject({ error: { error: 'login_required' } });
  });
});

describe('a logout at a provider, RP-Initiated Logout 1.0 2', () => {
  it('names hint, client and the way back', () => {
    const url = logoutRequestUrl('https://op/out?x=1', {
      id_token_hint: 'a.b.c',
      client_id: 'corsac',
      post_logout_redirect_uri: 'https://id.example/done',
      state: 'st',
      ui_locales: ['da'],
    });
    expect(Object.fromEntries(new URL(url).searchParams)).toEqual({
      x: '1',
      id_token_hint: 'a.b.c',
      client_id: 'corsac',
      post_logout_redirect_uri: 'https://id.example/done',
      state: 'st',
      ui_locales: 'da',
    });
    const least = logoutRequestUrl('https://op/out', {
      client_id: 'c',
      post_logout_redirect_uri: 'https://d',
      state: 's',
    });
    expect(least).toBe('https://op/out?client_id=c&post_logout_redirect_uri=https%3A%2F%2Fd&state=s');
  });
});

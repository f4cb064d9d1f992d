import { jwtBearer, readBasic } from '@corsac/oauth';
import { checkProviderUserInfo, clientAssertionClaims, codeTokenRequest, readTokenResponse } from './token-request.js';

const grant = { code: 'c', redirect_uri: 'https://id.example/cb', client_id: 'cor:sac', code_verifier: 'v' };
const formOf = (body: string) => Object.fromEntries(new URLSearchParams(body));

describe('redeeming a code at a provider, RFC 6749 4.1.3', () => {
  const common = {
    grant_type: 'authorization_code',
    code: 'c',
    redirect_uri: 'https://id.example/cb',
    code_verifier: 'v',
  };

  it('post', () => {
    const { headers, body } = codeTokenRequest(grant, { method: 'client_secret_post', client_secret: 's&s' });
    expect(formOf(body)).toEqual({ ...common, client_id: 'cor:sac', client_secret: 's&s' });
    expect(headers).toEqual({ accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' });
  });

  it('basic: encoded so that the other side reads the same', () => {
    const { headers, body } = codeTokenRequest(grant, { method: 'client_secret_basic', client_secret: 'p:ø %+' });
    expect(formOf(body)).toEqual(common);
    expect(readBasic(headers['authorization'])).toEqual({
      ok: true,
      value: { client_id: 'cor:sac', client_secret: 'p:ø %+' },
    });
  });

  it('private_key_jwt', () => {
    const { body } = codeTokenRequest(grant, { method: 'private_key_jwt', client_assertion: 'a.b.c' });
    expect(formOf(body)).toEqual({
      ...common,
      client_id: 'cor:sac',
      client_assertion: 'a.b.c',
      client_assertion_type: jwtBearer,
    });
  });

  it('none, without PKCE', () => {
    const { body } = codeTokenRequest({ ...grant, code_verifier: undefined }, { method: 'none' });
    expect(formOf(body)).toEqual({
      grant_type: 'authorization_code',
      code: 'c',
      redirect_uri: 'https://id.example/cb',
      client_id: 'cor:sac',
    });
  });

  it('our assertion says who, for whom and how long', () => {
    expect(clientAssertionClaims('corsac', 'https://op/token', { now: 100, lifetime: 300 }, 'j')).toEqual({
      iss: 'corsac',
      sub: 'corsac',
      aud: 'https://op/token',
      jti: 'j',
      iat: 100,
      exp: 400,
    });
  });
});

describe('the answer of a token endpoint, RFC 6749 5', () => {
  it('is read', () => {
    expect(
      readTokenResponse(200, { access_token: 'a', token_type: 'bearer', id_token: 'i', expires_in: '60', x: 1 }),
    ).toEqual({
      ok: true,
      value: { access_token: 'a', id_token: 'i', expires_in: 60 },
    });
    expect(readTokenResponse(200, { id_token: 'i' })).toEqual({ ok: true, value: { id_token: 'i' } });
    expect(readTokenResponse(200, { access_token: 'a', id_token: 'i' })).toMatchObject({ ok: true });
  });

  it.each([
    [400, { error: 'invalid_grant', error_description: 'used' }, { error: 'invalid_grant', error_description: 'used' }],
    [200, { error: 'invalid_grant' }, { error: 'invalid_grant', error_description: undefined }],
    [400, { error: 'x'.repeat(200), error_description: 5 }, { error: 'x'.repeat(100) }],
  ])('passes an error on: %i %j', (status, document, error) => {
    expect(readTokenResponse(status, document)).toMatchObject({
      ok: false,
      error: { code: 'provider_error', ...error },
    });
  });

  it.each([
    [500, undefined],
    [500, { id_token: 'i' }],
    [200, undefined],
    [200, 'x'],
    [200, []],
    [200, {}],
    [200, { access_token: 'a' }],
    [200, { id_token: '' }],
    [200, { id_token: 5 }],
    [200, { id_token: 'x'.repeat(256_001) }],
    [200, { id_token: 'i', expires_in: -1 }],
    [200, { id_token: 'i', access_token: 'a', token_type: 'mac' }],
  ])('refuses %i %j', (status, document) => {
    expect(readTokenResponse(status, document)).toMatchObject({ ok: false, error: { code: 'response_malformed' } });
  });
});

describe('UserInfo of a provider, OIDC Core 5.3.4', () => {
  it('counts only with the subject of the ID token', () => {
    expect(checkProviderUserInfo({ sub: 'ada', name: 'Ada' }, 'ada')).toEqual({
      ok: true,
      value: { sub: 'ada', name: 'Ada' },
    });
  });

  it.each([[{ sub: 'eve' }], [{ name: 'Ada' }], [undefined], ['x'], [[]]])('refuses %j', (document) => {
    expect(checkProviderUserInfo(document, 'ada')).toMatchObject({ ok: false, error: { code: 'userinfo_invalid' } });
  });
});

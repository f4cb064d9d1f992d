import { refreshTokenOf } from '../grants/refresh-token.js';
import { createSecretKey } from 'node:crypto';
import { parseParameters } from '../parameters/parse-parameters.js';
import {
  checkRevocation,
  inactive,
  introspectAccessToken,
  introspectRefreshToken,
  readTokenParameter,
  tokenKindOf,
} from './introspection.js';
import { checkTokenBinding, presentedToken } from './presented-token.js';

const token = { iss: 'i', sub: 'ada', aud: ['api1', 'api2'], client_id: 'app', scope: 'openid', exp: 5, jti: 'j' };

describe('introspection, RFC 7662 2.2', () => {
  it.each(['app', 'api1', 'api2'])('%s may see it', (caller) => {
    expect(introspectAccessToken(token, caller)).toEqual({ ...token, active: true, token_type: 'Bearer' });
  });

  it.each(['api3', 'APP', 'i', '', 'ada'])('for %p it is not active', (caller) => {
    expect(introspectAccessToken(token, caller)).toEqual({ active: false });
  });

  it('a single audience counts too, a malformed one does not', () => {
    expect(introspectAccessToken({ ...token, aud: 'api1' }, 'api1')).toMatchObject({ active: true });
    expect(introspectAccessToken({ ...token, aud: 5 }, 'api1')).toEqual(inactive);
  });

  it('says that a token is bound', () => {
    expect(introspectAccessToken({ ...token, cnf: { jkt: 'k' } }, 'app')).toMatchObject({
      token_type: 'DPoP',
      cnf: { jkt: 'k' },
    });
  });

  it('a claim cannot pretend to be active', () => {
    expect(introspectAccessToken({ ...token, active: false, token_type: 'x' }, 'app')).toMatchObject({
      active: true,
      token_type: 'Bearer',
    });
  });

  it('shows a refresh token to its client alone', () => {
    const grant = { client_id: 'app', issuer: 'i', sub: 'ada', scope: ['openid', 'x'], issued_at: 1, expires_at: 2 };
    expect(introspectRefreshToken(grant, 'app')).toEqual({
      active: true,
      iss: 'i',
      sub: 'ada',
      client_id: 'app',
      scope: 'openid x',
      iat: 1,
      exp: 2,
    });
    expect(introspectRefreshToken(grant, 'api1')).toEqual({ active: false });
  });
});

describe('kinds of token, RFC 7009 2.1', () => {
  const refresh = refreshTokenOf({ grant_id: 'g'.repeat(22), generation: 0 }, createSecretKey(Buffer.alloc(32)));
  it.each([
    [refresh, 'refresh_token'],
    ['a.b.c', 'access_token'],
    ['nonsense', 'unknown'],
    ['', 'unknown'],
  ])('%p is %s', (text, kind) => {
    expect(tokenKindOf(text)).toBe(kind);
  });

  it('reads the request, whatever the hint says', () => {
    expect(readTokenParameter(parseParameters('token=a.b.c&token_type_hint=refresh_token'))).toEqual({
      ok: true,
      value: { token: 'a.b.c', kind: 'access_token' },
    });
    expect(readTokenParameter(parseParameters('token_type_hint=x'))).toMatchObject({
      error: { error: 'invalid_request' },
    });
  });

  it('only its own client revokes a token', () => {
    expect(checkRevocation('app', 'app')).toMatchObject({ ok: true });
    expect(checkRevocation('app', 'other')).toMatchObject({ error: { error: 'unauthorized_client' } });
  });
});

describe('a token at a protected resource, RFC 6750 2 and RFC 9449 7.1', () => {
  it.each([
    [undefined, undefined, undefined],
    ['', undefined, undefined],
    ['Basic eA==', undefined, undefined],
    ['Bearer', undefined, undefined],
    ['Bearer a b', undefined, undefined],
    ['Bearer a\u0000', undefined, undefined],
    ['Bearer a.b-c_d~e+f/g==', undefined, { scheme: 'Bearer', token: 'a.b-c_d~e+f/g==' }],
    ['bearer  x ', undefined, { scheme: 'Bearer', token: 'x' }],
    ['DPoP x', undefined, { scheme: 'DPoP', token: 'x' }],
    ['dpop x', undefined, { scheme: 'DPoP', token: 'x' }],
    [undefined, 'access_token=x', { scheme: 'Bearer', token: 'x' }],
    [undefined, 'other=x', undefined],
  ])('header %p and form %p', (header, form, value) => {
    expect(presentedToken(header, form === undefined ? undefined : parseParameters(form))).toEqual({ ok: true, value });
  });

  it('refuses two', () => {
    expect(presentedToken('Bearer x', parseParameters('access_token=x'))).toMatchObject({
      error: { error: 'invalid_request' },
    });
  });

  it.each([
    ['an unbound token as bearer', {}, 'Bearer', undefined, true],
    ['an unbound token with a proof', {}, 'DPoP', 'k', false],
    ['a bound token with its proof', { cnf: { jkt: 'k' } }, 'DPoP', 'k', true],
    ['a bound token as bearer', { cnf: { jkt: 'k' } }, 'Bearer', undefined, false],
    ['a bound token as bearer with its proof', { cnf: { jkt: 'k' } }, 'Bearer', 'k', false],
    ['a bound token without proof', { cnf: { jkt: 'k' } }, 'DPoP', undefined, false],
    ['a bound token with another proof', { cnf: { jkt: 'k' } }, 'DPoP', 'l', false],
    ['a token bound in another way', { cnf: { 'x5t#S256': 'h' } }, 'Bearer', undefined, false],
    ['a token with a broken binding', { cnf: null }, 'Bearer', undefined, false],
  ] as const)('%s', (_title, claims, scheme, jkt, accepted) => {
    const result = checkTokenBinding(claims, scheme, jkt);
    expect(result.ok).toBe(accepted);
    if (!result.ok) expect(result.error.error).toBe('invalid_token');
  });
});

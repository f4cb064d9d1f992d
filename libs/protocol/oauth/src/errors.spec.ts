import { errorBody, httpStatusOf, oauthError, refuse, wwwAuthenticate, type OAuthErrorCode } from './errors.js';

describe('OAuth errors, RFC 6749 5.2', () => {
  it.each<[OAuthErrorCode, number]>([
    ['invalid_request', 400],
    ['invalid_client', 401],
    ['invalid_grant', 400],
    ['unauthorized_client', 400],
    ['unsupported_grant_type', 400],
    ['invalid_scope', 400],
    ['invalid_target', 400],
    ['invalid_dpop_proof', 400],
    ['authorization_pending', 400],
    ['access_denied', 400],
    ['invalid_token', 401],
    ['insufficient_scope', 403],
    ['server_error', 500],
    ['temporarily_unavailable', 503],
  ])('%s is answered with %i', (error, status) => {
    expect(httpStatusOf({ error })).toBe(status);
  });

  it('keeps the detail for the log', () => {
    const error = oauthError('invalid_grant', 'the code is not valid', 'expired');
    expect(error.detail).toBe('expired');
    expect(errorBody(error)).toEqual({ error: 'invalid_grant', error_description: 'the code is not valid' });
    expect(errorBody(oauthError('invalid_grant'))).toEqual({ error: 'invalid_grant' });
    expect(refuse('invalid_scope')).toEqual({ ok: false, error: { error: 'invalid_scope' } });
  });
});

describe('WWW-Authenticate, RFC 6750 3', () => {
  const error = oauthError('invalid_token', 'the token has expired');
  it.each([
    ['Basic', undefined, 'Basic realm="https://id.example"'],
    ['Basic', error, 'Basic realm="https://id.example"'],
    ['Bearer', undefined, 'Bearer realm="https://id.example"'],
    [
      'Bearer',
      error,
      'Bearer realm="https://id.example", error="invalid_token", error_description="the token has expired"',
    ],
    ['Bearer', oauthError('invalid_token'), 'Bearer realm="https://id.example", error="invalid_token"'],
    [
      'DPoP',
      oauthError('invalid_token'),
      'DPoP realm="https://id.example", error="invalid_token", algs="RS256 PS256 ES256 EdDSA"',
    ],
  ] as const)('%s with %j', (scheme, value, header) => {
    expect(wwwAuthenticate(scheme, 'https://id.example', value)).toBe(header);
  });

  it('cannot be split or broken out of', () => {
    const header = wwwAuthenticate('Bearer', 'a"b\\c\r\nd', oauthError('invalid_token', 'x"\r\nSet-Cookie: y\u2028'));
    expect(header).toBe('Bearer realm="abcd", error="invalid_token", error_description="xSet-Cookie: y"');
  });
});

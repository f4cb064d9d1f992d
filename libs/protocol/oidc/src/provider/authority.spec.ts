import { authorityOf, checkDiscoveredIssuer, discoveryUrlOf, oauthMetadataUrlOf } from './authority.js';
import { readProviderMetadata } from './provider-metadata.js';

describe('an authority as it is typed, OIDC Discovery 4', () => {
  it.each([
    ['https://op.example', 'https://op.example'],
    ['https://op.example/', 'https://op.example'],
    [' https://op.example/a/b(c)/ ', 'https://op.example/a/b(c)'],
    ['https://op.example/a/.well-known/openid-configuration', 'https://op.example/a'],
    ['https://op.example/a/.well-known/openid-configuration/', 'https://op.example/a'],
    ['https://op.example/a?x=1#y', 'https://op.example/a'],
    ['https://op.example//', 'https://op.example/'],
  ])('%s stands for %s', (typed, authority) => {
    expect(authorityOf(typed)).toBe(authority);
    expect(discoveryUrlOf(typed)).toBe(`${authority}/.well-known/openid-configuration`);
  });

  it.each([
    ['https://op.example', 'https://op.example/.well-known/oauth-authorization-server'],
    ['https://op.example/t/x(login)/', 'https://op.example/.well-known/oauth-authorization-server/t/x(login)'],
  ])('RFC 8414 puts the well-known part of %s first', (typed, url) => {
    expect(oauthMetadataUrlOf(typed)).toBe(url);
  });

  it.each<[string, unknown, string, string[], boolean]>([
    ['the same', 'https://op', 'https://op', [], true],
    ['one slash more in the document', 'https://op/', 'https://op', [], true],
    ['one slash more in what was typed', 'https://op', 'https://op/', [], true],
    ['a listed one', 'https://sts.example/{tenantid}', 'https://op', ['https://sts.example/{tenantid}'], true],
    ['another one', 'https://evil', 'https://op', [], false],
    ['two slashes more', 'https://op//', 'https://op', [], false],
    ['another case', 'https://OP', 'https://op', [], false],
    ['another scheme', 'http://op', 'https://op', [], false],
    ['a listed one with a slash more', 'https://x/', 'https://op', ['https://x'], false],
    ['none', undefined, 'https://op', [], false],
    ['an empty one', '', 'https://op', [''], false],
    ['a number', 5, 'https://op', [], false],
  ])('issuer: %s', (_title, issuer, typed, listed, accepted) => {
    const result = checkDiscoveredIssuer(issuer, typed, listed);
    expect(result.ok).toBe(accepted);
    if (result.ok) expect(result.value).toBe(issuer);
  });
});

describe('metadata of a provider, OIDC Discovery 3', () => {
  const good = {
    issuer: 'https://op/',
    jwks_uri: 'https://op/keys',
    authorization_endpoint: 'https://op/authorize',
    token_endpoint: 'https://op/token',
    id_token_signing_alg_values_supported: ['HS256', 'RS256', 'none', 'ES256'],
    authorization_response_iss_parameter_supported: true,
    corsac_track_issuer: 'https://op/track',
    unknown: { anything: 1 },
  };

  it('keeps what is used, and only algorithms that are accepted', () => {
    expect(readProviderMetadata(good, 'https://op')).toEqual({
      ok: true,
      value: {
        issuer: 'https://op/',
        jwks_uri: 'https://op/keys',
        authorization_endpoint: 'https://op/authorize',
        token_endpoint: 'https://op/token',
        userinfo_endpoint: undefined,
        end_session_endpoint: undefined,
        id_token_algs: ['RS256', 'ES256'],
        authorization_response_iss_parameter_supported: true,
        track_issuer: 'https://op/track',
      },
    });
  });

  it('a provider that says nothing uses RS256 and promises no iss', () => {
    expect(readProviderMetadata({ issuer: 'https://op' }, 'https://op')).toMatchObject({
      ok: true,
      value: { id_token_algs: ['RS256'], authorization_response_iss_parameter_supported: false },
    });
  });

  it.each([
    ['nothing', undefined],
    ['a list', []],
    ['text', 'x'],
    ['another issuer', { ...good, issuer: 'https://evil' }],
    ['no issuer', { ...good, issuer: undefined }],
    ['an address that is none', { ...good, token_endpoint: 'token' }],
    ['an address of another scheme', { ...good, jwks_uri: 'file:///etc/passwd' }],
    ['an endless address', { ...good, jwks_uri: `https://op/${'x'.repeat(2_000)}` }],
    ['no algorithm that is accepted', { ...good, id_token_signing_alg_values_supported: ['HS256', 'none'] }],
    ['algorithms that are no list', { ...good, id_token_signing_alg_values_supported: 'RS256' }],
  ])('refuses %s', (_title, document) => {
    expect(readProviderMetadata(document, 'https://op')).toMatchObject({
      ok: false,
      error: expect.any(String) as string,
    });
  });
});

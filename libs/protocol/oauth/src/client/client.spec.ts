import { clientOf } from './client.fixture.js';
import { acceptedAuthMethods, hasKeys, haveOneProvider, isPublicClient, type Client } from './client.js';
import { isRegisteredUri } from './redirect-uri.js';

const jwks = { keys: [{}] };

describe('how a client may prove itself, RFC 6749 2.3 and RFC 7591 2', () => {
  it.each<[string, Partial<Client>, readonly string[]]>([
    ['unset with secrets is basic and post', {}, ['client_secret_basic', 'client_secret_post']],
    ['unset with secrets and keys is basic and post', { jwks }, ['client_secret_basic', 'client_secret_post']],
    ['unset with keys alone is private_key_jwt', { secrets: [], jwks }, ['private_key_jwt']],
    [
      'unset with an address of keys is private_key_jwt',
      { secrets: [], jwks_uri: 'https://app.example/keys' },
      ['private_key_jwt'],
    ],
    ['unset without anything is public', { secrets: [] }, ['none']],
    ['unset with an empty key set is public', { secrets: [], jwks: { keys: [] } }, ['none']],
    ['set is exactly that', { token_endpoint_auth_method: 'client_secret_post', jwks }, ['client_secret_post']],
    ['none is none although there are secrets', { token_endpoint_auth_method: 'none' }, ['none']],
  ])('%s', (_title, changes, methods) => {
    const client = clientOf(changes);
    expect(acceptedAuthMethods(client)).toEqual(methods);
    expect(isPublicClient(client)).toBe(methods[0] === 'none');
  });

  it('knows whether there are keys', () => {
    expect(hasKeys(clientOf())).toBe(false);
    expect(hasKeys(clientOf({ jwks }))).toBe(true);
  });
});

describe('clients of one provider, RFC 8414 2', () => {
  it.each([
    ['track', 'track', true],
    ['track', 'party', false],
    ['party', 'track', false],
    ['party', 'party', false],
  ] as const)('issuers %s and %s: %p', (one, other, is) => {
    expect(haveOneProvider(clientOf({ issuer: one }), clientOf({ issuer: other }))).toBe(is);
  });
});

describe('redirect URIs, RFC 9700 4.1.3 and RFC 8252 7.3', () => {
  const registered = [
    'https://app.example/cb',
    'https://app.example/cb?tenant=a',
    'http://127.0.0.1/cb',
    'http://[::1]:5000/cb',
    'http://localhost:3000/cb',
    'com.example.app:/cb',
  ];
  it.each([
    ['https://app.example/cb', true],
    ['https://app.example/cb?tenant=a', true],
    ['com.example.app:/cb', true],
    ['http://127.0.0.1/cb', true],
    ['http://127.0.0.1:51004/cb', true],
    ['http://[::1]/cb', true],
    ['http://[::1]:1/cb', true],
    ['http://localhost:3000/cb', true],
    ['https://app.example/cb/', false],
    ['https://app.example/CB', false],
    ['https://APP.example/cb', false],
    ['https://app.example:443/cb', false],
    ['https://app.example/cb?tenant=b', false],
    ['https://app.example/cb?x=1', false],
    ['https://app.example/cb#x', false],
    ['https://app.example/cb/../cb', false],
    ['https://app.example/%63b', false],
    ['https://app.example.evil/cb', false],
    ['https://app.example@evil.example/cb', false],
    ['http://app.example/cb', false],
    ['http://localhost:3001/cb', false],
    ['http://127.0.0.1:51004/other', false],
    ['http://127.0.0.1:51004/cb?x', false],
    ['http://127.0.0.1:123456/cb', false],
    ['http://127.0.0.1:/cb', false],
    ['https://127.0.0.1:51004/cb', false],
    ['http://127.0.0.1:80@evil.example/cb', false],
    ['http://127.0.0.1.evil.example/cb', false],
    ['http://127.0.0.2:51004/cb', false],
    ['http://[::1]:5000.evil.example/cb', false],
    [' https://app.example/cb', false],
    ['javascript:alert(1)', false],
    ['', false],
  ])('%s is registered: %p', (uri, is) => {
    expect(isRegisteredUri(uri, registered)).toBe(is);
  });
});

import { clientOf } from '../client/client.fixture.js';
import type { Client } from '../client/client.js';
import { parseParameters } from '../parameters/parse-parameters.js';
import { readBasic } from './basic.js';
import { checkAuthMethod, jwtBearer, namedClient, presentedClient, type PresentedClient } from './present.js';

const basicOf = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
const present = (authorization: string | undefined, form: string) =>
  presentedClient(authorization, parseParameters(form), 'app');
const assertion = `client_assertion=a.b.c&client_assertion_type=${encodeURIComponent(jwtBearer)}`;

describe('the Basic header, RFC 6749 2.3.1', () => {
  it.each([
    ['app:secret', 'app', 'secret'],
    ['app:', 'app', ''],
    ['app:a:b', 'app', 'a:b'],
    ['app:p%C3%A6ss+w%2Bord%25', 'app', 'pæss w+ord%'],
    ['a%3Ab:c', 'a:b', 'c'],
    ['app:100%', 'app', '100%'],
  ])('reads %p', (text, client_id, client_secret) => {
    expect(readBasic(basicOf(text))).toEqual({ ok: true, value: { client_id, client_secret } });
  });

  it.each([undefined, '', 'Bearer x', 'Basically x'])('finds nothing in %p', (header) => {
    expect(readBasic(header)).toEqual({ ok: true, value: undefined });
  });

  it('does not mind the case of the scheme', () => {
    expect(readBasic(basicOf('app:x').replace('Basic', 'bASIC'))).toMatchObject({ value: { client_id: 'app' } });
  });

  it.each([
    'Basic',
    'Basic ',
    'Basic !!!',
    'Basic a b',
    basicOf('app'),
    basicOf(':secret'),
    basicOf('app:a\0b'),
    basicOf('app:a%00b'),
    basicOf(`app:${'x'.repeat(501)}`),
    basicOf(`app:${'x'.repeat(9_000)}`),
  ])('refuses %p', (header) => {
    expect(readBasic(header)).toMatchObject({ ok: false, error: { error: 'invalid_client' } });
  });
});

describe('how a request authenticates its client, RFC 6749 2.3', () => {
  it.each<[string, string | undefined, string, PresentedClient]>([
    ['basic', basicOf('app:s'), '', { method: 'client_secret_basic', client_id: 'app', client_secret: 's' }],
    [
      'basic beside the same client_id',
      basicOf('app:s'),
      'client_id=app',
      { method: 'client_secret_basic', client_id: 'app', client_secret: 's' },
    ],
    [
      'post',
      undefined,
      'client_id=app&client_secret=s',
      { method: 'client_secret_post', client_id: 'app', client_secret: 's' },
    ],
    [
      'post without client_id, which the address says',
      undefined,
      'client_secret=s',
      { method: 'client_secret_post', client_id: 'app', client_secret: 's' },
    ],
    ['assertion', undefined, assertion, { method: 'private_key_jwt', client_id: 'app', client_assertion: 'a.b.c' }],
    [
      'assertion with client_id',
      undefined,
      `${assertion}&client_id=app`,
      { method: 'private_key_jwt', client_id: 'app', client_assertion: 'a.b.c' },
    ],
    ['none', undefined, 'client_id=app', { method: 'none', client_id: 'app' }],
    ['none beside a header of another scheme', 'DPoP x', 'client_id=app', { method: 'none', client_id: 'app' }],
    ['none with an empty secret', undefined, 'client_id=app&client_secret=', { method: 'none', client_id: 'app' }],
  ])('%s', (_title, header, form, presented) => {
    expect(present(header, form)).toEqual({ ok: true, value: presented });
  });

  it.each<[string, string | undefined, string]>([
    ['basic and post', basicOf('app:s'), 'client_secret=s'],
    ['basic and assertion', basicOf('app:s'), assertion],
    ['basic and only the type of an assertion', basicOf('app:s'), 'client_assertion_type=x'],
    ['post and assertion', undefined, `client_secret=s&${assertion}`],
    ['all three', basicOf('app:s'), `client_secret=s&${assertion}`],
  ])('refuses two ways in one request: %s', (_title, header, form) => {
    expect(present(header, form)).toMatchObject({ ok: false, error: { error: 'invalid_request' } });
  });

  it.each<[string, string | undefined, string]>([
    ['nothing', undefined, ''],
    ['another client in the header', basicOf('other:s'), ''],
    ['another client in the form', undefined, 'client_id=other&client_secret=s'],
    ['another client without secret', undefined, 'client_id=other'],
    ['different clients in header and form', basicOf('app:s'), 'client_id=other'],
    ['an assertion without type', undefined, 'client_assertion=a.b.c'],
    ['an assertion of another type', undefined, 'client_assertion=a.b.c&client_assertion_type=urn:x'],
    ['a type without assertion', undefined, `client_assertion_type=${encodeURIComponent(jwtBearer)}`],
    ['a broken header', 'Basic', 'client_id=app'],
  ])('refuses %s', (_title, header, form) => {
    expect(present(header, form)).toMatchObject({ ok: false, error: { error: 'invalid_client' } });
  });
});

describe('who a request says that it comes from, RFC 6749 2.3.1', () => {
  it.each([
    ['the form', undefined, 'client_id=app', 'app'],
    ['the header', basicOf('app:secret'), '', 'app'],
    ['the form before the header', basicOf('other:secret'), 'client_id=app', 'app'],
    ['nobody by a header that is none', 'Basic ***', '', undefined],
    ['nobody by a secret alone', undefined, 'client_secret=x', undefined],
  ])('is said by %s', (_title, authorization, form, named) => {
    expect(namedClient(authorization, parseParameters(form))).toBe(named);
  });
});

describe('the method of a client, RFC 7591 2', () => {
  const by: Record<PresentedClient['method'], PresentedClient> = {
    client_secret_basic: { method: 'client_secret_basic', client_id: 'app', client_secret: 's' },
    client_secret_post: { method: 'client_secret_post', client_id: 'app', client_secret: 's' },
    private_key_jwt: { method: 'private_key_jwt', client_id: 'app', client_assertion: 'a' },
    none: { method: 'none', client_id: 'app' },
  };
  it.each<[string, Partial<Client>, PresentedClient['method'][]]>([
    ['unset takes basic and post', {}, ['client_secret_basic', 'client_secret_post']],
    ['basic takes basic', { token_endpoint_auth_method: 'client_secret_basic' }, ['client_secret_basic']],
    ['post takes post', { token_endpoint_auth_method: 'client_secret_post' }, ['client_secret_post']],
    ['private_key_jwt takes no secret', { token_endpoint_auth_method: 'private_key_jwt' }, ['private_key_jwt']],
    ['none takes none', { token_endpoint_auth_method: 'none' }, ['none']],
    [
      'a client with secrets is never taken without',
      { require_pkce: true },
      ['client_secret_basic', 'client_secret_post'],
    ],
  ])('%s', (_title, changes, accepted) => {
    for (const presented of Object.values(by)) {
      const result = checkAuthMethod(presented, clientOf(changes));
      expect(result.ok).toBe(accepted.includes(presented.method));
      if (!result.ok) expect(result.error.error).toBe('invalid_client');
    }
  });
});

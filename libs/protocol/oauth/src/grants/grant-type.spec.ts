import { clientOf, issuers } from '../client/client.fixture.js';
import { grantTypes, type Client } from '../client/client.js';
import { parseParameters } from '../parameters/parse-parameters.js';
import { audienceOf } from '../scopes/audience.js';
import { clientSubject, grantToClient } from './client-credentials.js';
import { readGrantType } from './grant-type.js';

const read = (grant_type: string | undefined, changes: Partial<Client> = { grant_types: grantTypes }) =>
  readGrantType(
    parseParameters(grant_type === undefined ? '' : `grant_type=${encodeURIComponent(grant_type)}`),
    clientOf(changes),
  );

describe('grant_type, RFC 6749 5.2', () => {
  it.each(grantTypes.filter((type) => type !== 'implicit'))('takes %s', (type) => {
    expect(read(type)).toEqual({ ok: true, value: type });
  });

  it.each([
    [undefined, 'invalid_request'],
    ['', 'invalid_request'],
    ['password', 'unsupported_grant_type'],
    ['implicit', 'unsupported_grant_type'],
    ['Authorization_Code', 'unsupported_grant_type'],
    ['urn:x', 'unsupported_grant_type'],
    ['__proto__', 'unsupported_grant_type'],
    ['client_credentials ', 'unsupported_grant_type'],
  ])('refuses %p with %s', (type, error) => {
    expect(read(type)).toMatchObject({ ok: false, error: { error } });
  });

  it('refuses a grant that the client does not have', () => {
    expect(read('client_credentials', {})).toMatchObject({ ok: false, error: { error: 'unauthorized_client' } });
  });

  it.each(['client_credentials', 'urn:ietf:params:oauth:grant-type:token-exchange'])(
    'refuses %s to a public client',
    (type) => {
      expect(read(type, { grant_types: grantTypes, secrets: [] })).toMatchObject({
        error: { error: 'unauthorized_client' },
      });
    },
  );

  it.each(['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'])(
    'takes %s from a public client',
    (type) => {
      expect(read(type, { grant_types: grantTypes, secrets: [] })).toMatchObject({ ok: true });
    },
  );
});

describe('client credentials, RFC 6749 4.4', () => {
  const client = clientOf({ type: 'oauth2', grant_types: ['client_credentials'] });
  const grant = (raw: string, changes: Partial<Client> = {}) => {
    const of = { ...client, ...changes };
    const result = grantToClient(parseParameters(raw), of, issuers.track);
    return result.ok
      ? { scope: result.value.scope.join(' '), aud: audienceOf(of, result.value, issuers) }
      : result.error.error;
  };

  it.each([
    ['', { scope: '', aud: ['app'] }],
    ['scope=api1.read1', { scope: 'api1.read1', aud: ['api1'] }],
    ['scope=api1:read1', { scope: 'api1:read1', aud: ['api1'] }],
    ['scope=openid+offline_access+api1.read1', { scope: 'api1.read1', aud: ['api1'] }],
    ['resource=api2', { scope: 'api2.write', aud: ['api2'] }],
    ['resource=api2&scope=api1.read1+api2.write', { scope: 'api2.write', aud: ['api2'] }],
    ['scope=api9', 'invalid_scope'],
    ['scope=%22', 'invalid_scope'],
    ['resource=api9', 'invalid_target'],
  ])('%p', (raw, result) => {
    expect(grant(raw)).toEqual(result);
  });

  it('without scope gives a client that is not its own audience its whitelist', () => {
    const resource_scopes = [{ resource: 'orders', scopes: ['read', 'write'] }];
    expect(grant('', { resource_scopes })).toEqual({ scope: 'orders.read orders.write', aud: ['orders'] });
  });

  it('has a subject that no user can have', () => {
    expect(clientSubject('worker')).toBe('c_worker');
  });
});

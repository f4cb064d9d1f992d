import { generateSigningKey, signJwt, verificationKeyOf, type SigningKey } from '@corsac/jwt';
import { clientOf, issuers } from '../client/client.fixture.js';
import type { Client } from '../client/client.js';
import { parseParameters } from '../parameters/parse-parameters.js';
import { checkAuthorizationRequest } from './check-authorization-request.js';
import { readRequestObject } from './request-object.js';

const now = 1_800_000_000;
const jwks = { keys: [{}] };
let key: SigningKey;
let stranger: SigningKey;
beforeAll(async () => {
  key = await generateSigningKey('ES256');
  stranger = await generateSigningKey('ES256');
});

const good = {
  iss: 'app',
  aud: issuers.party,
  exp: now + 60,
  client_id: 'app',
  response_type: 'code',
  redirect_uri: 'https://app.example/cb',
  scope: 'openid',
  state: 'inner',
};
const objectOf = async (changes: object = {}, signer = key, typ = 'oauth-authz-req+jwt') =>
  signJwt({ typ }, JSON.parse(JSON.stringify({ ...good, ...changes })) as object, signer);
const read = async (request: string | Promise<string>, outer = 'client_id=app', client: Partial<Client> = { jwks }) =>
  readRequestObject(await request, parseParameters(outer), {
    client: clientOf(client),
    issuers,
    keys: [verificationKeyOf(key)],
    now,
  });

describe('request objects by value, RFC 9101', () => {
  it.each(['', 'JWT', 'oauth-authz-req+jwt'])('reads one of type %p', async (typ) => {
    const result = await read(objectOf({}, key, typ));
    expect(result.ok && Object.fromEntries(result.value.values)).toEqual({
      client_id: 'app',
      response_type: 'code',
      redirect_uri: 'https://app.example/cb',
      scope: 'openid',
      state: 'inner',
    });
  });

  it('turns numbers, objects and lists into what the parameter would be', async () => {
    const result = await read(
      objectOf({ max_age: 5, claims: { id_token: { acr: null } }, resource: ['api1', 'api2'], nonce: null }),
    );
    expect(result).toMatchObject({ ok: true, value: { lists: { resource: ['api1', 'api2'] } } });
    expect(result.ok && result.value.values.get('max_age')).toBe('5');
    expect(result.ok && result.value.values.get('claims')).toBe('{"id_token":{"acr":null}}');
    expect(result.ok && result.value.values.has('nonce')).toBe(false);
  });

  it('passes the table of checks', async () => {
    const parameters = parseParameters('client_id=app&scope=openid%20email&state=outer&request=x');
    const client = clientOf({ require_pkce: false, jwks });
    const resolved = await read(objectOf(), 'client_id=app&request=x');
    expect(checkAuthorizationRequest({ parameters, client, issuers, resolved })).toMatchObject({
      ok: true,
      value: { state: 'inner', grant: { scope: ['openid'] } },
    });
  });

  it.each([
    ['the issuer', issuers.party],
    ['the track', issuers.track],
    ['an endpoint of ours', `${issuers.party}/oauth/authorize`],
    ['a list with us', ['https://x', issuers.party]],
    ['nobody', undefined],
  ])('accepts one meant for %s', async (_title, aud) => {
    expect(await read(objectOf({ aud }))).toMatchObject({ ok: true });
  });

  it.each([
    ['another audience', { aud: 'https://other.example' }],
    ['an audience that only begins like us', { aud: `${issuers.party}x` }],
    ['another issuer', { iss: 'other' }],
    ['an assertion for client authentication', { sub: 'app' }],
    ['an expired one', { exp: now - 11 }],
    ['one that is not valid yet', { nbf: now + 11 }],
    ['one inside another', { request: 'x' }],
    ['an address inside', { request_uri: 'urn:x' }],
    ['a number where text belongs', { state: 5 }],
    ['a boolean where text belongs', { state: true }],
    ['an object where text belongs', { scope: {} }],
    ['a list where text belongs', { scope: ['openid'] }],
    ['a list with a number', { resource: [5] }],
  ])('refuses %s', async (_title, changes) => {
    expect(await read(objectOf(changes))).toMatchObject({ ok: false, error: { error: 'invalid_request_object' } });
  });

  it('takes one without issuer and time, which the RFC leaves open', async () => {
    expect(await read(objectOf({ iss: undefined, exp: undefined }))).toMatchObject({ ok: true });
  });

  it.each([
    ['client_id', 'client_id=other'],
    ['response_type', 'client_id=app&response_type=token'],
  ])('refuses another %s outside', async (_title, outer) => {
    expect(await read(objectOf(), outer)).toMatchObject({ ok: false, error: { error: 'invalid_request_object' } });
  });

  it.each([
    [
      'an unsigned one',
      `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{}').toString('base64url')}.`,
    ],
    [
      'an unsigned one with a signature',
      `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{}').toString('base64url')}.AA`,
    ],
    ['nonsense', 'nonsense'],
  ])('refuses %s', async (_title, request) => {
    expect(await read(request)).toMatchObject({ ok: false, error: { error: 'invalid_request_object' } });
  });

  it('refuses the signature of somebody else, and an access token', async () => {
    expect(await read(objectOf({}, { ...stranger, kid: key.kid }))).toMatchObject({
      error: { error: 'invalid_request_object' },
    });
    expect(await read(objectOf({}, key, 'at+jwt'))).toMatchObject({ error: { error: 'invalid_request_object' } });
  });

  it('holds the client to the algorithm it registered', async () => {
    expect(await read(objectOf(), undefined, { jwks, request_object_signing_alg: 'RS256' })).toMatchObject({
      ok: false,
    });
    expect(await read(objectOf(), undefined, { jwks, request_object_signing_alg: 'ES256' })).toMatchObject({
      ok: true,
    });
  });

  it('is not supported for a client without keys', async () => {
    expect(await read(objectOf(), undefined, {})).toMatchObject({
      ok: false,
      error: { error: 'request_not_supported' },
    });
  });
});

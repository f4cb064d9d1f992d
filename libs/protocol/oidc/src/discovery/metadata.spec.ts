import { grantTypes, responseTypes, type Client } from '@corsac/oauth';
import { clientOf, issuers } from './client.fixture.js';
import { partyMetadata, trackMetadata } from './metadata.js';

const metadataOf = (changes: Partial<Client> = {}) =>
  partyMetadata({ client: clientOf(changes), issuers, defaultAlg: 'RS256', ui_locales: ['en', 'da'] });

describe('metadata of a party, OIDC Discovery 3 and RFC 8414 2', () => {
  it('tells what this client can do', () => {
    expect(metadataOf()).toEqual({
      issuer: 'https://id.example/acme/-/app(login)',
      corsac_track_issuer: 'https://id.example/acme/-',
      jwks_uri: 'https://id.example/acme/-/app(login)/.well-known/openid-configuration/keys',
      token_endpoint: 'https://id.example/acme/-/app(login)/oauth/token',
      introspection_endpoint: 'https://id.example/acme/-/app(login)/oauth/introspect',
      revocation_endpoint: 'https://id.example/acme/-/app(login)/oauth/revoke',
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
      introspection_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
      revocation_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      scopes_supported: ['openid', 'offline_access', 'profile', 'orders.read', 'orders.write'],
      dpop_signing_alg_values_supported: ['RS256', 'PS256', 'ES256', 'EdDSA'],
      authorization_endpoint: 'https://id.example/acme/-/app(login)/oauth/authorize',
      pushed_authorization_request_endpoint: 'https://id.example/acme/-/app(login)/oauth/par',
      require_pushed_authorization_requests: false,
      response_types_supported: ['code'],
      response_modes_supported: ['query', 'fragment', 'form_post'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
      claims_parameter_supported: true,
      request_parameter_supported: false,
      request_uri_parameter_supported: false,
      prompt_values_supported: ['none', 'login', 'consent', 'select_account'],
      display_values_supported: ['page'],
      ui_locales_supported: ['en', 'da'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      userinfo_endpoint: 'https://id.example/acme/-/app(login)/oauth/userinfo',
      claim_types_supported: ['normal'],
      claims_supported: [
        'sub',
        'iss',
        'aud',
        'exp',
        'iat',
        'auth_time',
        'nonce',
        'acr',
        'amr',
        'sid',
        'at_hash',
        'c_hash',
        'role',
        'name',
        'birthdate',
      ],
      end_session_endpoint: 'https://id.example/acme/-/app(login)/oauth/endsession',
      frontchannel_logout_supported: true,
      frontchannel_logout_session_supported: true,
      backchannel_logout_supported: true,
      backchannel_logout_session_supported: true,
    });
  });

  it('has the address as issuer, byte for byte, so that a strict client works unconfigured', () => {
    expect(metadataOf()['issuer']).toBe(issuers.party);
    expect(metadataOf({ issuer: 'track' })['issuer']).toBe(issuers.track);
  });

  it.each<[string, Partial<Client>, object]>([
    [
      'the methods registered',
      { token_endpoint_auth_method: 'client_secret_post' },
      { token_endpoint_auth_methods_supported: ['client_secret_post'] },
    ],
    ['a public client', { secrets: [] }, { token_endpoint_auth_methods_supported: ['none'] }],
    [
      'a client with keys',
      { secrets: [], jwks: { keys: [{}] } },
      {
        token_endpoint_auth_methods_supported: ['private_key_jwt'],
        token_endpoint_auth_signing_alg_values_supported: ['RS256', 'PS256', 'ES256', 'EdDSA'],
        revocation_endpoint_auth_signing_alg_values_supported: ['RS256', 'PS256', 'ES256', 'EdDSA'],
        request_parameter_supported: true,
        request_object_signing_alg_values_supported: ['RS256', 'PS256', 'ES256', 'EdDSA'],
      },
    ],
    [
      'its request object algorithm',
      { jwks: { keys: [{}] }, request_object_signing_alg: 'ES256' },
      { request_object_signing_alg_values_supported: ['ES256'] },
    ],
    [
      'its ID token algorithm',
      { id_token_signed_response_alg: 'EdDSA' },
      { id_token_signing_alg_values_supported: ['EdDSA'] },
    ],
    [
      'its UserInfo algorithm',
      { userinfo_signed_response_alg: 'PS256' },
      { userinfo_signing_alg_values_supported: ['PS256'] },
    ],
    ['its response types', { response_types: responseTypes }, { response_types_supported: [...responseTypes] }],
    ['an implicit client', { response_types: ['id_token'] }, { response_modes_supported: ['fragment', 'form_post'] }],
    [
      'a client that must push',
      { require_pushed_authorization_requests: true },
      { require_pushed_authorization_requests: true },
    ],
    [
      'all grants',
      { grant_types: grantTypes },
      { device_authorization_endpoint: `${issuers.party}/oauth/device_authorization` },
    ],
    [
      'every claim',
      { claims: [{ claim: '*', values: [], in_id_token: true }], scopes: [] },
      { claims_supported: expect.not.arrayContaining(['*']) as unknown },
    ],
  ])('tells the truth about %s', (_title, changes, members) => {
    expect(metadataOf(changes)).toMatchObject(members);
  });

  it('lists authentication contexts only where they are known to be in reach', () => {
    expect(metadataOf()).not.toHaveProperty('acr_values_supported');
    const input = { client: clientOf(), issuers, defaultAlg: 'RS256', ui_locales: [], acr_values: ['mfa'] } as const;
    expect(partyMetadata(input)).toMatchObject({ acr_values_supported: ['mfa'] });
  });

  it.each<[string, Partial<Client>, string[]]>([
    ['no PKCE without code', { response_types: ['id_token', 'id_token token'] }, ['code_challenge_methods_supported']],
    ['no device endpoint without the grant', {}, ['device_authorization_endpoint']],
    ['no signed UserInfo unless chosen', {}, ['userinfo_signing_alg_values_supported']],
    [
      'nothing about users for a client without them',
      { type: 'oauth2', response_types: ['token'] },
      [
        'authorization_endpoint',
        'userinfo_endpoint',
        'end_session_endpoint',
        'claims_supported',
        'pushed_authorization_request_endpoint',
      ],
    ],
  ])('%s', (_title, changes, absent) => {
    const metadata = metadataOf(changes);
    for (const member of absent) expect(metadata).not.toHaveProperty(member);
  });

  it('keeps the required members for a client without users', () => {
    expect(metadataOf({ type: 'oauth2', response_types: ['token'] })).toMatchObject({
      response_types_supported: [],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      scopes_supported: ['offline_access', 'profile', 'orders.read', 'orders.write'],
    });
  });
});

describe('metadata of a track', () => {
  it('has issuer and keys, and nothing to sign in at', () => {
    expect(trackMetadata(issuers.track, ['RS256', 'ES256'])).toEqual({
      issuer: 'https://id.example/acme/-',
      corsac_track_issuer: 'https://id.example/acme/-',
      jwks_uri: 'https://id.example/acme/-/.well-known/openid-configuration/keys',
      response_types_supported: [],
      grant_types_supported: [],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256', 'ES256'],
    });
  });
});

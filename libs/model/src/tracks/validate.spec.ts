import {
  defaultTrackSettings,
  fieldName,
  parseDownParty,
  parseUpParty,
  parseUser,
  validateTrack,
  type Track,
} from '../index.js';

const must = <T>(outcome: { ok: true; value: T } | { ok: false; error: unknown }): T => {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
  return outcome.value;
};

const jwk = { kty: 'RSA', n: 'AQAB', e: 'AQAB' };
const login = { name: 'login', type: 'login' };
const op = { name: 'op', type: 'oidc', authority: 'https://op.example.com', client_secret: 's' };
const shop = {
  name: 'shop',
  type: 'oidc',
  allow_up_parties: ['login'],
  redirect_uris: ['https://shop.example.com/cb'],
};
const api = { name: 'api1', type: 'oauth2', resource: { scopes: ['read', 'write'] } };
const saml = {
  name: 'app',
  type: 'saml2',
  issuer: 'urn:app',
  allow_up_parties: ['login'],
  acs_urls: ['https://app.example.com/acs'],
};
const idp = { name: 'idp', type: 'saml2', metadata_url: 'https://idp.example.com/metadata' };
const link = {
  name: 'link',
  type: 'track_link',
  to_up_track_name: 'x',
  to_up_party_name: 'u',
  allow_up_parties: ['login'],
};

interface Parts {
  up?: object[];
  down?: object[];
  users?: object[];
  settings?: typeof defaultTrackSettings;
}

const problems = ({ up = [login], down = [], users = [], settings = defaultTrackSettings }: Parts): string[] =>
  validateTrack({
    name: '-',
    settings,
    up_parties: up.map((party) => must(parseUpParty(party))),
    down_parties: down.map((party) => must(parseDownParty(party))),
    users: users.map((user) => must(parseUser(user))),
  }).map(({ path, message }) => `${fieldName(path)}: ${message}`);

describe('A track as a whole', () => {
  it('is fine with one party of each kind', () => {
    const up = [login, op, { name: 'link', type: 'track_link', to_down_track_name: 'y', to_down_party_name: 'd' }];
    expect(
      problems({ up, down: [shop, api, saml, link], users: [{ email: 'a@b.dk' }, { email: 'c@b.dk', username: 'c' }] }),
    ).toEqual([]);
  });

  it('takes a track as it is kept, too', () => {
    const kept: Track = { tenant: 'acme', name: '-', settings: defaultTrackSettings, up_parties: [], down_parties: [] };
    expect(validateTrack(kept)).toEqual([]);
  });

  it('does not look whether the other side of a track link exists: either may be created first', () => {
    expect(problems({ down: [link] })).toEqual([]);
  });

  it.each<[string, Parts, string]>([
    ['two up-parties of one name', { up: [login, login] }, 'up_parties[1].name: login is there twice'],
    ['two down-parties of one name', { down: [api, api] }, 'down_parties[1].name: api1 is there twice'],
    [
      'an allowed up-party that is not there',
      { down: [{ ...shop, allow_up_parties: ['login', 'nope'] }] },
      'down_parties[0].allow_up_parties[1]: there is no up-party nope',
    ],
    [
      'an application without up-party',
      { down: [{ ...shop, allow_up_parties: [] }] },
      'down_parties[0].allow_up_parties: must name an up-party that signs in users',
    ],
    [
      'an application whose only up-party is a trust',
      {
        up: [login, { name: 't', type: 'oauth2', authority: 'https://t.example.com' }],
        down: [{ ...shop, allow_up_parties: ['t'] }],
      },
      'down_parties[0].allow_up_parties: must name an up-party that signs in users',
    ],
    [
      'a SAML application without up-party',
      { down: [{ ...saml, allow_up_parties: [] }] },
      'down_parties[0].allow_up_parties: must name an up-party that signs in users',
    ],
    [
      'a track link without up-party',
      { down: [{ ...link, allow_up_parties: [] }] },
      'down_parties[0].allow_up_parties: must name an up-party that signs in users',
    ],
    [
      'a resource that is not there',
      { down: [{ ...shop, resource_scopes: [{ resource: 'api1' }] }] },
      'down_parties[0].resource_scopes[0].resource: there is no resource api1',
    ],
    [
      'a resource that is a party without resource',
      { down: [saml, { ...shop, resource_scopes: [{ resource: 'app' }] }] },
      'down_parties[1].resource_scopes[0].resource: there is no resource app',
    ],
    [
      'a scope that the resource has not',
      { down: [api, { ...shop, resource_scopes: [{ resource: 'api1', scopes: ['read', 'delete'] }] }] },
      'down_parties[1].resource_scopes[0].scopes[1]: resource api1 has no scope delete',
    ],
    [
      'a scope of a resource without scopes',
      {
        down: [
          { ...api, resource: {} },
          { ...shop, resource_scopes: [{ resource: 'api1', scopes: ['read'] }] },
        ],
      },
      'down_parties[1].resource_scopes[0].scopes[0]: resource api1 has no scope read',
    ],
    [
      'an application whose messages no key of the track signs',
      { down: [{ ...saml, signature_algorithm: 'ecdsa-sha256' }] },
      'down_parties[0].signature_algorithm: the track has no key for ecdsa-sha256',
    ],
    [
      'an identity provider for whom no key of the track signs',
      { up: [{ ...idp, signature_algorithm: 'ecdsa-sha256' }] },
      'up_parties[0].signature_algorithm: the track has no key for ecdsa-sha256',
    ],
    [
      'an unknown application for sign-ins that an identity provider begins',
      { up: [{ ...idp, idp_initiated_party: 'nobody' }] },
      'up_parties[0].idp_initiated_party: there is no down-party nobody',
    ],
    [
      'an application for them that does not allow the identity provider',
      { up: [login, { ...idp, idp_initiated_party: 'app' }], down: [saml] },
      'up_parties[1].idp_initiated_party: app does not allow idp',
    ],
    [
      'a track link for them',
      { up: [login, { ...idp, idp_initiated_party: 'link' }], down: [link] },
      'up_parties[1].idp_initiated_party: must be of type saml2 or oidc',
    ],
    [
      'an algorithm that the track has no key for',
      { down: [{ ...shop, id_token_signed_response_alg: 'ES256' }] },
      'down_parties[0].id_token_signed_response_alg: the track has no key for ES256',
    ],
    [
      'resource scopes on an API',
      { down: [api, { ...api, name: 'api2', grant_types: [], resource_scopes: [{ resource: 'api1' }] }] },
      'down_parties[1].resource_scopes: has no effect without a grant',
    ],
    [
      'one email of two users',
      { users: [{ email: 'a@b.dk' }, { email: 'A@b.dk' }] },
      'users[1].email: a@b.dk belongs to another user too',
    ],
    [
      'a username that is somebody’s email',
      { users: [{ email: 'a@b.dk' }, { username: 'a@b.dk' }] },
      'users[1].username: a@b.dk belongs to another user too',
    ],
  ])('refuses %s', (_title, parts, expected) => {
    expect(problems(parts)).toEqual([expected]);
  });

  it('lets a user have one text as email and username', () => {
    expect(problems({ users: [{ email: 'a@b.dk', username: 'a@b.dk' }] })).toEqual([]);
  });

  it('takes algorithms that the track has', () => {
    const settings = {
      ...defaultTrackSettings,
      keys: { ...defaultTrackSettings.keys, signing_algs: ['RS256' as const, 'ES256' as const] },
    };
    expect(problems({ settings, down: [{ ...shop, id_token_signed_response_alg: 'ES256' }] })).toEqual([]);
  });

  it('refuses more than 1000 parties of one side', () => {
    const many = (party: object) => Array.from({ length: 1001 }, (_v, index) => ({ ...party, name: `p${index}` }));
    expect(problems({ up: many(login), down: many(api) })).toEqual([
      'up_parties: must be at most 1000',
      'down_parties: must be at most 1000',
    ]);
  });
});

describe('A client of kind oidc', () => {
  it.each<[string, object, string]>([
    ['no redirect URI', { redirect_uris: [] }, 'redirect_uris: must name at least one address'],
    ['no response type', { response_types: [] }, 'response_types: must name at least one response type'],
    ['PKCE without code', { response_types: ['token id_token'] }, 'require_pkce: needs a response type with code'],
    [
      'code without its grant',
      { grant_types: ['client_credentials'] },
      'grant_types: must have authorization_code, because response_types has code',
    ],
    [
      'keys by value and by address',
      { jwks: { keys: [jwk] }, jwks_uri: 'https://x.example/jwks' },
      'jwks_uri: and jwks must not both be set',
    ],
    [
      'private_key_jwt without keys',
      { token_endpoint_auth_method: 'private_key_jwt' },
      'jwks: is required with private_key_jwt',
    ],
    [
      'client credentials without authentication',
      { token_endpoint_auth_method: 'none', grant_types: ['authorization_code', 'client_credentials'] },
      'token_endpoint_auth_method: must not be none with the grant client_credentials',
    ],
    [
      'signed requests without keys',
      { request_object_signing_alg: 'RS256' },
      'request_object_signing_alg: needs the keys of the client',
    ],
  ])('is refused with %s', (_title, change, expected) => {
    expect(problems({ down: [{ ...shop, ...change }] })).toEqual([`down_parties[0].${expected}`]);
  });

  it.each<[string, object]>([
    ['implicit flow without PKCE', { response_types: ['token id_token'], require_pkce: false }],
    ['PKCE when one of several types has code', { response_types: ['code', 'id_token'] }],
    [
      'the device grant alone',
      { response_types: [], redirect_uris: [], grant_types: ['urn:ietf:params:oauth:grant-type:device_code'] },
    ],
    ['private_key_jwt and a key', { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [jwk] } }],
    ['signed requests and a key address', { request_object_signing_alg: 'RS256', jwks_uri: 'https://x.example/jwks' }],
    ['scopes on its own name', { resource_scopes: [{ resource: 'shop', scopes: ['admin'] }] }],
  ])('is fine with %s', (_title, change) => {
    expect(problems({ down: [{ ...shop, ...change }] })).toEqual([]);
  });
});

describe('A party of kind oauth2', () => {
  it.each<[string, object, string]>([
    [
      'response types of a browser',
      { response_types: ['code'] },
      'response_types: can only be token, which has no effect',
    ],
    [
      'grants of a browser',
      { grant_types: ['authorization_code'] },
      'grant_types: can only be client_credentials and urn:ietf:params:oauth:grant-type:token-exchange',
    ],
    ['neither grant nor resource', { grant_types: [] }, 'resource: is required when the party is no client'],
    [
      'client credentials without authentication',
      { token_endpoint_auth_method: 'none' },
      'token_endpoint_auth_method: must not be none with the grant client_credentials',
    ],
  ])('is refused with %s', (_title, change, expected) => {
    expect(problems({ down: [{ name: 'worker', type: 'oauth2', ...change }] })).toEqual([
      `down_parties[0].${expected}`,
    ]);
  });

  it('is fine as the seeds write a client credentials client, without any up-party', () => {
    expect(
      problems({
        down: [
          {
            name: 'worker',
            type: 'oauth2',
            response_types: ['token'],
            redirect_uris: ['https://w.example.com'],
            require_pkce: false,
            secrets: ['secret'],
          },
        ],
      }),
    ).toEqual([]);
  });
});

describe('A down-party of another kind', () => {
  it.each<[string, object, string]>([
    [
      'encryption without key',
      { ...saml, encrypt_authn_response: true },
      'encryption_key: is required with encrypt_authn_response',
    ],
    [
      'signed requests without keys',
      { ...saml, require_signed_authn_requests: true },
      'keys: is required with require_signed_authn_requests',
    ],
    ['a link to its own track', { ...link, to_up_track_name: '-' }, 'to_up_track_name: must be another track'],
  ])('is refused with %s', (_title, party, expected) => {
    expect(problems({ down: [party] })).toEqual([`down_parties[0].${expected}`]);
  });

  it('is fine with the keys that its settings need', () => {
    const certificate = 'MIIB';
    const party = {
      ...saml,
      encrypt_authn_response: true,
      encryption_key: certificate,
      require_signed_authn_requests: true,
      keys: [certificate],
    };
    expect(problems({ down: [party] })).toEqual([]);
  });
});

describe('An up-party', () => {
  const manual = { name: 'op', type: 'oidc', update_state: 'manual', client_secret: 's' };
  const trust = { name: 't', type: 'oauth2' };
  const idp = { name: 'idp', type: 'saml2' };

  it.each<[string, object, string[]]>([
    [
      'discovery without authority',
      { ...op, authority: undefined },
      ['authority: is required unless update_state is manual'],
    ],
    [
      'manual settings without facts',
      manual,
      [
        'issuers: is required with update_state manual',
        'jwks: is required with update_state manual',
        'authorization_endpoint: is required with update_state manual',
        'token_endpoint: is required with update_state manual',
      ],
    ],
    [
      'manual settings for tokens only, without endpoints for sign-in',
      { ...manual, user_authentication: false, issuers: ['https://x'], jwks_uri: 'https://x.example/keys' },
      [],
    ],
    [
      'no use at all',
      { ...op, user_authentication: false, token_exchange: false },
      ['user_authentication: and token_exchange must not both be false'],
    ],
    [
      'code without secret',
      { ...op, client_secret: undefined },
      ['client_secret: is required with client_secret_post'],
    ],
    [
      'a public client without PKCE',
      { ...op, client_secret: undefined, token_endpoint_auth_method: 'none', enable_pkce: false },
      ['enable_pkce: must be true with token_endpoint_auth_method none'],
    ],
    ['a public client with PKCE', { ...op, client_secret: undefined, token_endpoint_auth_method: 'none' }, []],
    [
      'private_key_jwt without secret',
      { ...op, client_secret: undefined, token_endpoint_auth_method: 'private_key_jwt' },
      [],
    ],
    ['an ID token alone without secret', { ...op, client_secret: undefined, response_type: 'id_token' }, []],
    [
      'tokens in a query',
      { ...op, response_type: 'code id_token', response_mode: 'query' },
      ['response_mode: must be form_post with response_type code id_token'],
    ],
    [
      'claims from an unknown userinfo endpoint',
      {
        ...manual,
        issuers: ['https://x'],
        jwks: { keys: [jwk] },
        authorization_endpoint: 'https://x.example/a',
        token_endpoint: 'https://x.example/t',
        claims_source: 'userinfo',
      },
      ['userinfo_endpoint: is required with claims_source userinfo'],
    ],
    ['claims from the userinfo endpoint that discovery names', { ...op, claims_source: 'userinfo' }, []],
    ['a trust without authority', trust, ['authority: is required unless update_state is manual']],
    [
      'a manual trust with keys',
      { ...trust, update_state: 'manual', issuers: ['https://x'], jwks: { keys: [jwk] } },
      [],
    ],
    [
      'a manual ID token client without token endpoint',
      {
        ...manual,
        response_type: 'id_token',
        issuers: ['https://x'],
        jwks: { keys: [jwk] },
        authorization_endpoint: 'https://x.example/a',
      },
      [],
    ],
    ['SAML without metadata', idp, ['metadata_url: is required unless update_state is manual']],
    ['SAML with metadata as text', { ...idp, metadata_xml: '<x/>' }, []],
    [
      'manual SAML without facts',
      { ...idp, update_state: 'manual' },
      [
        'issuers: is required with update_state manual',
        'keys: is required with update_state manual',
        'authn_url: is required with update_state manual',
      ],
    ],
    [
      'manual SAML for tokens only',
      { ...idp, update_state: 'manual', user_authentication: false, issuers: ['urn:x'], keys: ['MIIB'] },
      [],
    ],
    [
      'SAML without any use',
      { ...idp, metadata_url: 'https://x.example/m', user_authentication: false, token_exchange: false },
      ['user_authentication: and token_exchange must not both be false'],
    ],
    [
      'a link to its own track',
      { name: 'l', type: 'track_link', to_down_track_name: '-', to_down_party_name: 'x' },
      ['to_down_track_name: must be another track'],
    ],
  ])('%s', (_title, party, expected) => {
    expect(problems({ up: [party] })).toEqual(expected.map((each) => `up_parties[0].${each}`));
  });
});

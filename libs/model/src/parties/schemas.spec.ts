import * as oauth from '@corsac/oauth';
import * as jwt from '@corsac/jwt';
import {
  canSignInUsers,
  completeDownParty,
  fieldName,
  hashText,
  hashTextSchema,
  passwordInputSchema,
  parseDownParty,
  parseTrackSettings,
  parseUpParty,
  parseUser,
  secretInfo,
  storedDownPartySchema,
  upPartySchema,
  userLabel,
  type OidcDownParty,
  type Problem,
} from '../index.js';
import { grantTypes, responseTypes, signingAlgs } from './down/client.js';

const faults = (outcome: { ok: true } | { ok: false; error: Problem[] }): string[] =>
  outcome.ok ? [] : outcome.error.map(({ path }) => fieldName(path));

const shop = { name: 'shop', type: 'oidc' };
const op = { name: 'op', type: 'oidc' };
const saml = { name: 'app', type: 'saml2', issuer: 'urn:app', acs_urls: ['https://app.example.com/acs'] };

describe('Settings of an OpenID Connect client, spec 3', () => {
  it('have the defaults of the reference', () => {
    expect(parseDownParty(shop)).toMatchObject({
      value: {
        binding_style: 'brackets',
        post_logout_redirect_uris: [],
        frontchannel_logout_session_required: true,
        backchannel_logout_session_required: true,
        require_pkce: true,
        authorization_code_lifetime: 30,
        access_token_lifetime: 3600,
        id_token_lifetime: 3600,
        refresh_token_lifetime: 36_000,
        refresh_token_absolute_lifetime: 86_400,
        refresh_grace: 0,
        issuer: 'party',
        require_pushed_authorization_requests: false,
        dpop_bound_access_tokens: false,
        require_logout_id_token_hint: false,
        secrets: [],
      },
    });
  });

  it.each<[string, object, string]>([
    ['an unknown key', { redirect_uri: 'https://x.example' }, 'redirect_uri'],
    ['a name in upper case', { name: 'Shop' }, 'name'],
    ['a redirect URI with fragment', { redirect_uris: ['https://x.example/cb#a'] }, 'redirect_uris[0]'],
    ['a redirect URI with wildcard', { redirect_uris: ['https://*.x.example/cb'] }, 'redirect_uris[0]'],
    ['a relative redirect URI', { redirect_uris: ['/cb'] }, 'redirect_uris[0]'],
    ['a redirect URI that runs script', { redirect_uris: ['javascript:alert(1)'] }, 'redirect_uris[0]'],
    ['a redirect URI that is data', { redirect_uris: ['data:text/html,x'] }, 'redirect_uris[0]'],
    ['a redirect URI with user', { redirect_uris: ['https://a:b@x.example/'] }, 'redirect_uris[0]'],
    ['a redirect URI with a quote', { redirect_uris: ['https://x.example/"onload='] }, 'redirect_uris[0]'],
    ['a redirect URI with a blank', { redirect_uris: ['https://x.example/a b'] }, 'redirect_uris[0]'],
    [
      'a redirect URI of 501 characters',
      { redirect_uris: [`https://x.example/${'a'.repeat(483)}`] },
      'redirect_uris[0]',
    ],
    ['a redirect URI twice', { redirect_uris: ['https://x.example', 'https://x.example'] }, 'redirect_uris'],
    [
      '201 redirect URIs',
      { redirect_uris: Array.from({ length: 201 }, (_v, i) => `https://x.example/${i}`) },
      'redirect_uris',
    ],
    [
      'redirect URIs of more than 25000 characters',
      { redirect_uris: Array.from({ length: 60 }, (_v, i) => `https://x.example/${i}${'a'.repeat(450)}`) },
      'redirect_uris',
    ],
    ['a logout address that is no web address', { frontchannel_logout_uri: 'app:logout' }, 'frontchannel_logout_uri'],
    ['an origin with path', { allow_cors_origins: ['https://x.example/'] }, 'allow_cors_origins[0]'],
    ['an origin that is *', { allow_cors_origins: ['*'] }, 'allow_cors_origins[0]'],
    ['11 secrets', { secrets: Array(11).fill('secret') }, 'secrets'],
    ['a secret of 301 characters', { secrets: ['x'.repeat(301)] }, 'secrets[0]'],
    ['a code that lives for 9 s', { authorization_code_lifetime: 9 }, 'authorization_code_lifetime'],
    ['a code that lives for 901 s', { authorization_code_lifetime: 901 }, 'authorization_code_lifetime'],
    ['an access token that lives for 299 s', { access_token_lifetime: 299 }, 'access_token_lifetime'],
    ['an access token that lives for more than a day', { access_token_lifetime: 86_401 }, 'access_token_lifetime'],
    ['a lifetime as text', { access_token_lifetime: '3600' }, 'access_token_lifetime'],
    ['the grant password', { grant_types: ['password'] }, 'grant_types[0]'],
    ['an algorithm none', { id_token_signed_response_alg: 'none' }, 'id_token_signed_response_alg'],
    ['an algorithm HS256', { id_token_signed_response_alg: 'HS256' }, 'id_token_signed_response_alg'],
    [
      'an unknown way of authentication',
      { token_endpoint_auth_method: 'tls_client_auth' },
      'token_endpoint_auth_method',
    ],
    ['a private key', { jwks: { keys: [{ kty: 'RSA', n: 'a', e: 'b', d: 'c' }] } }, 'jwks.keys[0]'],
    ['a shared key', { jwks: { keys: [{ kty: 'oct', k: 'a' }] } }, 'jwks.keys[0].kty'],
    ['no key in a key set', { jwks: { keys: [] } }, 'jwks.keys'],
    ['a resource twice', { resource_scopes: [{ resource: 'a' }, { resource: 'a' }] }, 'resource_scopes'],
    [
      'a scope of a resource twice',
      { resource_scopes: [{ resource: 'a', scopes: ['x', 'x'] }] },
      'resource_scopes[0].scopes',
    ],
    ['a scope twice', { scopes: [{ scope: 'a' }, { scope: 'a' }] }, 'scopes'],
    ['a scope with a blank', { scopes: [{ scope: 'a b' }] }, 'scopes[0].scope'],
    [
      'a claim of a scope twice',
      { scopes: [{ scope: 'a', voluntary_claims: [{ claim: 'x' }, { claim: 'x' }] }] },
      'scopes[0].voluntary_claims',
    ],
    [
      '* in a scope',
      { scopes: [{ scope: 'a', voluntary_claims: [{ claim: '*' }] }] },
      'scopes[0].voluntary_claims[0].claim',
    ],
    ['two * claims', { claims: [{ claim: '*' }, { claim: '*' }] }, 'claims'],
    ['* with values', { claims: [{ claim: '*', values: ['x'] }] }, 'claims[0].values'],
    ['a response type twice', { response_types: ['code id_token', 'id_token code'] }, 'response_types'],
    ['an issuer that is an address', { issuer: 'https://x.example' }, 'issuer'],
    ['a display name of 101 characters', { display_name: 'x'.repeat(101) }, 'display_name'],
    ['an unknown key in a list', { claims: [{ claim: 'a', in_token: true }] }, 'claims[0].in_token'],
  ])('refuse %s', (_title, change, field) => {
    expect(faults(parseDownParty({ ...shop, ...change }))).toEqual([field]);
  });

  it.each<[string, object]>([
    ['a redirect URI of a native application', { redirect_uris: ['com.example.app:/callback'] }],
    ['a redirect URI on loopback', { redirect_uris: ['http://127.0.0.1/cb', 'http://localhost:4410/callback'] }],
    ['a redirect URI with query', { redirect_uris: ['https://x.example/cb?tenant=a&b=(c)'] }],
    ['a constant claim of any JSON type', { claims: [{ claim: 'tier', values: ['gold', 1, true, { a: [null] }] }] }],
    ['a claim type that is an address', { claims: [{ claim: 'http://schemas.example.com/claims/role' }] }],
  ])('take %s', (_title, change) => {
    expect(faults(parseDownParty({ ...shop, ...change }))).toEqual([]);
  });

  it('name the kind when it is not known', () => {
    expect(faults(parseDownParty({ name: 'x', type: 'ldap' }))).toEqual(['type']);
    expect(faults(parseUpParty({ name: 'x' }))).toEqual(['type']);
    expect(faults(parseUpParty('login'))).toEqual(['']);
  });

  it('are what the rules of OAuth ask for', () => {
    const party = completeDownParty(
      storedDownPartySchema.parse({ ...shop, redirect_uris: ['https://x.example'] }),
    ) as OidcDownParty;
    const client: oauth.Client = party;
    expect(oauth.acceptedAuthMethods(client)).toEqual(['none']);
  });

  it('use the closed lists of the protocol libraries', () => {
    expect(responseTypes).toEqual(oauth.responseTypes);
    expect(grantTypes).toEqual(oauth.grantTypes);
    expect([...signingAlgs].sort()).toEqual([...jwt.signingAlgs].sort());
  });
});

describe('Secrets as they are kept', () => {
  const argon = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2g';
  const secret = { id: 'a1', hash: argon, fingerprint: 'f', info: 'abc' };
  const kept = (secrets: unknown[]) => storedDownPartySchema.safeParse({ ...shop, secrets }).success;

  it('are hashes, never text', () => {
    expect(kept([secret])).toBe(true);
    expect(kept(['plain'])).toBe(false);
    expect(kept([{ ...secret, hash: 'plain' }])).toBe(false);
    expect(kept([{ ...secret, info: 'abcd' }])).toBe(false);
  });

  it('may be imported with the hash of another system', () => {
    const hash = `P2HS512:10$${'s'.repeat(86)}$${'h'.repeat(107)}`;
    expect(kept([{ id: 'x', hash }])).toBe(true);
    expect(kept([{ id: 'x', hash: 'P2HS512:0$ssssssssssssssssssss$hhhhhhhhhhhhhhhhhhhhh' }])).toBe(false);
    expect(
      parseDownParty({ ...shop, secrets: [{ algorithm: 'P2HS512:10', salt: 's'.repeat(86), hash: 'h'.repeat(107) }] }),
    ).toMatchObject({ ok: true });
  });

  it.each([
    [argon, true],
    [`$pbkdf2-sha256$i=600000$${'s'.repeat(22)}$${'h'.repeat(43)}`, true],
    [`$scrypt$ln=15,r=8,p=1$${'s'.repeat(22)}$${'h'.repeat(43)}`, true],
    [argon.replace('argon2id', 'argon2i'), false],
    [argon.replace('m=19456', 'm=1048576'), false],
    [`$pbkdf2-sha256$i=20000000$${'s'.repeat(22)}$${'h'.repeat(43)}`, false],
    [`$scrypt$ln=25,r=8,p=1$${'s'.repeat(22)}$${'h'.repeat(43)}`, false],
    [`P2HS512:101$${'s'.repeat(86)}$${'h'.repeat(107)}`, false],
  ])('are only written as hashes that a sign-in can check: %s', (hash, isTaken) => {
    expect(passwordInputSchema.safeParse({ hash }).success).toBe(isTaken);
    expect(parseDownParty({ ...shop, secrets: [{ hash }] }).ok).toBe(isTaken);
  });

  it('are sealed where they must be sent on', () => {
    expect(upPartySchema.safeParse({ ...op, client_secret: { sealed: 'v1.x' } }).success).toBe(true);
    expect(upPartySchema.safeParse({ ...op, client_secret: 'plain' }).success).toBe(false);
    expect(parseUpParty({ ...op, client_secret: 'plain' }).ok).toBe(true);
  });

  it('have one text form, however they were written', () => {
    expect(hashText({ hash: argon })).toBe(argon);
    const text = hashText({ algorithm: 'P2HS512:10', salt: 's'.repeat(86), hash: 'h'.repeat(107) });
    expect(hashTextSchema.safeParse(text).success).toBe(true);
  });

  it('show their first three characters when they are longer than 20', () => {
    expect(secretInfo('x'.repeat(20))).toBe('');
    expect(secretInfo(`abc${'x'.repeat(18)}`)).toBe('abc');
  });
});

describe('Settings of up-parties, spec 4 and 5', () => {
  it('have the defaults of the reference', () => {
    expect(parseUpParty(op)).toMatchObject({
      value: {
        update_state: 'automatic',
        oidc_discovery_update_rate: 172_800,
        token_endpoint_auth_method: 'client_secret_post',
        enable_pkce: true,
        response_type: 'code',
        response_mode: 'form_post',
        claims: ['*'],
        claims_source: 'id_token',
        single_logout: true,
        session_lifetime: 36_000,
        user_authentication: true,
        token_exchange: true,
      },
    });
    expect(parseUpParty({ name: 'login', type: 'login' })).toMatchObject({
      value: { logout_consent: 'if_required', create_user: { confirm_account: true } },
    });
    expect(
      parseUpParty({ name: 'l', type: 'track_link', to_down_track_name: 'y', to_down_party_name: 'd' }),
    ).toMatchObject({
      value: { selected_up_parties: ['*'], pipe_external_id: false, claims: ['*'] },
    });
    expect(parseUpParty({ name: 's', type: 'saml2' })).toMatchObject({
      value: {
        authn_response_binding: 'post',
        signature_algorithm: 'rsa-sha256',
        allow_sha1: false,
        accept_confirmed: false,
        one_use: true,
      },
    });
  });

  it.each<[string, object, string]>([
    [
      'a login without any identifier',
      { name: 'x', type: 'login', enable_email_identifier: false },
      'enable_email_identifier',
    ],
    ['a title of 41 characters', { name: 'x', type: 'login', title: 'x'.repeat(41) }, 'title'],
    ['an icon that is script', { name: 'x', type: 'login', icon_url: 'javascript:x' }, 'icon_url'],
    ['an authority that is no address', { ...op, authority: 'op.example.com' }, 'authority'],
    ['an authority of 301 characters', { ...op, authority: `https://op.example.com/${'a'.repeat(280)}` }, 'authority'],
    [
      'an additional parameter that is ours',
      { ...op, additional_parameters: [{ name: 'redirect_uri', value: 'x' }] },
      'additional_parameters[0].name',
    ],
    ['a forwarded claim twice', { ...op, claims: ['email', 'email'] }, 'claims'],
    ['a session of more than 12 hours', { ...op, session_lifetime: 43_201 }, 'session_lifetime'],
    ['a discovery every hour', { ...op, oidc_discovery_update_rate: 3600 }, 'oidc_discovery_update_rate'],
    ['a domain with upper case', { ...op, hrd_domains: ['Example.com'] }, 'hrd_domains[0]'],
    ['a range that is none', { ...op, hrd_ip_ranges: ['10.0.0.0/40'] }, 'hrd_ip_ranges[0]'],
    ['an expression that is none', { ...op, hrd_regular_expressions: ['('] }, 'hrd_regular_expressions[0]'],
    ['a trust that signs in users', { name: 't', type: 'oauth2', user_authentication: true }, 'user_authentication'],
    [
      'five selected up-parties',
      {
        name: 'l',
        type: 'track_link',
        to_down_track_name: 'y',
        to_down_party_name: 'd',
        selected_up_parties: ['a', 'b', 'c', 'd', 'e'],
      },
      'selected_up_parties',
    ],
    ['two issuers of a SAML provider', { name: 's', type: 'saml2', issuers: ['a', 'b'] }, 'issuers'],
    ['an issuer with a blank', { ...op, issuers: ['a b'] }, 'issuers[0]'],
    ['a certificate that is none', { name: 's', type: 'saml2', keys: ['<x/>'] }, 'keys[0]'],
    ['a NameID format that is none', { name: 's', type: 'saml2', nameid_format: 'email' }, 'nameid_format'],
    ['an unknown binding style', { ...op, binding_style: 'slashes' }, 'binding_style'],
  ])('refuse %s', (_title, party, field) => {
    expect(faults(parseUpParty(party))).toEqual([field]);
  });

  it('take icons as address or inline picture', () => {
    expect(faults(parseUpParty({ name: 'x', type: 'login', icon_url: 'data:image/png;base64,AAAA' }))).toEqual([]);
    expect(faults(parseUpParty({ name: 'x', type: 'login', icon_url: 'https://x.example/icon.png' }))).toEqual([]);
  });

  it('tell which of them sign in users', () => {
    expect(canSignInUsers({ type: 'login' })).toBe(true);
    expect(canSignInUsers({ type: 'oauth2' })).toBe(false);
    expect(canSignInUsers({ type: 'saml2', user_authentication: false })).toBe(false);
  });
});

describe('Settings of a SAML application, spec 5', () => {
  it('have the defaults of the reference', () => {
    expect(parseDownParty(saml)).toMatchObject({
      value: {
        authn_response_binding: 'post',
        subject_confirmation_lifetime: 300,
        issued_token_lifetime: 3600,
        authn_response_sign_type: 'sign_response',
        require_signed_authn_requests: false,
      },
    });
  });

  it('takes requests either way unless one is named', () => {
    const read = parseDownParty(saml);
    expect(read.ok && read.value).not.toHaveProperty('authn_request_binding');
  });

  it.each<[string, object, string]>([
    ['no assertion consumer address', { acs_urls: [] }, 'acs_urls'],
    [
      '11 assertion consumer addresses',
      { acs_urls: Array.from({ length: 11 }, (_v, i) => `https://x.example/${i}`) },
      'acs_urls',
    ],
    ['no issuer', { issuer: undefined }, 'issuer'],
    ['SHA-1', { signature_algorithm: 'rsa-sha1' }, 'signature_algorithm'],
    ['a claim twice', { claims: [{ claim: 'a' }, { claim: 'a' }] }, 'claims'],
  ])('refuse %s', (_title, change, field) => {
    expect(faults(parseDownParty({ ...saml, ...change }))).toEqual([field]);
  });
});

describe('Configuration of any kind', () => {
  it('is refused when it is nested too deeply', () => {
    let deep: unknown = 'x';
    for (let depth = 0; depth < 50_000; depth++) deep = [deep];
    for (const parse of [parseUpParty, parseDownParty, parseTrackSettings, parseUser]) {
      expect(parse({ email: 'a@b.dk', claims: { deep } })).toMatchObject({
        error: [{ message: 'is nested too deeply' }],
      });
    }
  });
});

describe('Settings of a track', () => {
  it('have defaults', () => {
    expect(parseTrackSettings(undefined)).toMatchObject({
      value: {
        sequence_lifetime: 7200,
        keys: { signing_algs: ['RS256'], default_signing_alg: 'RS256' },
        brakes: { max_failing_logins: 5 },
      },
    });
  });

  it.each<[string, object, string]>([
    ['a default algorithm that is not enabled', { keys: { default_signing_alg: 'ES256' } }, 'keys.default_signing_alg'],
    ['no RS256', { keys: { signing_algs: ['ES256'], default_signing_alg: 'ES256' } }, 'keys.signing_algs'],
    ['a minimum above the maximum', { passwords: { min_length: 50, max_length: 20 } }, 'passwords.min_length'],
    ['an unknown brake', { brakes: { foo: 1 } }, 'brakes.foo'],
    ['a journey of 20 s', { sequence_lifetime: 20 }, 'sequence_lifetime'],
    ['texts of a language that is none', { texts: { Danish: { a: 'b' } } }, 'texts.Danish'],
    ['a sender that is no address', { mail: { from_email: 'x', smtp_host: 'h' } }, 'mail.from_email'],
  ])('refuse %s', (_title, settings, field) => {
    expect(faults(parseTrackSettings(settings))).toEqual([field]);
  });
});

describe('A user as written', () => {
  it('needs one identifier', () => {
    expect(faults(parseUser({ password: 'x' }))).toEqual(['email']);
  });

  it('has identifiers in lower case', () => {
    expect(parseUser({ email: ' Ada@Example.COM ', username: 'ADA' })).toMatchObject({
      value: { email: 'ada@example.com', username: 'ada' },
    });
  });

  it('keeps the JSON types of claims, standard or not', () => {
    const claims = {
      updated_at: 17,
      address: { country: 'DK', extra: 1 },
      level: 3,
      active: true,
      tags: ['a'],
      nothing: null,
    };
    expect(parseUser({ email: 'a@b.dk', claims })).toMatchObject({ value: { claims } });
  });

  it('takes a password as text or as a hash from elsewhere', () => {
    const hash = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2g';
    expect(faults(parseUser({ email: 'a@b.dk', password: 'x' }))).toEqual([]);
    expect(faults(parseUser({ email: 'a@b.dk', password: { hash } }))).toEqual([]);
    expect(faults(parseUser({ email: 'a@b.dk', password: { hash: 'md5' } }))).toEqual(['password.hash']);
  });

  it.each<[string, object, string]>([
    ['a claim that the sign-in makes', { claims: { sub: 'x' } }, 'claims.sub'],
    ['a claim that an identifier makes', { claims: { email: 'x@y.dk' } }, 'claims.email'],
    ['a role as claim', { claims: { role: 'admin' } }, 'claims.role'],
    ['an address as text', { claims: { address: 'here' } }, 'claims.address'],
    ['a time as text', { claims: { updated_at: '17' } }, 'claims.updated_at'],
    ['a birthdate in words', { claims: { birthdate: 'May 1st' } }, 'claims.birthdate'],
    ['a claim with an odd name', { claims: { 'a"b': 1 } }, 'claims.a"b'],
    ['a claim that is too long', { claims: { bio: 'x'.repeat(10_001) } }, 'claims.bio'],
    ['101 claims', { claims: Object.fromEntries(Array.from({ length: 101 }, (_v, i) => [`c${i}`, 1])) }, 'claims'],
    ['a phone number without country', { phone: '30303030' }, 'phone'],
    ['a username with blanks', { username: 'ada l' }, 'username'],
    ['an email that is none', { email: 'ada' }, 'email'],
    ['an unknown key', { mail: 'x' }, 'mail'],
  ])('is refused with %s', (_title, change, field) => {
    expect(faults(parseUser({ email: 'a@b.dk', ...change }))).toEqual([field]);
  });

  it('is called by its first identifier', () => {
    expect(userLabel({ email: 'a@b.dk', username: 'a' })).toBe('a@b.dk');
    expect([
      userLabel({ username: 'a' }),
      userLabel({ phone: '+45' }),
      userLabel({ user_id: 'u' }),
      userLabel({}),
    ]).toEqual(['a', '+45', 'u', '']);
  });
});

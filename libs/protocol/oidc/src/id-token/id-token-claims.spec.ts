import { signingAlgs, tokenHash } from '@corsac/jwt';
import { clientOf, issuers } from '../discovery/client.fixture.js';
import { userInfoClaims, userInfoJwtClaims } from '../userinfo/userinfo.js';
import { idTokenAlg, idTokenClaims, requestedAcr, requestedSubject, type IdTokenInput } from './id-token-claims.js';

const now = 1_800_000_000;
const ada = {
  sub: 'ada',
  sid: 's1',
  auth_time: now - 5,
  amr: ['pwd'],
  acr: 'mfa',
  name: 'Ada',
  birthdate: '1815-12-10',
  role: 'admin',
};
const claimsOf = (changes: Partial<IdTokenInput> = {}) =>
  idTokenClaims({
    client: clientOf(),
    issuer: issuers.party,
    claims: ada,
    scope: ['openid', 'profile'],
    now,
    alg: 'RS256',
    ...changes,
  });

const plain = {
  iss: issuers.party,
  sub: 'ada',
  aud: 'app',
  iat: now,
  exp: now + 3600,
  sid: 's1',
  auth_time: now - 5,
  amr: ['pwd'],
  acr: 'mfa',
  name: 'Ada',
};

describe('ID tokens, OIDC Core 2', () => {
  it('say who, when and how, and the marked claims of the granted scopes', () => {
    expect(claimsOf()).toEqual(plain);
  });

  it('carry nonce and hashes of what leaves beside them', () => {
    const beside = { nonce: 'n', access_token: 'a.b.c', code: 'xyz' };
    for (const alg of signingAlgs) {
      expect(claimsOf({ ...beside, alg })).toEqual({
        ...plain,
        nonce: 'n',
        at_hash: tokenHash('a.b.c', alg),
        c_hash: tokenHash('xyz', alg),
      });
    }
  });

  it('carry the claims of the scopes when there is no access token, OIDC Core 5.4', () => {
    expect(claimsOf({ alone: true })).toEqual({ ...plain, birthdate: '1815-12-10', role: 'admin' });
  });

  it('carry what was asked for by name, OIDC Core 5.5', () => {
    const requested = { userinfo: { role: {} }, id_token: { birthdate: { essential: true }, phone_number: {} } };
    expect(claimsOf({ requested })).toEqual({ ...plain, birthdate: '1815-12-10' });
  });

  it('live as long as the client says', () => {
    expect(claimsOf({ client: clientOf({ id_token_lifetime: 300 }) })['exp']).toBe(now + 300);
  });

  it('cannot be changed by claims of the user', () => {
    const client = clientOf({ claims: [{ claim: '*', values: [], in_id_token: true }] });
    const hostile = {
      sub: 'ada',
      iss: 'evil',
      aud: 'evil',
      nonce: 'evil',
      exp: 1,
      at_hash: 'evil',
      azp: 'evil',
      events: {},
    };
    expect(claimsOf({ client, claims: hostile })).toEqual({
      iss: issuers.party,
      sub: 'ada',
      aud: 'app',
      iat: now,
      exp: now + 3600,
    });
  });

  it('are signed as the client chose, otherwise as the track does', () => {
    expect(idTokenAlg(clientOf({ id_token_signed_response_alg: 'ES256' }), 'RS256')).toBe('ES256');
    expect(idTokenAlg(clientOf(), 'PS256')).toBe('PS256');
  });
});

describe('what the claims parameter insists on, OIDC Core 5.5.1', () => {
  it.each([
    [undefined, undefined],
    [{ userinfo: {}, id_token: {} }, undefined],
    [{ userinfo: {}, id_token: { sub: {} } }, undefined],
    [{ userinfo: {}, id_token: { sub: { value: 'ada' } } }, 'ada'],
    [{ userinfo: { sub: { value: 'ada' } }, id_token: {} }, 'ada'],
    [{ userinfo: {}, id_token: { sub: { value: 5 } } }, undefined],
  ])('subject of %j', (claims, sub) => {
    expect(requestedSubject(claims)).toBe(sub);
  });

  it.each([
    [['mfa'], undefined, { values: ['mfa'], essential: false }],
    [['mfa'], { userinfo: {}, id_token: {} }, { values: ['mfa'], essential: false }],
    [
      ['a'],
      { userinfo: {}, id_token: { acr: { essential: true, values: ['mfa', 5] } } },
      { values: ['mfa'], essential: true },
    ],
    [[], { userinfo: {}, id_token: { acr: { value: 'mfa' } } }, { values: ['mfa'], essential: false }],
    [['a'], { userinfo: {}, id_token: { acr: { essential: true } } }, { values: ['a'], essential: true }],
  ])('acr_values %j with %j', (acr_values, claims, acr) => {
    expect(requestedAcr(acr_values, claims)).toEqual(acr);
  });
});

describe('UserInfo, OIDC Core 5.3', () => {
  const token = {
    iss: issuers.track,
    sub: 'ada',
    aud: 'orders',
    client_id: 'app',
    scope: 'profile openid',
    exp: 5,
    jti: 'j',
    sid: 's',
  };

  it('answers the subject and claims of the user, nothing of the protocol', () => {
    const more = { auth_time: 5, amr: ['pwd'], auth_method: 'login', cnf: { jkt: 'k' }, act: { sub: 'x' } };
    expect(
      userInfoClaims({ ...token, ...more, name: 'Ada', email_verified: true, address: { country: 'GB' } }),
    ).toEqual({
      ok: true,
      value: { sub: 'ada', name: 'Ada', email_verified: true, address: { country: 'GB' } },
    });
  });

  it.each([
    ['no scope', { scope: undefined }, 'insufficient_scope'],
    ['another scope', { scope: 'profile' }, 'insufficient_scope'],
    ['openid as part of a word', { scope: 'openid2 xopenid' }, 'insufficient_scope'],
    ['a scope that is no text', { scope: ['openid'] }, 'insufficient_scope'],
    ['no subject', { sub: undefined }, 'invalid_token'],
  ])('refuses a token with %s', (_title, changes, error) => {
    expect(userInfoClaims(JSON.parse(JSON.stringify({ ...token, ...changes })) as typeof token)).toMatchObject({
      error: { error },
    });
  });

  it('signed, it also says who says it and to whom', () => {
    expect(userInfoJwtClaims({ sub: 'ada' }, issuers.party, 'app', now)).toEqual({
      sub: 'ada',
      iss: issuers.party,
      aud: 'app',
      iat: now,
    });
  });
});

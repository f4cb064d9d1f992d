import { clientOf, issuers } from '../client/client.fixture.js';
import { grantScopes } from '../scopes/grant-scopes.js';
import { accessTokenClaims, type AccessTokenInput } from './access-token.js';
import { tokenResponse } from './token-response.js';

const now = 1_800_000_000;
const claimsFor = (scope: string, changes: Partial<AccessTokenInput> = {}) => {
  const client = changes.client ?? clientOf();
  const grant = grantScopes(client, { scope: scope.split(' ').filter((word) => word !== '') });
  if (!grant.ok) throw new Error(grant.error.error);
  return accessTokenClaims({
    client,
    issuers,
    grant: grant.value,
    claims: { sub: 'ada', sid: 's1', auth_time: now - 5, name: 'Ada', email: 'ada@example.com' },
    jti: 'g.1',
    now,
    ...changes,
  });
};

describe('access tokens, RFC 9068 2.2', () => {
  it('for the client itself carries the issuer of the sign-in and the granted claims', () => {
    expect(claimsFor('openid email')).toEqual({
      iss: issuers.party,
      sub: 'ada',
      aud: 'app',
      client_id: 'app',
      iat: now,
      exp: now + 3600,
      jti: 'g.1',
      scope: 'openid email',
      sid: 's1',
      auth_time: now - 5,
      email: 'ada@example.com',
    });
  });

  it('for an API carries the issuer of the track, and every granted scope', () => {
    expect(claimsFor('openid profile api1.read1')).toMatchObject({
      iss: issuers.track,
      aud: 'api1',
      scope: 'openid profile api1.read1',
      name: 'Ada',
    });
  });

  it('several audiences are a list', () => {
    expect(claimsFor('api1.read1 api2.write')).toMatchObject({ aud: ['api1', 'api2'] });
  });

  it('without scope there is no scope claim', () => {
    expect(claimsFor('', { claims: { sub: 'c_app' } })).toEqual({
      iss: issuers.party,
      sub: 'c_app',
      aud: 'app',
      client_id: 'app',
      iat: now,
      exp: now + 3600,
      jti: 'g.1',
    });
  });

  it('carries what UserInfo was asked for by name', () => {
    expect(claimsFor('openid', { requested: { name: { essential: true } } })).toMatchObject({ name: 'Ada' });
  });

  it('is bound to a key and names who acts', () => {
    const act = { sub: 'c_orders', act: { sub: 'c_shop' } };
    expect(claimsFor('openid', { dpop_jkt: 'k', act, lifetime: 60 })).toMatchObject({
      cnf: { jkt: 'k' },
      act,
      exp: now + 60,
    });
  });

  it('takes nothing of the protocol from the claims of the user', () => {
    const claims = {
      sub: 'ada',
      iss: 'evil',
      aud: 'evil',
      scope: 'admin',
      client_id: 'evil',
      act: { sub: 'evil' },
      exp: 1,
    };
    const client = clientOf({ claims: [{ claim: '*', values: [], in_id_token: true }] });
    expect(claimsFor('openid', { claims, client })).toEqual({
      iss: issuers.party,
      sub: 'ada',
      aud: 'app',
      client_id: 'app',
      iat: now,
      exp: now + 3600,
      jti: 'g.1',
      scope: 'openid',
    });
  });
});

describe('token responses, RFC 6749 5.1', () => {
  it('says type, life and granted scope', () => {
    expect(tokenResponse({ access_token: 'a', expires_in: 5, scope: ['openid', 'api1:read1'] })).toEqual({
      access_token: 'a',
      token_type: 'Bearer',
      expires_in: 5,
      scope: 'openid api1:read1',
    });
  });

  it('carries what else was issued', () => {
    const issued = {
      access_token: 'a',
      expires_in: 5,
      scope: [],
      dpop_jkt: 'k',
      id_token: 'i',
      refresh_token: 'r',
      issued_token_type: 't',
    };
    expect(tokenResponse(issued)).toEqual({
      access_token: 'a',
      token_type: 'DPoP',
      expires_in: 5,
      id_token: 'i',
      refresh_token: 'r',
      issued_token_type: 't',
    });
  });
});

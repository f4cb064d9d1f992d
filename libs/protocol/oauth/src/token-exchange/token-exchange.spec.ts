import type { Json } from '@corsac/jwt';
import { clientOf, issuers } from '../client/client.fixture.js';
import type { Client } from '../client/client.js';
import { parseParameters } from '../parameters/parse-parameters.js';
import { audienceOf } from '../scopes/audience.js';
import { actorChain, checkMayAct, deepestActorChain } from './actor.js';
import { chooseExchangeCase, isIssuerOfTrack, labelOfJwt, type ExchangeTrust } from './choose-case.js';
import { readExchangeRequest, tokenTypes } from './exchange-request.js';
import { grantToExchange } from './exchange-targets.js';
import { checkIsAccessToken, checkMeantFor } from './subject-token.js';

const formOf = (changes: Record<string, string | undefined> = {}) =>
  Object.entries({ subject_token: 'a.b.c', subject_token_type: tokenTypes.access_token, ...changes })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(value as string)}`)
    .join('&');
const read = (changes?: Record<string, string | undefined>, more = '') =>
  readExchangeRequest(parseParameters(formOf(changes) + more));

describe('the request, RFC 8693 2.1', () => {
  it('reads the least', () => {
    expect(read()).toEqual({
      ok: true,
      value: {
        subject_token: 'a.b.c',
        subject_token_type: 'access_token',
        requested_token_type: tokenTypes.access_token,
        resource: [],
        audience: [],
      },
    });
  });

  it('reads everything', () => {
    const request = read(
      {
        subject_token_type: tokenTypes.jwt,
        requested_token_type: tokenTypes.jwt,
        actor_token: 'd.e.f',
        actor_token_type: tokenTypes.access_token,
        scope: 'api1.read1',
      },
      '&resource=api1&resource=api2&audience=billing',
    );
    expect(request).toMatchObject({
      ok: true,
      value: {
        subject_token_type: 'jwt',
        requested_token_type: tokenTypes.jwt,
        actor_token: 'd.e.f',
        scope: ['api1.read1'],
        resource: ['api1', 'api2'],
        audience: ['billing'],
      },
    });
  });

  it('takes a SAML assertion', () => {
    expect(read({ subject_token_type: tokenTypes.saml2 })).toMatchObject({
      ok: true,
      value: { subject_token_type: 'saml2' },
    });
  });

  const urn = 'urn:ietf:params:oauth:token-type:';
  it.each<[string, Record<string, string | undefined>, string]>([
    ['no subject token', { subject_token: undefined }, 'invalid_request'],
    ['no subject token type', { subject_token_type: undefined }, 'invalid_request'],
    ['an ID token as subject', { subject_token_type: `${urn}id_token` }, 'invalid_request'],
    ['a refresh token as subject', { subject_token_type: `${urn}refresh_token` }, 'invalid_request'],
    ['SAML 1.1', { subject_token_type: `${urn}saml1` }, 'invalid_request'],
    ['a short name of a type', { subject_token_type: 'access_token' }, 'invalid_request'],
    ['an ID token wanted', { requested_token_type: `${urn}id_token` }, 'invalid_request'],
    ['a refresh token wanted', { requested_token_type: `${urn}refresh_token` }, 'invalid_request'],
    ['an actor token without type', { actor_token: 'x' }, 'invalid_request'],
    ['an actor token type without token', { actor_token_type: tokenTypes.jwt }, 'invalid_request'],
    ['a SAML actor', { actor_token: 'x', actor_token_type: tokenTypes.saml2 }, 'invalid_request'],
    ['a malformed scope', { scope: '"' }, 'invalid_scope'],
  ])('refuses %s', (_title, changes, error) => {
    expect(read(changes)).toMatchObject({ ok: false, error: { error } });
  });
});

describe('which rule a token falls under', () => {
  const track = issuers.track;
  it.each([
    [track, true],
    [`${track}/app`, true],
    [`${track}/app(login)`, true],
    [`${track}/app~login,azure~`, true],
    [`${track}/app.*.`, true],
    [`${track}/`, false],
    [`${track}x`, false],
    [`${track}/app/oauth`, false],
    [`${track}/app?x`, false],
    [`${track}/APP`, false],
    ['https://id.example/acme/other', false],
    ['https://id.example/acme', false],
    ['https://evil.example/acme/-', false],
  ])('%s is this track: %p', (issuer, is) => {
    expect(isIssuerOfTrack(issuer, track)).toBe(is);
  });

  const partner: ExchangeTrust = { name: 'partner', kind: 'oidc', issuers: ['https://op'], sp_issuer: 'aud' };
  const saml: ExchangeTrust = { name: 'saml', kind: 'saml2', issuers: ['https://op'], sp_issuer: 'aud' };
  const label = { issuer: 'https://op', audiences: ['x', 'aud'] };
  const choose = (trusts: ExchangeTrust[], changes: object = {}, form: 'jwt' | 'saml2' = 'jwt') =>
    chooseExchangeCase({ ...label, ...changes }, form, trusts, track);

  it('the own tokens of the track come before any trust, even one that claims its issuer', () => {
    const sameIssuer = { ...partner, issuers: [track], sp_issuer: 'app' };
    expect(choose([sameIssuer], { issuer: track, audiences: ['app'] })).toEqual({
      ok: true,
      value: { kind: 'same_track' },
    });
    expect(choose([], { issuer: `${track}/shop(login)` })).toEqual({ ok: true, value: { kind: 'same_track' } });
  });

  it('another track of the installation needs a trust like everybody', () => {
    const other = 'https://id.example/acme/partner';
    expect(choose([partner], { issuer: other })).toMatchObject({ ok: false });
    expect(choose([{ ...partner, issuers: [other] }], { issuer: other })).toMatchObject({
      value: { trust: { name: 'partner' } },
    });
  });

  it('one trust that matches by issuer and audience is chosen', () => {
    expect(choose([partner])).toEqual({ ok: true, value: { kind: 'trust', trust: partner } });
    expect(choose([partner, { ...partner, name: 'b', sp_issuer: 'other' }])).toMatchObject({
      value: { trust: partner },
    });
  });

  it('SAML tokens match SAML trusts only, and the other way round', () => {
    expect(choose([partner, saml], {}, 'saml2')).toMatchObject({ value: { trust: saml } });
    expect(choose([partner, saml])).toMatchObject({ value: { trust: partner } });
    expect(choose([saml], { issuer: track, audiences: ['aud'] }, 'saml2')).toMatchObject({ ok: false });
  });

  it('says to the log what the token is and what the trusts take', () => {
    expect(choose([partner], { issuer: 'https://else', audiences: ['x', 'y'] })).toMatchObject({
      error: {
        error_description: 'the token is not accepted',
        detail: `no up-party of the client trusts a token of "https://else" for "x", "y": partner takes ${partner.kind} tokens of "${partner.issuers[0]}" for "${partner.sp_issuer}"`,
      },
    });
    expect(choose([], { issuer: 'https://else', audiences: [] })).toMatchObject({
      error: { detail: expect.stringMatching(/for nobody: it allows none for token exchange$/) as string },
    });
  });

  it('two matching trusts are never guessed between', () => {
    const result = choose([partner, { ...partner, name: 'again', kind: 'oauth2' }]);
    expect(result).toMatchObject({
      ok: false,
      error: {
        error: 'invalid_request',
        detail:
          'several up-parties match, partner and again: let the client allow one of them, or give them different sp_issuer',
      },
    });
  });

  it.each([
    ['another issuer', { issuer: 'https://op/' }],
    ['another audience', { audiences: ['x'] }],
    ['no audience', { audiences: [] }],
  ])('refuses %s', (_title, changes) => {
    expect(choose([partner], changes)).toMatchObject({ ok: false, error: { error: 'invalid_request' } });
  });

  it('reads the label of a JWT', () => {
    expect(labelOfJwt({ iss: 'i', aud: 'a' })).toEqual({ issuer: 'i', audiences: ['a'] });
    expect(labelOfJwt({ iss: 'i' })).toEqual({ issuer: 'i', audiences: [] });
    expect(labelOfJwt({ aud: 'a' })).toBeUndefined();
    expect(labelOfJwt({ iss: 'i', aud: 5 })).toBeUndefined();
  });
});

describe('never an ID token for an access token, RFC 8725 3.12', () => {
  it.each([
    ['at+jwt with anything', { typ: 'at+jwt' }, { nonce: 'n' }, true],
    ['application/at+jwt', { typ: 'application/at+JWT' }, { at_hash: 'h' }, true],
    ['a plain JWT', { typ: 'JWT' }, {}, true],
    ['no type', {}, {}, true],
    ['an access token of Keycloak', { typ: 'JWT' }, { typ: 'Bearer', nonce: 'n' }, true],
    ['an ID token of Keycloak', { typ: 'JWT' }, { typ: 'ID' }, false],
    ['a refresh token of Keycloak', { typ: 'JWT' }, { typ: 'Refresh' }, false],
    ['an ID token with nonce', { typ: 'JWT' }, { nonce: 'n' }, false],
    ['an ID token with at_hash', {}, { at_hash: 'h' }, false],
    ['an ID token with c_hash', {}, { c_hash: 'h' }, false],
    ['a logout token', {}, { events: {} }, false],
  ])('%s', (_title, header, claims, accepted) => {
    expect(checkIsAccessToken(header, claims as Record<string, Json>).ok).toBe(accepted);
  });

  it('a token of the track must be meant for the exchanging client', () => {
    expect(checkMeantFor(['orders', 'x'], 'orders')).toMatchObject({ ok: true });
    expect(checkMeantFor(['shop'], 'orders')).toMatchObject({ error: { error: 'invalid_request' } });
  });
});

describe('who acts, RFC 8693 4.1', () => {
  it('is put in front of the chain', () => {
    expect(actorChain({ sub: 'c_orders' }, undefined)).toEqual({ ok: true, value: { sub: 'c_orders' } });
    const earlier = { sub: 'c_shop', iss: 'https://op', extra: 1, act: { sub: 'c_web' } };
    expect(actorChain({ sub: 'c_orders', iss: 'i' }, earlier)).toEqual({
      ok: true,
      value: { sub: 'c_orders', iss: 'i', act: { sub: 'c_shop', iss: 'https://op', act: { sub: 'c_web' } } },
    });
  });

  const chainOf = (length: number): Json => {
    let act: Json = { sub: 'x' };
    for (let i = 1; i < length; i++) act = { sub: 'x', act };
    return act;
  };

  it('refuses a chain that grows without end', () => {
    expect(actorChain({ sub: 'x' }, chainOf(deepestActorChain - 1))).toMatchObject({ ok: true });
    expect(actorChain({ sub: 'x' }, chainOf(deepestActorChain))).toMatchObject({ error: { error: 'invalid_request' } });
  });

  it.each([[null], ['c_shop'], [[]], [{}], [{ sub: 5 }], [{ sub: 'x', act: 'y' }]])(
    'refuses a chain that is %j',
    (earlier) => {
      expect(actorChain({ sub: 'x' }, earlier)).toMatchObject({ ok: false, error: { error: 'invalid_request' } });
    },
  );
});

describe('who may act, RFC 8693 4.4', () => {
  const accepted = { subs: ['c_orders', 'orders'], iss: 'https://track' };
  it.each<[Json | undefined, boolean]>([
    [undefined, true],
    [{ sub: 'c_orders' }, true],
    [{ sub: 'orders' }, true],
    [{ client_id: 'orders' }, true],
    [{ sub: 'orders', iss: 'https://track' }, true],
    [{ sub: 'orders', iss: 'https://other' }, false],
    [{ sub: 'shop' }, false],
    [{ sub: 'shop', client_id: 'orders' }, false],
    [{ sub: 5, client_id: 'orders' }, false],
    [{ iss: 'https://track' }, false],
    [{}, false],
    [null, false],
    ['orders', false],
    [[{ sub: 'orders' }], false],
  ])('may_act %j: %p', (mayAct, may) => {
    expect(checkMayAct(mayAct, accepted).ok).toBe(may);
  });
});

describe('targets of an exchange, RFC 8693 2.2.2 and RFC 8707', () => {
  const grant = (more: string, changes: Partial<Client> = {}) => {
    const client = clientOf(changes);
    const request = read({}, more);
    if (!request.ok) return request.error.error;
    const result = grantToExchange(request.value, client, issuers.track);
    return result.ok
      ? { aud: audienceOf(client, result.value, issuers), scope: result.value.scope.join(' ') }
      : result.error.error;
  };
  const toBilling = { resource_scopes: [{ resource: 'billing', scopes: ['pay', 'read'] }] };

  it.each([
    ['&audience=api2', { aud: ['api2'], scope: 'api2.write' }],
    ['&resource=api2', { aud: ['api2'], scope: 'api2.write' }],
    [
      '&resource=api1&audience=api2',
      { aud: ['api1', 'api2'], scope: 'api1.read1 api1.read2 api1.some.access api2.write' },
    ],
    ['&scope=api1.read1', { aud: ['api1'], scope: 'api1.read1' }],
    ['&scope=api1.read1&audience=api1', { aud: ['api1'], scope: 'api1.read1' }],
    ['&scope=api1.read1+api2.write&audience=api1', { aud: ['api1'], scope: 'api1.read1' }],
    ['&scope=profile+offline_access+api1:read1', { aud: ['api1'], scope: 'profile api1:read1' }],
    ['', { aud: ['app'], scope: '' }],
    ['&audience=billing', 'invalid_target'],
    ['&resource=https://evil.example', 'invalid_target'],
    ['&scope=billing.pay', 'invalid_scope'],
    ['&scope=api1.read1+admin', 'invalid_scope'],
  ])('%p', (more, result) => {
    expect(grant(more)).toEqual(result);
  });

  it('without any target a client that is not its own audience gets its whitelist', () => {
    expect(grant('', toBilling)).toEqual({ aud: ['billing'], scope: 'billing.pay billing.read' });
  });
});

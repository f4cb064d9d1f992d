import { findSessions, readTrackKeys } from '@corsac/contracts';
import { exportPublicJwk, generateSigningKey, type SigningKey } from '@corsac/jwt';
import { createPublicKey } from 'node:crypto';
import {
  accessWorld,
  adminClaims,
  masterIssuer,
  now,
  tokenBy,
  tokenByMac,
  tokenWithHeader,
  unsecured,
  type AccessWorld,
} from './access.fixture.js';

let key: SigningKey;
let other: SigningKey;
let world: AccessWorld;

beforeAll(async () => {
  [key, other] = await Promise.all([generateSigningKey('ES256'), generateSigningKey('ES256')]);
});

beforeEach(() => {
  world = accessWorld();
  world.keys.set('acme/master', [{ key, state: 'current' }]);
  world.sessions.set('acme/master/s1', {});
});

const refused = (told = 'the access token is not valid here') => ({
  ok: false,
  error: {
    status: 401,
    title: 'Nobody is signed in.',
    detail: `${told[0]?.toUpperCase()}${told.slice(1)}.`,
    challenge: `Bearer realm="${masterIssuer}", error="invalid_token", error_description="${told}"`,
  },
});
const nobody = {
  ok: false,
  error: {
    status: 401,
    title: 'Nobody is signed in.',
    detail: 'Send an access token for corsac_control_api in the header Authorization: Bearer.',
    challenge: `Bearer realm="${masterIssuer}"`,
  },
};

describe('who calls the Control API', () => {
  it('is whom the token names, with the rights of its scopes and roles', async () => {
    expect(await world.verify(await tokenBy(key))).toEqual({
      ok: true,
      value: {
        tenant: 'acme',
        sub: 'u1',
        client_id: 'corsac_control',
        name: 'Ann Admin',
        scopes: ['corsac:tenant'],
        roles: ['corsac:tenant'],
      },
    });
  });

  it('is a program with client credentials, which has no session', async () => {
    const token = await tokenBy(key, { sub: 'c_robot', client_id: 'robot', sid: undefined, name: undefined });
    expect(await world.verify(token)).toEqual({
      ok: true,
      value: {
        tenant: 'acme',
        sub: 'c_robot',
        client_id: 'robot',
        scopes: ['corsac:tenant'],
        roles: ['corsac:tenant'],
      },
    });
    expect(world.askedFor(findSessions)).toBe(0);
  });

  it.each([
    ['text', 'corsac:tenant', ['corsac:tenant']],
    ['a list', ['corsac:tenant.read', 'customer'], ['corsac:tenant.read', 'customer']],
    ['not there', undefined, []],
    ['empty', [], []],
    ['not texts', [1, null, { role: 'corsac:tenant' }, ['corsac:tenant']], []],
    ['an object', { 0: 'corsac:tenant' }, []],
  ])('has the roles of the claim, which is %s', async (_title, role, roles) => {
    expect(await world.verify(await tokenBy(key, { role }))).toMatchObject({ ok: true, value: { roles } });
  });

  it.each([
    ['openid corsac_control_api.corsac:tenant', ['corsac:tenant']],
    ['openid corsac_control_api:corsac:tenant.read', ['corsac:tenant.read']],
    ['corsac_control_api', []],
    ['corsac:tenant', []],
    [undefined, []],
    [['corsac_control_api.corsac:tenant'], []],
  ])('has the scopes of the Control API alone: %j', async (scope, scopes) => {
    expect(await world.verify(await tokenBy(key, { scope }))).toMatchObject({ ok: true, value: { scopes } });
  });

  it('may have this API as one audience of several', async () => {
    const token = await tokenBy(key, { aud: ['corsac_control_api', 'corsac_control'] });
    expect(await world.verify(token)).toMatchObject({ ok: true });
  });

  it.each(['next', 'current', 'previous'] as const)('may have a token by the %s key', async (state) => {
    world.keys.set('acme/master', [{ key, state }]);
    expect(await world.verify(await tokenBy(key))).toMatchObject({ ok: true });
  });

  it.each(['RS256', 'PS256', 'EdDSA'] as const)('may have a token signed with %s', async (alg) => {
    const made = await generateSigningKey(alg);
    world.keys.set('acme/master', [{ key: made, state: 'current' }]);
    expect(await world.verify(await tokenBy(made))).toMatchObject({ ok: true });
  });

  it('is asked about in the same breath as the request: its context goes along', async () => {
    await world.verify(await tokenBy(key));
    expect(world.asked.map(({ context }) => context)).toEqual([{ request_id: 'r1' }, { request_id: 'r1' }]);
    expect(world.asked[1]?.request).toEqual({ tenant: 'acme', track: 'master', by: { kind: 'sid', sid: 's1' } });
  });
});

describe('the Authorization header, RFC 6750 2.1', () => {
  const withHeader = (authorization?: string) =>
    world.administrators.verify('acme', authorization === undefined ? {} : { authorization }, {});

  it.each([undefined, '', 'Basic YWRtaW46YWRtaW4=', 'DPoP abc.def.ghi', 'Bearerabc.def.ghi', 'abc.def.ghi'])(
    'without bearer token gets a challenge without error: %p',
    async (authorization) => {
      expect(await withHeader(authorization)).toEqual(nobody);
      expect(world.asked).toEqual([]);
    },
  );

  it.each(['Bearer', 'bearer', 'BEARER', 'bEaReR', 'Bearer  '])('names its scheme in any case: %p', async (scheme) => {
    expect(await withHeader(`${scheme} ${await tokenBy(key)}`)).toMatchObject({ ok: true });
    expect(await withHeader(`${scheme} ${await tokenBy(key)} `)).toMatchObject({ ok: true });
  });

  it.each([
    'Bearer',
    'Bearer ',
    'Bearer abc def',
    'Bearer a.b.c, Bearer d.e.f',
    'Bearer "a.b.c"',
    'Bearer a.b.c;x',
    'Bearer a.b.c\u0000',
    'Bearer \u00e5.b.c',
    `Bearer ${'a'.repeat(20_000)}`,
    `Bearer ${' '.repeat(50_000)}a`,
  ])('with something else than one token is refused', async (authorization) => {
    expect(await withHeader(authorization)).toEqual(refused());
    expect(world.asked).toEqual([]);
  });

  it('with two tokens is refused, however good they are', async () => {
    const token = await tokenBy(key);
    expect(await withHeader(`Bearer ${token}, Bearer ${token}`)).toEqual(refused());
    expect(await withHeader(`Bearer ${token} ${token}`)).toEqual(refused());
  });

  it('is the only place: no other header carries a token', async () => {
    const token = await tokenBy(key);
    const headers = {
      'x-authorization': `Bearer ${token}`,
      cookie: `access_token=${token}`,
      'proxy-authorization': `Bearer ${token}`,
    };
    expect(await world.administrators.verify('acme', headers, {})).toEqual(nobody);
  });
});

describe('tokens that are not for this', () => {
  const refuses = async (token: string, told?: string) => expect(await world.verify(token)).toEqual(refused(told));

  it.each([
    ['not of this base', { iss: 'https://evil.example.com/acme/master' }],
    ['of another tenant', { iss: 'https://id.example.com/other/master' }],
    ['of another track', { iss: 'https://id.example.com/acme/-' }],
    ['of the party instead of the track', { iss: `${masterIssuer}/corsac_control(login)` }],
    ['with a slash after it', { iss: `${masterIssuer}/` }],
    ['in another case', { iss: masterIssuer.toUpperCase() }],
    ['missing', { iss: undefined }],
    ['a list', { iss: [masterIssuer] }],
  ])('whose issuer is %s', async (_title, changes) => {
    await refuses(await tokenBy(key, changes));
    expect(world.asked).toEqual([]);
  });

  it('of another tenant, also where the same key signs', async () => {
    world.keys.set('other/master', [{ key, state: 'current' }]);
    world.sessions.set('other/master/s1', {});
    const token = await tokenBy(key, { iss: 'https://id.example.com/other/master' });
    expect(await world.verify(token)).toEqual(refused());
    expect(await world.verify(token, 'other')).toMatchObject({ ok: true, value: { tenant: 'other' } });
  });

  it('by the key of another track of the tenant', async () => {
    world.keys.set('acme/-', [{ key: other, state: 'current' }]);
    await refuses(await tokenBy(other));
  });

  it.each([
    'corsac_control',
    'corsac_control_api2',
    'Corsac_Control_Api',
    ['orders', 'billing'],
    [],
    `${masterIssuer}/corsac_control_api`,
    masterIssuer,
  ])('whose audience is %j', async (aud) => {
    await refuses(await tokenBy(key, { aud }), 'the token is not for corsac_control_api; ask for a scope of it');
  });

  it.each([
    ['malformed audience', { aud: { 0: 'corsac_control_api' } }],
    ['audience among other things', { aud: ['corsac_control_api', 1] }],
    ['no audience', { aud: undefined }],
    ['no subject', { sub: undefined }],
    ['a subject that is no text', { sub: 1 }],
    ['no client', { client_id: undefined }],
    ['a client that is no text', { client_id: ['corsac_control'] }],
    ['no id', { jti: undefined }],
    ['no end', { exp: undefined }],
    ['an end in milliseconds', { exp: (now + 600) * 1000 }],
    ['an end that is text', { exp: String(now + 600) }],
    ['a beginning to come', { nbf: now + 60 }],
  ])('with %s', async (_title, changes) => {
    await refuses(await tokenBy(key, changes));
  });

  it.each([now, now - 1, 0])('that ended at %d', async (exp) => {
    await refuses(await tokenBy(key, { exp }), 'the token has expired');
  });

  it.each(['JWT', 'jwt', 'id_token', 'logout+jwt', 'at', 'at+jwt ', ''])('of the type %p', async (typ) => {
    await refuses(await tokenBy(key, {}, typ));
  });

  it('that are ID tokens', async () => {
    await refuses(await tokenBy(key, { aud: 'corsac_control', nonce: 'n', at_hash: 'h' }, 'JWT'));
    await refuses(await tokenBy(key, { nonce: 'n' }, 'JWT'));
  });

  it('that are bound to a key, because no proof is looked at', async () => {
    for (const cnf of [{ jkt: 'abc' }, { 'x5t#S256': 'abc' }, {}, null])
      await refuses(await tokenBy(key, { cnf }), 'the token is bound to a key; ask for one without DPoP proof');
  });

  it('that were exchanged', async () => {
    const told = 'the token was exchanged; ask for one by a sign-in or by client credentials';
    await refuses(await tokenBy(key, { act: { sub: 'c_orders' } }), told);
    await refuses(
      await tokenBy(key, { act: { sub: 'c_orders' }, sid: undefined, sub: 'c_orders', client_id: 'orders' }),
      told,
    );
  });
});

describe('tokens that nobody here signed, RFC 8725', () => {
  const refuses = async (token: string) => expect(await world.verify(token)).toEqual(refused());

  it.each(['none', 'None', 'NONE', 'nOnE', '', 'HS256'])('without signature, algorithm %p', async (alg) => {
    await refuses(unsecured(alg));
    await refuses(unsecured(alg, { kid: key.kid }));
    await refuses(`${unsecured(alg)}AA`);
  });

  it('with a MAC made of the public key', async () => {
    const publicKey = createPublicKey(key.privateKey);
    const pem = publicKey.export({ type: 'spki', format: 'pem' });
    const der = publicKey.export({ type: 'spki', format: 'der' });
    for (const secret of [pem, der, JSON.stringify(exportPublicJwk(key)), ''])
      for (const header of [{}, { kid: key.kid }]) await refuses(tokenByMac(secret, header));
  });

  it.each([
    ['alg', { alg: 'RS256' }],
    ['alg of another curve', { alg: 'ES384' }],
    ['alg list', { alg: ['ES256'] }],
    ['kid that is no text', { kid: 1 }],
    ['critical extensions', { crit: ['exp'] }],
    ['an unencoded payload', { b64: false, crit: ['b64'] }],
    ['compression', { zip: 'DEF' }],
    ['a key address', { jku: 'https://evil.example.com/keys' }],
    ['a certificate address', { x5u: 'https://evil.example.com/cert' }],
  ])('with a header that names a wrong %s', async (_title, header) => {
    await refuses(tokenWithHeader(key, header));
  });

  it('with a key of their own', async () => {
    await refuses(await tokenBy(other));
    await refuses(tokenWithHeader(other, { jwk: exportPublicJwk(other) }));
    await refuses(tokenWithHeader(other, { kid: key.kid }));
    await refuses(tokenWithHeader(other, { kid: key.kid, jwk: exportPublicJwk(other) }));
    await refuses(tokenWithHeader(other, { kid: undefined }));
  });

  it('whose claims were changed', async () => {
    const [header, , signature] = (await tokenBy(key, { role: 'customer' })).split('.');
    const claims = Buffer.from(JSON.stringify(adminClaims())).toString('base64url');
    await refuses(`${header}.${claims}.${signature}`);
  });

  it('cut, doubled or filled up', async () => {
    const token = await tokenBy(key);
    for (const bad of [
      token.slice(0, -2),
      `${token}.`,
      `${token}.${token}`,
      `${token}==`,
      token.replace('.', '..'),
      'a.b',
      '.',
      '..',
      '...',
    ])
      await refuses(bad);
  });

  it('by a retired key', async () => {
    world.keys.set('acme/master', [
      { key, state: 'retired' },
      { key: other, state: 'current' },
    ]);
    await refuses(await tokenBy(key));
  });
});

describe('the session behind a token', () => {
  const over = 'the session is over; sign in again';

  it('must still be there', async () => {
    const token = await tokenBy(key);
    expect(await world.verify(token)).toMatchObject({ ok: true });
    world.sessions.clear();
    expect(await world.verify(token)).toEqual(refused(over));
  });

  it('must be of this track and tenant', async () => {
    world.sessions.clear();
    for (const place of ['acme/-/s1', 'other/master/s1', 'acme/master/s2']) world.sessions.set(place, {});
    expect(await world.verify(await tokenBy(key))).toEqual(refused(over));
  });

  it.each([
    ['of a user', { sid: undefined }],
    ['of a user who is called like another client', { sid: undefined, sub: 'c_other', client_id: 'robot' }],
  ])('may not be missing in a token %s', async (_title, changes) => {
    expect(await world.verify(await tokenBy(key, changes))).toEqual(refused(over));
  });

  it.each([null, '', 1, ['s1'], {}, 's1/../s2', 's 1', 's'.repeat(201)])(
    'has a name that can be one: %j',
    async (sid) => {
      expect(await world.verify(await tokenBy(key, { sid }))).toEqual(refused());
      expect(world.askedFor(findSessions)).toBe(0);
    },
  );

  it('decides whose roles count: those that another provider claims do not', async () => {
    for (const up_party_type of ['oidc', 'saml2', 'track_link'] as const) {
      world.sessions.set('acme/master/s1', { up_party_type, claims: { role: ['corsac:tenant', 'staff'] } });
      const token = await tokenBy(key, { role: ['corsac:tenant', 'staff'] });
      expect(await world.verify(token)).toMatchObject({ ok: true, value: { roles: [] } });
    }
  });

  it('lets those count that a rule of the client made of what another provider claims', async () => {
    world.sessions.set('acme/master/s1', { up_party_type: 'oidc', claims: { role: 'staff', groups: ['admins'] } });
    const token = await tokenBy(key, { role: ['staff', 'corsac:tenant.read'], up_party_type: 'login' });
    expect(await world.verify(token)).toMatchObject({ ok: true, value: { roles: ['corsac:tenant.read'] } });
  });
});

describe('keys of a tenant', () => {
  it('are asked for once in thirty seconds', async () => {
    const token = await tokenBy(key);
    await Promise.all([world.verify(token), world.verify(token), world.verify(token)]);
    world.state.nowMs += 29_000;
    await world.verify(token);
    expect(world.askedFor(readTrackKeys)).toBe(1);
    world.state.nowMs += 1_000;
    await world.verify(token);
    expect(world.askedFor(readTrackKeys)).toBe(2);
  });

  it('are no longer believed after that when they were withdrawn', async () => {
    const token = await tokenBy(key);
    await world.verify(token);
    world.keys.set('acme/master', [{ key: other, state: 'current' }]);
    expect(await world.verify(token)).toMatchObject({ ok: true });
    world.state.nowMs += 30_000;
    expect(await world.verify(token)).toEqual(refused());
  });

  it('are asked for again at once for one that is new', async () => {
    await world.verify(await tokenBy(key));
    world.keys.set('acme/master', [
      { key, state: 'previous' },
      { key: other, state: 'current' },
    ]);
    world.state.nowMs += 1_000;
    expect(await world.verify(await tokenBy(other))).toMatchObject({ ok: true });
    expect(world.askedFor(readTrackKeys)).toBe(2);
  });

  it('are asked for once a second at most, however many unknown ones are named', async () => {
    for (let at = 0; at < 20; at += 1) await world.verify(tokenWithHeader(other, { kid: `made-up-${at}` }));
    expect(world.askedFor(readTrackKeys)).toBe(1);
    world.state.nowMs += 1_000;
    for (let at = 0; at < 20; at += 1) await world.verify(tokenWithHeader(other, { kid: `made-up-${at}` }));
    expect(world.askedFor(readTrackKeys)).toBe(2);
  });

  it('are held of no more tenants than fit', async () => {
    const tenants = Array.from({ length: 1_001 }, (_, at) => `t${at}`);
    const tokenOf = (tenant: string) => tokenBy(key, { iss: `https://id.example.com/${tenant}/master` });
    for (const tenant of tenants) {
      world.keys.set(`${tenant}/master`, [{ key, state: 'current' }]);
      world.sessions.set(`${tenant}/master/s1`, {});
      expect(await world.verify(await tokenOf(tenant), tenant)).toMatchObject({ ok: true });
    }
    await world.verify(await tokenOf('t1000'), 't1000');
    expect(world.askedFor(readTrackKeys)).toBe(1_001);
    await world.verify(await tokenOf('t0'), 't0');
    expect(world.askedFor(readTrackKeys)).toBe(1_002);
  });
});

describe('what is not there', () => {
  it('is a tenant: it answers like a bad token', async () => {
    const issuer = 'https://id.example.com/nobody/master';
    const bad = await world.verify(await tokenBy(other));
    const answered = await world.verify(await tokenBy(key, { iss: issuer }), 'nobody');
    expect(JSON.parse(JSON.stringify(answered).replaceAll(issuer, masterIssuer))).toEqual(bad);
  });

  it('is the first key of a new tenant: no token can be of it', async () => {
    world.state.keysNotReady = true;
    expect(await world.verify(await tokenBy(key))).toEqual(refused());
    world.state.keysNotReady = false;
    expect(await world.verify(await tokenBy(key))).toMatchObject({ ok: true });
  });

  it.each(['ACME', 'acme/..', '', 'a b', 'a"b', 'acme\r\nx: y', 'a'.repeat(51)])(
    'is a tenant that could not be called so: %j',
    async (tenant) => {
      const token = await tokenBy(key, { iss: `https://id.example.com/${tenant}/master` });
      const answered = await world.verify(token, tenant);
      expect(answered).toMatchObject({ ok: false, error: { status: 401 } });
      expect(JSON.stringify(answered)).not.toMatch(/\\r|\\n/);
      expect(world.asked).toEqual([]);
    },
  );

  it('is the token service: nobody can say whether a token counts', async () => {
    world.state.tokenAway = true;
    expect(await world.verify(await tokenBy(key))).toMatchObject({ ok: false, error: { status: 503 } });
    world.state.tokenAway = false;
    expect(await world.verify(await tokenBy(key))).toMatchObject({ ok: true });
  });

  it('is the session service: a session that nobody can look up is not taken for one', async () => {
    world.state.sessionAway = true;
    const answered = await world.verify(await tokenBy(key));
    expect(answered).toMatchObject({
      ok: false,
      error: { status: 503, detail: expect.stringContaining('session') as string },
    });
    expect(answered).not.toHaveProperty('error.challenge');
  });

  it('is a token in any log', async () => {
    const tokens = await Promise.all([tokenBy(other), tokenBy(key, { exp: 1 }), tokenBy(key, { aud: 'x' }, 'JWT')]);
    for (const token of tokens) await world.verify(token);
    await world.verify('a bad one');
    expect(world.logged.map(({ reason }) => reason)).toEqual(['unknown_kid', 'expired', 'typ_mismatch', 'malformed']);
    for (const token of tokens.flatMap((one) => one.split('.')))
      expect(JSON.stringify(world.logged)).not.toContain(token);
  });
});

import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { issueCode } from '@corsac/contracts';
import { describeWith } from '@corsac/testing/backing';
import { claimsOf, headerOf, ordersRead, shopHeaders, signedIn } from '../fixtures/sign-in-flow.js';
import { ordersSecret, redirectUri, workerSecret } from '../fixtures/tracks.js';
import { basic, signIn, trackIssuerOfShop, World } from '../fixtures/world.js';

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describeWith('postgres', (url) => {
  let world: World;
  beforeAll(async () => {
    world = await World.start(url);
  });
  afterAll(() => world.stop());

  const userinfo = (token: string | undefined, path = '/acme/-/shop/oauth/userinfo') =>
    world.json(path, token === undefined ? {} : { authorization: `Bearer ${token}` });

  describe('UserInfo, OIDC Core 5.3', () => {
    it('answers sub and the claims of the granted scopes in their JSON types, nothing of the protocol', async () => {
      const { body } = await signedIn(world);
      const answer = await userinfo(body.access_token);
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({
        sub: 'login|ada',
        name: 'Ada Lovelace',
        email: 'ada@example.com',
        email_verified: true,
      });
      expect(answer.headers.get('cache-control')).toBe('no-store');
    });

    it('answers again what it answered before', async () => {
      const { body } = await signedIn(world);
      expect((await userinfo(body.access_token)).body).toEqual((await userinfo(body.access_token)).body);
    });

    it('leaves out claims of scopes that were not granted', async () => {
      const { body } = await signedIn(world, { scope: 'openid' });
      expect((await userinfo(body.access_token)).body).toEqual({ sub: 'login|ada' });
    });

    it('takes a token that is meant for an API, by any party of the track', async () => {
      const { body } = await signedIn(world, { scopes: ordersRead });
      expect(claimsOf(body.access_token)['aud']).toBe('orders');
      expect((await userinfo(body.access_token, '/acme/-/spa/oauth/userinfo')).status).toBe(200);
    });

    it('takes the token of a form body, and refuses one beside the header', async () => {
      const { body } = await signedIn(world);
      const form = { access_token: body.access_token };
      expect((await world.post('/acme/-/shop/oauth/userinfo', form)).status).toBe(200);
      const both = await world.post('/acme/-/shop/oauth/userinfo', form, {
        authorization: `Bearer ${body.access_token}`,
      });
      expect([both.status, both.body.error]).toEqual([400, 'invalid_request']);
    });

    it('does not take a token of the query', async () => {
      const { body } = await signedIn(world);
      const answer = await world.json(`/acme/-/shop/oauth/userinfo?access_token=${body.access_token}`);
      expect(answer.status).toBe(401);
    });

    it('refuses a token without openid with insufficient_scope', async () => {
      const headers = { authorization: basic('worker', workerSecret) };
      const { body } = await world.token('worker', { grant_type: 'client_credentials' }, headers);
      const answer = await userinfo(body.access_token);
      expect(answer.status).toBe(403);
      expect(answer.headers.get('www-authenticate')).toContain('error="insufficient_scope"');
    });

    it('answers a bare challenge where no token came, RFC 6750 3.1', async () => {
      const answer = await userinfo(undefined);
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer realm="[^"]+", DPoP realm="[^"]+"/);
      expect(answer.headers.get('www-authenticate')).not.toContain('error');
    });

    it('is signed for a client that wants it so, saying for whom', async () => {
      const track = world.tracks.get('acme/-')!;
      const downParties = track.downParties.map((party) =>
        party.name === 'shop' ? { ...party, userinfo_signed_response_alg: 'RS256' as const } : party,
      );
      world.tracks.set('acme/signed', { ...track, downParties });
      await world.untilKeys('acme/signed');
      const issuer = `${trackIssuerOfShop.replace(/-$/, 'signed')}/shop`;
      const { access_token } = await world.rig.ask('authorize', issueCode, {
        grant: signIn(world, { track: 'signed', issuer }),
        response_types: ['token'],
        redirect_uri: redirectUri,
      });
      const answer = await userinfo(access_token, '/acme/signed/shop/oauth/userinfo');
      expect(answer.headers.get('content-type')).toBe('application/jwt');
      expect(claimsOf(answer.body['text'] as string)).toMatchObject({ iss: issuer, aud: 'shop', sub: 'login|ada' });
    });

    it('answers pages of the party’s own origins', async () => {
      const { body } = await signedIn(world);
      const origin = 'https://spa.example.com';
      const own = await world.json('/acme/-/spa/oauth/userinfo', {
        authorization: `Bearer ${body.access_token}`,
        origin,
      });
      expect(own.headers.get('access-control-allow-origin')).toBe(origin);
      const other = await world.json('/acme/-/spa/oauth/userinfo', { origin: 'https://evil.example' });
      expect(other.headers.get('access-control-allow-origin')).toBeNull();
      const preflight = await world.rig.fetch('/acme/-/spa/oauth/userinfo', { method: 'OPTIONS', headers: { origin } });
      expect(preflight.headers.get('access-control-allow-headers')).toContain('dpop');
    });
  });

  describe('Tokens that are none', () => {
    const refused = async (token: string): Promise<void> => {
      const answer = await userinfo(token);
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"');
    };

    it('refuses an ID token', async () => {
      const { body } = await signedIn(world);
      await refused(body.id_token as string);
    });

    it('refuses a refresh token', async () => {
      const { body } = await signedIn(world, { scope: 'openid offline_access' });
      await refused(body.refresh_token as string);
    });

    it('refuses the token of another track', async () => {
      const { body } = await signedIn(world);
      const answer = await userinfo(body.access_token, '/acme/other/shop/oauth/userinfo');
      expect(answer.status).toBe(401);
    });

    it('refuses a token that has expired, also one that was seen before', async () => {
      const { body } = await signedIn(world);
      expect((await userinfo(body.access_token)).status).toBe(200);
      world.clock.advance(3601);
      await refused(body.access_token as string);
    });

    it('refuses algorithm none, HMAC with the public key, and a key that the token brings along', async () => {
      const { body } = await signedIn(world);
      const [, payload] = (body.access_token as string).split('.') as [string, string];
      const { kid } = headerOf(body.access_token);
      const typ = 'at+jwt';
      await refused(`${part({ alg: 'none', typ, kid })}.${payload}.`);
      await refused(`${part({ alg: 'none', typ, kid })}.${payload}.AA`);
      await refused(`${part({ alg: 'HS256', typ, kid })}.${payload}.${'A'.repeat(43)}`);
      const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const input = `${part({ alg: 'RS256', typ, kid, jwk: publicKey.export({ format: 'jwk' }) })}.${payload}`;
      const signature = sign(
        'sha256',
        Buffer.from(input),
        createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' })),
      );
      await refused(`${input}.${signature.toString('base64url')}`);
    });

    it('refuses a changed payload and a changed signature', async () => {
      const { body } = await signedIn(world);
      const [header, , signature] = (body.access_token as string).split('.') as [string, string, string];
      await refused(`${header}.${part({ ...claimsOf(body.access_token), sub: 'login|eve' })}.${signature}`);
      await refused((body.access_token as string).replace(/.{8}$/, 'AAAAAAAA'));
    });

    it.each(['', 'x', 'a.b', 'a.b.c', `${'a'.repeat(40_000)}`.slice(0, 8_000)])(
      'refuses %#: never a 5xx',
      async (token) => {
        expect((await userinfo(token)).status).toBe(401);
      },
    );
  });

  describe('Revocation, RFC 7009, and introspection, RFC 7662', () => {
    const introspect = async (
      token: string | undefined,
      party = 'shop',
      headers: Record<string, string> = shopHeaders,
    ) => (await world.post(`/acme/-/${party}/oauth/introspect`, { token }, headers)).body;
    const revoke = (token: string | undefined, party = 'shop', headers: Record<string, string> = shopHeaders) =>
      world.post(`/acme/-/${party}/oauth/revoke`, { token }, headers);
    const worker = { authorization: basic('worker', workerSecret) };

    it('tells a client about its own token, with every granted scope', async () => {
      const { body } = await signedIn(world);
      const told = await introspect(body.access_token);
      expect(told).toMatchObject({
        active: true,
        client_id: 'shop',
        scope: 'openid profile email',
        token_type: 'Bearer',
      });
      expect(told).toMatchObject({ sub: 'login|ada', iss: `${trackIssuerOfShop}/shop(login)` });
    });

    it('tells a resource about a token that names it, and nobody else', async () => {
      const { body } = await signedIn(world, { scopes: ordersRead });
      const orders = { authorization: basic('orders', ordersSecret) };
      expect(await introspect(body.access_token, 'orders', orders)).toMatchObject({ active: true, aud: 'orders' });
      expect(await introspect(body.access_token, 'worker', worker)).toEqual({ active: false });
    });

    it('tells a client about its refresh token, only the current one', async () => {
      const { body } = await signedIn(world, { scope: 'openid offline_access' });
      expect(await introspect(body.refresh_token)).toMatchObject({ active: true, client_id: 'shop', sub: 'login|ada' });
      await world.token('shop', { grant_type: 'refresh_token', refresh_token: body.refresh_token }, shopHeaders);
      expect(await introspect(body.refresh_token)).toEqual({ active: false });
    });

    it.each(['', 'x', 'a.b.c'])('says inactive of %j', async (token) => {
      const answer = await world.post('/acme/-/shop/oauth/introspect', { token: token || 'y' }, shopHeaders);
      expect(answer.body).toEqual({ active: false });
    });

    it('answers nobody who does not authenticate', async () => {
      expect((await world.post('/acme/-/spa/oauth/introspect', { token: 'x', client_id: 'spa' })).status).toBe(401);
      expect((await world.post('/acme/-/shop/oauth/introspect', { token: 'x' })).status).toBe(401);
    });

    it('ends one access token and leaves the grant', async () => {
      const { body } = await signedIn(world, { scope: 'openid offline_access' });
      expect((await revoke(body.access_token)).status).toBe(200);
      expect((await userinfo(body.access_token)).status).toBe(401);
      expect(await introspect(body.access_token)).toEqual({ active: false });
      const form = { grant_type: 'refresh_token', refresh_token: body.refresh_token };
      expect((await world.token('shop', form, shopHeaders)).status).toBe(200);
    });

    it('ends a grant with all its tokens by its refresh token', async () => {
      const { body } = await signedIn(world, { scope: 'openid offline_access' });
      expect((await revoke(body.refresh_token)).status).toBe(200);
      expect((await userinfo(body.access_token)).status).toBe(401);
      const form = { grant_type: 'refresh_token', refresh_token: body.refresh_token };
      expect((await world.token('shop', form, shopHeaders)).body.error).toBe('invalid_grant');
    });

    it('ends nothing of another client, and is content with a token that is gone', async () => {
      const { body } = await signedIn(world);
      expect((await revoke(body.access_token, 'worker', worker)).body.error).toBe('unauthorized_client');
      expect((await userinfo(body.access_token)).status).toBe(200);
      expect((await revoke('x')).status).toBe(200);
      await revoke(body.access_token);
      expect((await revoke(body.access_token)).status).toBe(200);
    });
  });
});

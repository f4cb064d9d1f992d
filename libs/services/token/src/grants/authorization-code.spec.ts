import { issueCode, type AuthorizationGrant } from '@corsac/contracts';
import { decodeJwt } from '@corsac/jwt';
import { describeWith } from '@corsac/testing/backing';
import { shopSecret, redirectUri } from '../fixtures/tracks.js';
import { basic, pkce, signIn, trackIssuerOfShop, World, type TokenAnswer } from '../fixtures/world.js';

const claimsOf = (token: string | undefined): Record<string, unknown> => {
  const decoded = decodeJwt(token);
  if (!decoded.ok) throw new Error(decoded.error.message);
  return { ...decoded.value.claims };
};

describeWith('postgres', (url) => {
  let world: World;
  beforeAll(async () => {
    world = await World.start(url);
  });
  afterAll(() => world.stop());

  const shop = { authorization: basic('shop', shopSecret) };
  const proof = pkce();
  const issue = async (parts: Partial<AuthorizationGrant> & { scope?: string } = {}): Promise<string> => {
    const grant = signIn(world, parts);
    const { code } = await world.rig.ask('authorize', issueCode, {
      grant,
      response_types: ['code'],
      redirect_uri: redirectUri,
      code_challenge: proof.code_challenge,
    });
    return code as string;
  };
  const redeem = (code: string, parts: Record<string, string | undefined> = {}, headers = shop): Promise<TokenAnswer> =>
    world.token(
      'shop',
      {
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirectUri,
        code_verifier: proof.code_verifier,
        ...parts,
      },
      headers,
    );

  describe('Authorization code, RFC 6749 4.1.3', () => {
    it('gives an access token and an ID token of the same sign-in', async () => {
      const answer = await redeem(await issue({ nonce: 'n-1' }));
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: 'openid profile email' });
      expect(answer.headers.get('cache-control')).toBe('no-store');
      const access = claimsOf(answer.body.access_token);
      expect(access).toMatchObject({ sub: 'login|ada', client_id: 'shop', aud: 'shop', scope: 'openid profile email' });
      const id = claimsOf(answer.body.id_token);
      expect(id).toMatchObject({ sub: 'login|ada', aud: 'shop', nonce: 'n-1', sid: access['sid'], amr: ['pwd'] });
      expect(id['at_hash']).toEqual(expect.any(String));
    });

    it('keeps the issuer of the authorize request, whatever binding the token endpoint is called by', async () => {
      const code = await issue();
      const answer = await world.post(
        '/acme/-/shop~login~/oauth/token',
        { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: proof.code_verifier },
        shop,
      );
      expect(claimsOf(answer.body.id_token)['iss']).toBe(`${trackIssuerOfShop}/shop(login)`);
      expect(claimsOf(answer.body.access_token)['iss']).toBe(`${trackIssuerOfShop}/shop(login)`);
    });

    it('writes the track as issuer as soon as a resource scope was granted', async () => {
      const scopes = { scope: ['openid', 'orders.read'], resources: ['orders'], resource_scope: true, targeted: false };
      const { body } = await redeem(await issue({ scopes }));
      expect(claimsOf(body.access_token)).toMatchObject({
        iss: trackIssuerOfShop,
        aud: 'orders',
        scope: 'openid orders.read',
      });
      expect(claimsOf(body.id_token)['iss']).toBe(`${trackIssuerOfShop}/shop(login)`);
    });

    it('gives a refresh token only with offline_access', async () => {
      expect((await redeem(await issue())).body.refresh_token).toBeUndefined();
      expect((await redeem(await issue({ scope: 'openid offline_access' }))).body.refresh_token).toEqual(
        expect.any(String),
      );
    });

    it.each([
      ['another redirect_uri', { redirect_uri: `${redirectUri}/` }],
      ['a wrong verifier', { code_verifier: pkce().code_verifier }],
      ['no verifier', { code_verifier: undefined }],
      ['a verifier of 42 characters', { code_verifier: 'a'.repeat(42) }],
    ])('refuses %s with invalid_grant, and the code is spent by it', async (_what, parts) => {
      const code = await issue();
      const refused = await redeem(code, parts);
      expect([refused.status, refused.body.error]).toEqual([400, 'invalid_grant']);
      expect((await redeem(code)).body.error).toBe('invalid_grant');
    });

    it('refuses a code of another client', async () => {
      const code = await issue({ client_id: 'spa' });
      expect((await redeem(code)).body.error).toBe('invalid_grant');
    });

    it('refuses a code of another track', async () => {
      const code = await issue({ track: 'other' });
      expect((await redeem(code)).body.error).toBe('invalid_grant');
    });

    it('refuses a code that is too old', async () => {
      const code = await issue();
      world.clock.advance(31);
      expect((await redeem(code)).body.error).toBe('invalid_grant');
    });

    it.each([
      ['code', { code: undefined }],
      ['redirect_uri', { redirect_uri: undefined }],
      ['grant_type', { grant_type: undefined }],
    ])('asks for %s', async (_name, parts) => {
      expect((await redeem(await issue(), parts as Record<string, string | undefined>)).body.error).toBe(
        'invalid_request',
      );
    });
  });

  describe('Single use, RFC 9700 4.5', () => {
    it('lets exactly one of 20 parallel redemptions through', async () => {
      const code = await issue({ scope: 'openid offline_access' });
      const answers = await Promise.all(Array.from({ length: 20 }, () => redeem(code)));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(answers.filter(({ body }) => body.error === 'invalid_grant')).toHaveLength(19);
    });

    it('revokes on the second use everything that the first one got', async () => {
      const code = await issue({ scope: 'openid offline_access' });
      const { body } = await redeem(code);
      const use = () => world.json('/acme/-/shop/oauth/userinfo', { authorization: `Bearer ${body.access_token}` });
      expect((await use()).status).toBe(200);
      expect((await redeem(code)).body.error).toBe('invalid_grant');
      expect((await use()).status).toBe(401);
      const refreshed = await world.token(
        'shop',
        { grant_type: 'refresh_token', refresh_token: body.refresh_token },
        shop,
      );
      expect(refreshed.body.error).toBe('invalid_grant');
    });
  });
});

import { type SigningKey } from '@corsac/jwt';
import { describeWith } from '@corsac/testing/backing';
import { issueCode } from '@corsac/contracts';
import { clientKey, dpopProof, jktOf, jwtWith } from '../fixtures/proofs.js';
import { claimsOf, signedIn } from '../fixtures/sign-in-flow.js';
import { workerSecret } from '../fixtures/tracks.js';
import { basic, pkce, signIn, trackIssuerOfShop, World, type TokenAnswer } from '../fixtures/world.js';

describeWith('postgres', (url) => {
  let world: World;
  let key: SigningKey;
  beforeAll(async () => {
    world = await World.start(url);
    key = await clientKey();
  });
  afterAll(() => world.stop());

  const tokenUrl = (party: string): string => `${trackIssuerOfShop}/${party}/oauth/token`;
  const userInfoUrl = `${trackIssuerOfShop}/shop/oauth/userinfo`;
  const worker = { authorization: basic('worker', workerSecret) };
  const ask = (dpop: string): Promise<TokenAnswer> =>
    world.token('worker', { grant_type: 'client_credentials' }, { ...worker, dpop });

  describe('DPoP at the token endpoint, RFC 9449 5', () => {
    it('binds the access token to the key of the proof', async () => {
      const { body } = await ask(await dpopProof(key, { url: tokenUrl('worker'), iat: world.now }));
      expect(body['token_type']).toBe('DPoP');
      expect(claimsOf(body.access_token)['cnf']).toEqual({ jkt: jktOf(key) });
    });

    it('takes a proof once', async () => {
      const proof = await dpopProof(key, { url: tokenUrl('worker'), iat: world.now });
      const answers = await Promise.all(Array.from({ length: 10 }, () => ask(proof)));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(answers.find(({ status }) => status !== 200)?.body.error).toBe('invalid_dpop_proof');
    });

    it.each([
      ['another address', { url: 'https://other.example/token' }],
      ['another method', { method: 'GET' }],
      ['the past', { past: 61 }],
      ['the future', { past: -11 }],
    ])('refuses a proof for %s', async (_what, parts: { url?: string; method?: string; past?: number }) => {
      const { past = 0, url: htu = tokenUrl('worker'), method } = parts;
      const { status, body } = await ask(await dpopProof(key, { url: htu, iat: world.now - past, method }));
      expect([status, body.error]).toEqual([400, 'invalid_dpop_proof']);
    });

    it.each(['', 'x', 'a.b.c'])('refuses %j', async (proof) => {
      expect((await ask(proof)).status).toBe(400);
    });

    it('refuses a proof that is no proof by its type', async () => {
      const proof = await jwtWith(
        key,
        { typ: 'JWT' },
        { htm: 'POST', htu: tokenUrl('worker'), iat: world.now, jti: 'x' },
      );
      expect((await ask(proof)).body.error).toBe('invalid_dpop_proof');
    });

    it('is demanded of a client that must bind', async () => {
      const track = world.tracks.get('acme/-')!;
      const downParties = track.downParties.map((party) =>
        party.name === 'worker' ? { ...party, dpop_bound_access_tokens: true } : party,
      );
      world.tracks.set('acme/bound', { ...track, downParties });
      await world.untilKeys('acme/bound');
      const answer = await world.post('/acme/bound/worker/oauth/token', { grant_type: 'client_credentials' }, worker);
      expect(answer.body.error).toBe('invalid_dpop_proof');
    });
  });

  describe('DPoP at UserInfo, RFC 9449 7', () => {
    const bound = async (): Promise<string> => {
      const dpop = await dpopProof(key, { url: tokenUrl('shop'), iat: world.now });
      return (await signedIn(world, {}, { dpop })).body.access_token as string;
    };
    const use = async (access_token: string, scheme: string, proof?: string) =>
      world.json('/acme/-/shop/oauth/userinfo', {
        authorization: `${scheme} ${access_token}`,
        ...(proof !== undefined && { dpop: proof }),
      });
    const proofFor = (access_token: string, by = key) =>
      dpopProof(by, { url: userInfoUrl, iat: world.now, method: 'GET', access_token });

    it('takes a bound token with the proof of its key', async () => {
      const token = await bound();
      expect((await use(token, 'DPoP', await proofFor(token))).status).toBe(200);
    });

    it('refuses it as a bearer token, without proof, and with the proof of another key or token', async () => {
      const token = await bound();
      expect((await use(token, 'Bearer')).status).toBe(401);
      expect((await use(token, 'DPoP')).status).toBe(401);
      expect((await use(token, 'DPoP', await proofFor(token, await clientKey()))).status).toBe(401);
      expect((await use(token, 'DPoP', await proofFor(await bound()))).status).toBe(401);
      const answer = await use(token, 'DPoP');
      expect(answer.headers.get('www-authenticate')).toMatch(/^DPoP .*error="invalid_dpop_proof"/);
    });

    it('refuses a bearer token under the DPoP scheme', async () => {
      const token = (await signedIn(world)).body.access_token as string;
      expect((await use(token, 'DPoP', await proofFor(token))).status).toBe(401);
    });

    it('takes a proof once', async () => {
      const token = await bound();
      const proof = await proofFor(token);
      expect((await use(token, 'DPoP', proof)).status).toBe(200);
      expect((await use(token, 'DPoP', proof)).status).toBe(401);
    });
  });

  describe('Codes and refresh tokens that are bound', () => {
    const spa = 'https://spa.example.com/cb';
    const redeem = async (dpop_jkt: string | undefined, dpop: string | undefined): Promise<TokenAnswer> => {
      const proof = pkce();
      const { code } = await world.rig.ask('authorize', issueCode, {
        grant: signIn(world, { client_id: 'spa', scope: 'openid offline_access' }),
        response_types: ['code'],
        redirect_uri: spa,
        code_challenge: proof.code_challenge,
        dpop_jkt,
      });
      const form = {
        grant_type: 'authorization_code',
        client_id: 'spa',
        code,
        redirect_uri: spa,
        code_verifier: proof.code_verifier,
      };
      return world.token('spa', form, dpop === undefined ? {} : { dpop });
    };
    const proof = (by = key) => dpopProof(by, { url: tokenUrl('spa'), iat: world.now });

    it('refuses a code bound to another key, or redeemed without one, RFC 9449 10', async () => {
      expect((await redeem(jktOf(key), await proof())).status).toBe(200);
      expect((await redeem(jktOf(key), await proof(await clientKey()))).body.error).toBe('invalid_grant');
      expect((await redeem(jktOf(key), undefined)).body.error).toBe('invalid_grant');
    });

    it('keeps the refresh token of a public client with its key', async () => {
      const { body } = await redeem(undefined, await proof());
      const refresh = (refresh_token: string | undefined, dpop?: string) =>
        world.token(
          'spa',
          { grant_type: 'refresh_token', client_id: 'spa', refresh_token },
          dpop === undefined ? {} : { dpop },
        );
      expect((await refresh(body.refresh_token, await proof(await clientKey()))).body.error).toBe('invalid_grant');
      expect((await refresh(body.refresh_token)).body.error).toBe('invalid_grant');
      expect((await refresh(body.refresh_token, await proof())).body['token_type']).toBe('DPoP');
    });
  });
});

import { constants, createHash, publicEncrypt, X509Certificate } from 'node:crypto';
import {
  decryptSamlKey,
  issueCode,
  readTrackKeys,
  rotateKeys,
  signLogoutToken,
  signUpstreamJwt,
  verifyIdTokenHint,
} from '@corsac/contracts';
import { describeWith } from '@corsac/testing/backing';
import { claimsOf, headerOf, shopHeaders, signedIn } from '../fixtures/sign-in-flow.js';
import { redirectUri, settingsWith } from '../fixtures/tracks.js';
import { pkce, shopIssuer, signIn, trackIssuerOfShop, World } from '../fixtures/world.js';

const halfHash = (text: string): string =>
  createHash('sha256').update(text).digest().subarray(0, 16).toString('base64url');

describeWith('postgres', (url) => {
  let world: World;
  beforeAll(async () => {
    world = await World.start(url);
  });
  afterAll(() => world.stop());

  type Word = 'code' | 'token' | 'id_token';
  const issue = (response_types: Word[], parts: Parameters<typeof signIn>[1] = {}) =>
    world.rig.ask('authorize', issueCode, { grant: signIn(world, parts), response_types, redirect_uri: redirectUri });

  describe('Tokens of an authorization response, OIDC Core 3.2 and 3.3', () => {
    it('are none for response type code', async () => {
      expect(Object.keys(await issue(['code']))).toEqual(['code']);
    });

    it('hash into the ID token what goes along with it', async () => {
      const { code, access_token, id_token } = await issue(['code', 'token', 'id_token'], { nonce: 'n' });
      expect(claimsOf(id_token)).toMatchObject({
        nonce: 'n',
        c_hash: halfHash(code as string),
        at_hash: halfHash(access_token as string),
        iss: `${shopIssuer}(login)`,
      });
    });

    it('leave hashes out of what does not go along', async () => {
      const { access_token, id_token } = await issue(['code', 'id_token'], { nonce: 'n' });
      expect(access_token).toBeUndefined();
      expect(claimsOf(id_token)['at_hash']).toBeUndefined();
      expect(claimsOf(id_token)['c_hash']).toEqual(expect.any(String));
    });

    it('put the scope claims into the ID token where no access token will ever be', async () => {
      const alone = claimsOf((await issue(['id_token'], { nonce: 'n' })).id_token);
      expect(alone).toMatchObject({ email_verified: true, name: 'Ada Lovelace' });
      const beside = claimsOf((await issue(['token', 'id_token'], { nonce: 'n' })).id_token);
      expect(beside['email_verified']).toBeUndefined();
    });

    it('fall with the code that is used twice', async () => {
      const proof = pkce();
      const { code, access_token } = await world.rig.ask('authorize', issueCode, {
        grant: signIn(world),
        response_types: ['code', 'token'],
        redirect_uri: redirectUri,
        code_challenge: proof.code_challenge,
      });
      const form = {
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirectUri,
        code_verifier: proof.code_verifier,
      };
      await world.token('shop', form, shopHeaders);
      const use = () => world.json('/acme/-/shop/oauth/userinfo', { authorization: `Bearer ${access_token}` });
      expect((await use()).status).toBe(200);
      await world.token('shop', form, shopHeaders);
      expect((await use()).status).toBe(401);
    });

    it('are refused to a client that is not there', async () => {
      const grant = signIn(world, { client_id: 'nobody' });
      const asked = { grant, response_types: ['code' as const], redirect_uri: redirectUri };
      expect(await world.rig.busOf('authorize').ask(issueCode, asked)).toMatchObject({
        ok: false,
        error: { refusal: 'unknown_client' },
      });
    });

    it('wait for the keys of a new track', async () => {
      world.tracks.set('acme/fresh', world.tracks.get('acme/-')!);
      const asked = {
        grant: signIn(world, { track: 'fresh' }),
        response_types: ['id_token' as const],
        redirect_uri: redirectUri,
      };
      expect(await world.rig.busOf('authorize').ask(issueCode, asked)).toMatchObject({
        ok: false,
        error: { refusal: 'key_not_ready' },
      });
    });
  });

  describe('Hints, RP-Initiated Logout 2', () => {
    const verify = (id_token_hint: string | undefined, client_id: string | undefined = 'shop', track = '-') =>
      world.rig
        .busOf('authorize')
        .ask(verifyIdTokenHint, { tenant: 'acme', track, id_token_hint: id_token_hint ?? '', client_id });

    it('are good whatever their age, binding and the fate of their key', async () => {
      const { body } = await signedIn(world, { sid: 'sid-hint' });
      for (let turn = 0; turn < 3; turn += 1)
        await world.rig.ask('config', rotateKeys, { tenant: 'acme', track: '-', at_once: true });
      world.clock.advance(40 * 86_400);
      const expected = { client_id: 'shop', sub: 'login|ada', sid: 'sid-hint', issuer: `${shopIssuer}(login)` };
      expect(await verify(body.id_token)).toEqual({ ok: true, value: expected });
      expect(await verify(body.id_token, undefined)).toEqual({ ok: true, value: expected });
    });

    it('are refused to another client, from another track, and when they are access tokens or changed', async () => {
      const { body } = await signedIn(world);
      const invalid = { ok: false, error: { refusal: 'invalid' } };
      expect(await verify(body.id_token, 'spa')).toMatchObject(invalid);
      expect(await verify(body.id_token, 'shop', 'other')).toMatchObject(invalid);
      expect(await verify(body.access_token)).toMatchObject(invalid);
      expect(await verify((body.id_token as string).replace(/.{6}$/, 'AAAAAA'))).toMatchObject(invalid);
      expect(await verify('x')).toMatchObject(invalid);
    });
  });

  describe('Artefacts that are signed for other services', () => {
    const at = { tenant: 'acme', track: '-' };

    it('are logout tokens: fresh, short, with the event and without nonce', async () => {
      const request = { ...at, client_id: 'shop', issuer: shopIssuer, jti: 'j-1', sid: 's-1', sub: 'login|ada' };
      const { logout_token } = await world.rig.ask('session', signLogoutToken, request);
      expect(headerOf(logout_token)['typ']).toBe('logout+jwt');
      expect(claimsOf(logout_token)).toEqual({
        iss: shopIssuer,
        aud: 'shop',
        jti: 'j-1',
        sid: 's-1',
        sub: 'login|ada',
        iat: world.now,
        exp: world.now + 120,
        events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
      });
    });

    it('are logout tokens without the subject that was not named', async () => {
      const request = { ...at, client_id: 'shop', issuer: shopIssuer, jti: 'j-1', sid: 's-1' };
      expect(claimsOf((await world.rig.ask('session', signLogoutToken, request)).logout_token)['sub']).toBeUndefined();
    });

    it('are assertions and request objects towards providers above', async () => {
      const claims = { iss: 'us', aud: 'them' };
      const assertion = await world.rig.ask('authorize', signUpstreamJwt, { ...at, use: 'client_assertion', claims });
      expect(claimsOf(assertion.jwt)).toEqual(claims);
      const object = await world.rig.ask('authorize', signUpstreamJwt, { ...at, use: 'request_object', claims });
      expect(headerOf(object.jwt)['typ']).toBe('oauth-authz-req+jwt');
    });

    it('are opened content keys, also of the key before', async () => {
      const { keys } = await world.rig.ask('authorize', readTrackKeys, at);
      const previous = keys.find(({ state }) => state === 'previous') ?? keys[0];
      const { publicKey } = new X509Certificate(Buffer.from(previous?.certificate as string, 'base64'));
      const wrapped = publicEncrypt(
        { key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
        Buffer.from('content key'),
      );
      const request = { ...at, algorithm: 'rsa-oaep', digest: 'sha256', encrypted_key: wrapped.toString('base64') };
      const { key } = await world.rig.ask('authorize', decryptSamlKey, request);
      expect(Buffer.from(key, 'base64').toString()).toBe('content key');
      const broken = { ...request, encrypted_key: Buffer.alloc(256).toString('base64') };
      expect(await world.rig.busOf('authorize').ask(decryptSamlKey, broken)).toMatchObject({
        error: { refusal: 'cannot_decrypt' },
      });
      const old = { ...request, algorithm: 'rsa-1_5' };
      expect(await world.rig.busOf('authorize').ask(decryptSamlKey, old)).toMatchObject({
        error: { refusal: 'unsupported_algorithm' },
      });
    });
  });

  it('signs ID tokens as the client chose, access tokens as the track does', async () => {
    const track = world.tracks.get('acme/-')!;
    const downParties = track.downParties.map((party) =>
      party.name === 'shop' ? { ...party, id_token_signed_response_alg: 'ES256' as const } : party,
    );
    world.tracks.set('acme/mixed', {
      ...track,
      downParties,
      settings: settingsWith({ signing_algs: ['RS256', 'ES256'] }),
    });
    await world.untilKeys('acme/mixed');
    const grant = signIn(world, { track: 'mixed', issuer: `${trackIssuerOfShop.replace(/-$/, 'mixed')}/shop` });
    const request = { grant, response_types: ['token' as const, 'id_token' as const], redirect_uri: redirectUri };
    const { access_token, id_token } = await world.rig.ask('authorize', issueCode, request);
    expect([headerOf(access_token)['alg'], headerOf(id_token)['alg']]).toEqual(['RS256', 'ES256']);
  });
});

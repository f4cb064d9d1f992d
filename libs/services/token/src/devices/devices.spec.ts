import { decideDeviceRequest, findDeviceRequest, takePushedRequest } from '@corsac/contracts';
import { describeWith } from '@corsac/testing/backing';
import { claimsOf, shopHeaders } from '../fixtures/sign-in-flow.js';
import { redirectUri, workerSecret } from '../fixtures/tracks.js';
import { base, basic, pkce, shopIssuer, signIn, World, type TokenAnswer } from '../fixtures/world.js';

describeWith('postgres', (url) => {
  let world: World;
  beforeAll(async () => {
    world = await World.start(url);
  });
  afterAll(() => world.stop());

  const at = { tenant: 'acme', track: '-' };

  describe('Device grant, RFC 8628', () => {
    const begin = async (
      form: Record<string, string> = { scope: 'openid offline_access' },
    ): Promise<Record<string, string>> =>
      (await world.post('/acme/-/shop(login)/oauth/device_authorization', form, shopHeaders)).body as Record<
        string,
        string
      >;
    const poll = (device_code: string | undefined): Promise<TokenAnswer> =>
      world.token('shop', { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code }, shopHeaders);
    const find = (user_code: string | undefined) =>
      world.rig.ask('authorize', findDeviceRequest, { ...at, user_code: user_code ?? '' });
    const allow = (device_id: string, parts = {}) =>
      world.rig.busOf('authorize').ask(decideDeviceRequest, {
        ...at,
        device_id,
        decision: { kind: 'allow', grant: signIn(world, parts) },
      });

    it('gives codes and the address where the user goes', async () => {
      const codes = await begin();
      expect(codes).toMatchObject({ expires_in: 600, interval: 5, verification_uri: `${base}/acme/-/device` });
      expect(codes['user_code']).toMatch(/^[A-Z]{4}-[A-Z]{4}$/);
    });

    it('shows the user what is asked, however the code is typed', async () => {
      const codes = await begin();
      const typed = codes['user_code']?.toLowerCase().replace('-', ' ');
      expect(await find(typed)).toMatchObject({
        client_id: 'shop',
        issuer: `${shopIssuer}(login)`,
        scope: 'openid offline_access',
        up_parties: ['login'],
      });
    });

    it('waits, then gives tokens of the sign-in once', async () => {
      const codes = await begin();
      expect((await poll(codes['device_code'])).body.error).toBe('authorization_pending');
      const { device_id } = await find(codes['user_code']);
      expect((await allow(device_id)).ok).toBe(true);
      world.clock.advance(6);
      const { status, body } = await poll(codes['device_code']);
      expect(status).toBe(200);
      expect(claimsOf(body.id_token)).toMatchObject({ sub: 'login|ada', iss: `${shopIssuer}(login)` });
      expect(body['scope']).toBe('openid offline_access');
      expect(body.refresh_token).toEqual(expect.any(String));
      world.clock.advance(6);
      expect((await poll(codes['device_code'])).body.error).toBe('invalid_grant');
    });

    it('gives tokens to exactly one of 20 parallel polls', async () => {
      const codes = await begin();
      await allow((await find(codes['user_code'])).device_id);
      const answers = await Promise.all(Array.from({ length: 20 }, () => poll(codes['device_code'])));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    });

    it('tells who polls too often to slow down', async () => {
      const codes = await begin();
      await poll(codes['device_code']);
      expect((await poll(codes['device_code'])).body.error).toBe('slow_down');
    });

    it('tells that the user refused, and that the time is over', async () => {
      const denied = await begin();
      const { device_id } = await find(denied['user_code']);
      await world.rig.ask('authorize', decideDeviceRequest, { ...at, device_id, decision: { kind: 'deny' } });
      expect((await poll(denied['device_code'])).body.error).toBe('access_denied');
      const late = await begin();
      world.clock.advance(601);
      expect((await poll(late['device_code'])).body.error).toBe('expired_token');
    });

    it('takes the user’s word once, and only for the client that was shown', async () => {
      const codes = await begin();
      const { device_id } = await find(codes['user_code']);
      expect((await allow(device_id, { client_id: 'spa' })).ok).toBe(false);
      const words = await Promise.all([allow(device_id), allow(device_id), allow(device_id)]);
      expect(words.filter(({ ok }) => ok)).toHaveLength(1);
      expect(
        (await world.rig.busOf('authorize').ask(findDeviceRequest, { ...at, user_code: codes['user_code'] ?? '' })).ok,
      ).toBe(false);
    });

    it('is refused to a client without the grant, and a code to another client', async () => {
      const worker = { authorization: basic('worker', workerSecret) };
      const refused = await world.post('/acme/-/worker/oauth/device_authorization', {}, worker);
      expect(refused.body.error).toBe('unauthorized_client');
      expect((await poll('x')).body.error).toBe('invalid_grant');
    });
  });

  describe('Pushed authorization requests, RFC 9126', () => {
    const request = () => ({
      client_id: 'shop',
      response_type: 'code',
      redirect_uri: redirectUri,
      scope: 'openid profile',
      state: 's-1',
      code_challenge: pkce().code_challenge,
      code_challenge_method: 'S256',
    });
    const push = (form: Record<string, string | string[]>) => world.post('/acme/-/shop/oauth/par', form, shopHeaders);
    const take = (request_uri: unknown, client_id = 'shop') =>
      world.rig.busOf('authorize').ask(takePushedRequest, { ...at, client_id, request_uri: String(request_uri) });

    it('are answered with a request_uri that gives the parameters once', async () => {
      const pushed = request();
      const { status, body } = await push(pushed);
      expect([status, body['expires_in']]).toEqual([201, 60]);
      const first = await take(body['request_uri']);
      expect(first.ok && Object.fromEntries(first.value.parameters)).toMatchObject(pushed);
      expect(await take(body['request_uri'])).toMatchObject({ ok: false, error: { refusal: 'unknown_or_used' } });
    });

    it('are not for another client, and asking does not use them up', async () => {
      const { body } = await push(request());
      expect(await take(body['request_uri'], 'spa')).toMatchObject({ error: { refusal: 'other_client' } });
      expect((await take(body['request_uri'])).ok).toBe(true);
    });

    it('do not keep what proved the client', async () => {
      const { body } = await world.post('/acme/-/shop/oauth/par', {
        ...request(),
        client_secret: 'shop-secret-0123456789',
      });
      const taken = await take(body['request_uri']);
      expect(JSON.stringify(taken)).not.toContain('secret');
    });

    it.each([
      ['another redirect_uri', { redirect_uri: 'https://evil.example/cb' }, 'invalid_request'],
      ['an unknown scope', { scope: 'openid nothing' }, 'invalid_scope'],
      ['a request_uri', { request_uri: 'urn:x' }, 'invalid_request'],
      ['a request object of a client without keys', { request: 'a.b.c' }, 'request_not_supported'],
    ])('refuse %s', async (_what, parts, error) => {
      const { status, body } = await push({ ...request(), ...parts });
      expect([status, body.error]).toEqual([400, error]);
    });

    it('are over after a minute', async () => {
      const { body } = await push(request());
      world.clock.advance(61);
      expect((await take(body['request_uri'])).ok).toBe(false);
    });
  });
});

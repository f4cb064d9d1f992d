import { randomUUID } from 'node:crypto';
import { sessionEndedNotice } from '@corsac/contracts';
import { exportPublicJwk, generateSigningKey, signJwt, type SigningKey } from '@corsac/jwt';
import { fail, ok } from '@corsac/outcome';
import type { OutboundClient } from '@corsac/outbound';
import { testMasterKeys } from '@corsac/testing';
import { describeWith } from '@corsac/testing/backing';
import { claimsOf, ordersRead, shopHeaders, signedIn } from '../fixtures/sign-in-flow.js';
import { ordersSecret, shopTrack, upParty, workerSecret } from '../fixtures/tracks.js';
import { basic, trackIssuerOfShop, World, type TokenAnswer } from '../fixtures/world.js';

const partner = 'https://partner.example.com';

/** The partner's discovery document and keys. */
class Partner {
  key!: SigningKey;
  asked = 0;
  document: Record<string, unknown> = { issuer: partner, jwks_uri: `${partner}/keys` };

  readonly outbound: OutboundClient = {
    get: async (url) => {
      this.asked += 1;
      const pages: Record<string, object> = {
        [`${partner}/.well-known/openid-configuration`]: this.document,
        [`${partner}/keys`]: { keys: [exportPublicJwk(this.key)] },
      };
      const page = pages[url];
      if (!page) return fail({ kind: 'unreachable', detail: url });
      const body = Buffer.from(JSON.stringify(page));
      return ok({ status: 200, headers: {}, body, text: () => body.toString(), json: () => page, url });
    },
    post: async () => fail({ kind: 'unreachable', detail: 'nobody' }),
  };
}

describeWith('postgres', (url) => {
  let world: World;
  const provider = new Partner();
  beforeAll(async () => {
    provider.key = await generateSigningKey('ES256');
    const keys = testMasterKeys();
    const track = await shopTrack(keys);
    track.upParties.push(
      upParty({
        type: 'oauth2',
        name: 'partner',
        authority: partner,
        sp_issuer: 'orders-at-partner',
        claim_transforms: [{ type: 'map', claims_in: ['division'], claim_out: 'department' }],
      }),
    );
    track.downParties = track.downParties.map((party) =>
      party.name === 'orders'
        ? { ...party, allow_up_parties: ['login', 'partner'], claims: [{ claim: '*', values: [], in_id_token: false }] }
        : party,
    ) as typeof track.downParties;
    world = await World.start(url, {
      tracks: { 'acme/-': track, 'acme/other': await shopTrack(keys) },
      outbound: provider.outbound,
    });
  });
  afterAll(() => world.stop());

  const orders = { authorization: basic('orders', ordersSecret) };
  const grant_type = 'urn:ietf:params:oauth:grant-type:token-exchange';
  const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';
  const exchange = (
    subject_token: string | undefined,
    parts: Record<string, string | string[] | undefined> = {},
  ): Promise<TokenAnswer> =>
    world.token('orders', { grant_type, subject_token, subject_token_type: accessTokenType, ...parts }, orders);
  const callerToken = async (parts = {}): Promise<string> =>
    (await signedIn(world, { scopes: ordersRead, ...parts })).body.access_token as string;

  describe('Token exchange within a track, RFC 8693', () => {
    it('gives the API a token of its own for the next API, in the name of the user', async () => {
      const { status, body } = await exchange(await callerToken(), { scope: 'billing.charge' });
      expect(status).toBe(200);
      expect(body).toMatchObject({ issued_token_type: accessTokenType, token_type: 'Bearer', scope: 'billing.charge' });
      expect(body.refresh_token ?? body.id_token).toBeUndefined();
      expect(claimsOf(body.access_token)).toMatchObject({
        iss: trackIssuerOfShop,
        aud: 'billing',
        sub: 'login|ada',
        client_id: 'orders',
        act: { sub: 'c_orders' },
      });
    });

    it('gives the whole whitelist of a target without scope, by resource or audience', async () => {
      const token = await callerToken();
      for (const target of [
        { resource: 'billing' },
        { audience: 'billing' },
        { resource: `${trackIssuerOfShop}/billing` },
      ]) {
        expect((await exchange(token, target)).body['scope']).toBe('billing.charge');
      }
    });

    it('keeps the chain of actors', async () => {
      const first = await exchange(await callerToken(), { scope: 'billing.charge' });
      const second = await world.token(
        'orders',
        { grant_type, subject_token: first.body.access_token, subject_token_type: accessTokenType },
        orders,
      );
      // The token is for billing: orders may not exchange it again.
      expect(second.body.error).toBe('invalid_request');
      const actor = (
        await world.token(
          'worker',
          { grant_type: 'client_credentials', scope: 'orders.read' },
          { authorization: basic('worker', workerSecret) },
        )
      ).body;
      const nested = await exchange(await callerToken(), {
        actor_token: actor.access_token,
        actor_token_type: accessTokenType,
      });
      expect(claimsOf(nested.body.access_token)['act']).toEqual({ sub: 'c_worker' });
    });

    it.each([
      ['a scope outside the whitelist', { scope: 'billing.refund' }, 'invalid_scope'],
      ['a resource outside the whitelist', { resource: 'orders' }, 'invalid_target'],
      ['one good and one bad target', { resource: ['billing', 'shop'] }, 'invalid_target'],
      ['an unknown type of token', { subject_token_type: 'urn:x' }, 'invalid_request'],
      ['an ID token', { subject_token_type: 'urn:ietf:params:oauth:token-type:id_token' }, 'invalid_request'],
      [
        'a wish for an ID token',
        { requested_token_type: 'urn:ietf:params:oauth:token-type:id_token' },
        'invalid_request',
      ],
      ['an actor type without actor', { actor_token_type: accessTokenType }, 'invalid_request'],
    ])('refuses %s', async (_what, parts, error) => {
      const { status, body } = await exchange(await callerToken(), parts);
      expect([status, body.error]).toEqual([400, error]);
    });

    it('refuses a token that is not meant for the exchanging client', async () => {
      const { body } = await signedIn(world);
      expect((await exchange(body.access_token)).body.error).toBe('invalid_request');
    });

    it('refuses ID tokens, tokens of another track, expired and changed ones', async () => {
      const { body } = await signedIn(world, { scopes: ordersRead });
      expect((await exchange(body.id_token)).body.error).toBe('invalid_request');
      expect((await exchange('a.b.c')).body.error).toBe('invalid_request');
      expect((await exchange((body.access_token as string).replace(/.{8}$/, 'AAAAAAAA'))).body.error).toBe(
        'invalid_request',
      );
      const path = '/acme/other/orders/oauth/token';
      const form = { grant_type, subject_token: body.access_token, subject_token_type: accessTokenType };
      expect((await world.post(path, form, orders)).body.error).toBe('invalid_request');
      world.clock.advance(3601);
      expect((await exchange(body.access_token)).body.error).toBe('invalid_request');
    });

    it('refuses a token of an ended session, and what was made of it falls as well', async () => {
      const token = await callerToken({ sid: 'sid-ended' });
      const made = (await exchange(token, { scope: 'billing.charge' })).body.access_token;
      const ended = {
        tenant: 'acme',
        track: '-',
        sid: 'sid-ended',
        sub: 'login|ada',
        up_party: 'login',
        cause: 'user' as const,
        ended_at: world.now,
      };
      await world.rig.busOf('session').publish(sessionEndedNotice, { ended: [ended] });
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect((await exchange(token)).body.error).toBe('invalid_request');
      const told = await world.post('/acme/-/orders/oauth/introspect', { token: made }, orders);
      expect(told.body).toEqual({ active: false });
    });

    it('needs a client that has the grant', async () => {
      const form = { grant_type, subject_token: await callerToken(), subject_token_type: accessTokenType };
      expect((await world.token('shop', form, shopHeaders)).body.error).toBe('unauthorized_client');
    });
  });

  describe('Token exchange by trust', () => {
    const claims = (parts: object = {}) => ({
      iss: partner,
      sub: 'u-1',
      aud: 'orders-at-partner',
      exp: world.now + 600,
      division: 'steam',
      jti: randomUUID(),
      ...parts,
    });
    const token = async (parts: object = {}, key = provider.key, typ = 'at+jwt') =>
      signJwt({ typ }, claims(parts), key);

    it('takes a partner’s token by its own keys; its subject is the one that a sign-in by it gives', async () => {
      const { status, body } = await exchange(await token(), { scope: 'billing.charge' });
      expect(status).toBe(200);
      expect(claimsOf(body.access_token)).toMatchObject({
        sub: 'partner|u-1',
        auth_method: 'partner',
        auth_method_type: 'oauth2',
        auth_method_issuer: `partner|${partner}`,
        department: 'steam',
        act: { sub: 'c_orders' },
      });
    });

    it('says by which of our up-parties it came, whatever the partner said of its own', async () => {
      const { body } = await exchange(await token({ up_party: 'login', up_party_type: 'login', auth_method: 'login' }));
      expect(claimsOf(body.access_token)).toMatchObject({
        up_party: 'partner',
        up_party_type: 'oauth2',
        auth_method: 'partner',
      });
    });

    it('does not outlive the partner’s token', async () => {
      expect((await exchange(await token({ exp: world.now + 100 }))).body['expires_in']).toBe(100);
    });

    it.each([
      ['for another audience', { aud: 'somebody' }],
      ['of another issuer', { iss: 'https://evil.example' }],
      ['that has expired', { exp: 1 }],
      ['without subject', { sub: undefined }],
      ['that is an ID token by its marks', { nonce: 'n', at_hash: 'h' }],
    ])('refuses one %s', async (_what, parts) => {
      expect((await exchange(await token(parts, provider.key, 'JWT'))).body.error).toBe('invalid_request');
    });

    it('refuses one by another key', async () => {
      expect((await exchange(await token({}, await generateSigningKey('ES256')))).body.error).toBe('invalid_request');
    });

    it('lets only the party act that the token names', async () => {
      expect((await exchange(await token({ may_act: { sub: 'somebody' } }))).body.error).toBe('invalid_request');
      expect((await exchange(await token({ may_act: { sub: 'c_orders' } }))).status).toBe(200);
    });

    it('keeps the actors that the token brings', async () => {
      const { body } = await exchange(await token({ act: { sub: 'gateway' } }));
      expect(claimsOf(body.access_token)['act']).toEqual({ sub: 'c_orders', act: { sub: 'gateway' } });
    });

    it('reads new keys of the partner at once, and the old ones count no more', async () => {
      const before = provider.key;
      provider.key = await generateSigningKey('ES256');
      world.clock.advance(31);
      expect((await exchange(await token())).status).toBe(200);
      expect((await exchange(await token({}, before))).body.error).toBe('invalid_request');
    });

    it('is not a trust of clients that do not allow the up-party', async () => {
      const path = '/acme/other/orders/oauth/token';
      const form = { grant_type, subject_token: await token(), subject_token_type: accessTokenType };
      expect((await world.post(path, form, orders)).body.error).toBe('invalid_request');
    });
  });
});

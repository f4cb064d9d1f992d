import { decodeJwt } from '@corsac/jwt';
import { testMasterKeys } from '@corsac/testing';
import { describeWith } from '@corsac/testing/backing';
import { downParty, keptSecret, ordersSecret, shopSecret, workerSecret } from '../fixtures/tracks.js';
import { basic, trackIssuerOfShop, World } from '../fixtures/world.js';

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

  const worker = { authorization: basic('worker', workerSecret) };
  const grant_type = 'client_credentials';

  describe('Client credentials, RFC 6749 4.4', () => {
    it('gives an access token of the client itself, without ID or refresh token', async () => {
      const { status, body } = await world.token('worker', { grant_type, scope: 'orders.read' }, worker);
      expect(status).toBe(200);
      expect(Object.keys(body).sort()).toEqual(['access_token', 'expires_in', 'scope', 'token_type']);
      expect(claimsOf(body.access_token)).toMatchObject({
        iss: trackIssuerOfShop,
        sub: 'c_worker',
        client_id: 'worker',
        aud: 'orders',
        scope: 'orders.read',
      });
    });

    it('writes at+jwt into the header and signs with the track key', async () => {
      const { body } = await world.token('worker', { grant_type }, worker);
      const decoded = decodeJwt(body.access_token);
      const keys = await world.json('/acme/-/.well-known/openid-configuration/keys');
      const kids = (keys.body['keys'] as { kid: string }[]).map(({ kid }) => kid);
      expect(decoded.ok && decoded.value.header).toMatchObject({ typ: 'at+jwt', alg: 'RS256', kid: kids[0] });
    });

    it('takes the secret from the form as well', async () => {
      const form = { grant_type, client_id: 'worker', client_secret: workerSecret };
      expect((await world.token('worker', form)).status).toBe(200);
    });

    it('answers the colon form of a scope in the form asked', async () => {
      const { body } = await world.token('worker', { grant_type, scope: 'orders:read' }, worker);
      expect(body['scope']).toBe('orders:read');
    });

    it('refuses a scope outside the whitelist', async () => {
      const { status, body } = await world.token('worker', { grant_type, scope: 'orders.write' }, worker);
      expect([status, body.error]).toEqual([400, 'invalid_scope']);
    });

    it('carries the binding of its own address in the issuer when it is its own audience', async () => {
      const own = await world.post(
        '/acme/-/shop(login)/oauth/token',
        { grant_type },
        {
          authorization: basic('shop', shopSecret),
        },
      );
      expect(claimsOf(own.body.access_token)).toMatchObject({ iss: `${trackIssuerOfShop}/shop(login)`, aud: 'shop' });
    });

    it('runs the transforms of the party', async () => {
      const name = 'acme/transforming';
      const secret = await keptSecret('s-0123456789', testMasterKeys());
      const transform = { type: 'constant', claim_out: 'department', transformation: 'engines' };
      const party = downParty({
        type: 'oauth2',
        name: 'robot',
        secrets: [secret],
        claim_transforms: [transform],
        claims: [{ claim: 'department' }],
        grant_types: ['client_credentials'],
      });
      world.tracks.set(name, { ...world.tracks.get('acme/-')!, downParties: [party] });
      await world.untilKeys(name);
      const headers = { authorization: basic('robot', 's-0123456789') };
      const { body } = await world.post(`/${name}/robot/oauth/token`, { grant_type }, headers);
      expect(claimsOf(body.access_token)['department']).toBe('engines');
    });
  });

  describe('The secret of a client that is kept without fingerprint under the first master key', () => {
    it('gets one when it is right, and not when another one is tried', async () => {
      const name = 'acme/imported';
      const { fingerprint, ...secret } = await keptSecret('s-imported-0123456789', testMasterKeys());
      const party = downParty({
        type: 'oauth2',
        name: 'robot',
        secrets: [secret],
        grant_types: ['client_credentials'],
      });
      world.tracks.set(name, { ...world.tracks.get('acme/-')!, downParties: [party] });
      await world.untilKeys(name);
      for (const text of ['wrong', 's-imported-0123456789', 's-imported-0123456789'])
        await world.post(`/${name}/robot/oauth/token`, { grant_type }, { authorization: basic('robot', text) });
      for (let tries = 0; tries < 100 && world.renewed.length === 0; tries += 1)
        await new Promise((resolve) => setTimeout(resolve, 50));
      expect(world.renewed).toEqual([
        { tenant: 'acme', track: 'imported', party: 'robot', secret: secret.id, fingerprint },
      ]);
    });
  });

  describe('Grant types, RFC 6749 5.2', () => {
    it.each(['password', 'implicit', 'urn:example:own'])('answers unsupported_grant_type to %s', async (asked) => {
      const { status, body } = await world.token('worker', { grant_type: asked }, worker);
      expect([status, body.error]).toEqual([400, 'unsupported_grant_type']);
    });

    it('answers unauthorized_client to a grant that the client does not have', async () => {
      const { body } = await world.token('worker', { grant_type: 'authorization_code', code: 'x' }, worker);
      expect(body.error).toBe('unauthorized_client');
    });

    it('does not give client credentials to a public client', async () => {
      const { body } = await world.token('spa', { grant_type, client_id: 'spa' });
      expect(body.error).toBe('unauthorized_client');
    });
  });

  describe('Client authentication, RFC 6749 2.3', () => {
    const answers = async (form: Record<string, string | string[]>, headers = {}, party = 'worker') => {
      const { status, body } = await world.token(party, { grant_type, ...form }, headers);
      return [status, body.error];
    };

    it('refuses a wrong secret, an empty one, one of another client and an unknown client alike', async () => {
      for (const secret of ['wrong', '', ordersSecret]) {
        expect(await answers({}, { authorization: basic('worker', secret) })).toEqual([401, 'invalid_client']);
      }
      expect(await answers({}, { authorization: basic('nobody', workerSecret) }, 'nobody')).toEqual([
        401,
        'invalid_client',
      ]);
      expect(await answers({}, { authorization: basic('nobody', workerSecret) })).toEqual([401, 'invalid_client']);
    });

    it('tells who tried by the header which scheme it takes, and nobody else', async () => {
      const tried = await world.token('worker', { grant_type }, { authorization: basic('worker', 'wrong') });
      expect(tried.headers.get('www-authenticate')).toMatch(/^Basic realm=/);
      const form = { grant_type, client_id: 'worker', client_secret: 'wrong' };
      expect((await world.token('worker', form)).headers.get('www-authenticate')).toBeNull();
    });

    it('refuses two ways in one request', async () => {
      expect(await answers({ client_secret: workerSecret }, worker)).toEqual([400, 'invalid_request']);
      expect(await answers({ client_assertion: 'x', client_secret: 'y' })).toEqual([400, 'invalid_request']);
    });

    it('refuses a confidential client that proves nothing', async () => {
      expect(await answers({ client_id: 'worker' })).toEqual([401, 'invalid_client']);
      expect(await answers({})).toEqual([401, 'invalid_client']);
    });

    it('authenticates before it looks at the grant', async () => {
      expect(await answers({ grant_type: 'password' }, { authorization: basic('worker', 'wrong') })).toEqual([
        401,
        'invalid_client',
      ]);
    });

    it.each(['Basic', 'Basic !!!', 'Basic Og==', `Basic ${'A'.repeat(9_000)}`, 'Bearer x'])(
      'refuses the header %.20s without failing',
      async (authorization) => {
        expect((await world.token('worker', { grant_type }, { authorization })).status).toBe(401);
      },
    );
  });

  describe('Pages of other origins', () => {
    it('may read answers and errors of the party that names them, and of no other', async () => {
      const origin = 'https://spa.example.com';
      const form = { grant_type: 'refresh_token', client_id: 'spa' };
      const own = await world.token('spa', form, { origin });
      expect([own.status, own.headers.get('access-control-allow-origin')]).toEqual([400, origin]);
      const strange = await world.token('spa', form, { origin: 'https://evil.example' });
      expect(strange.headers.get('access-control-allow-origin')).toBeNull();
      const other = await world.token('worker', form, { origin });
      expect(other.headers.get('access-control-allow-origin')).toBeNull();
      const preflight = await world.rig.fetch('/acme/-/spa/oauth/token', { method: 'OPTIONS', headers: { origin } });
      expect(preflight.headers.get('access-control-allow-origin')).toBe(origin);
    });
  });

  describe('Malformed requests', () => {
    it.each(['grant_type', 'scope', 'client_id'])('refuses a repeated %s', async (name) => {
      const body = `grant_type=${grant_type}&${name}=a&${name}=b`;
      const answer = await world.post('/acme/-/worker/oauth/token', body, worker);
      expect([answer.status, answer.body.error]).toEqual([400, 'invalid_request']);
    });

    it.each([
      ['oversized', `grant_type=${grant_type}&scope=${'a'.repeat(3000)}`],
      ['with broken escapes', 'grant_type=%zz'],
      ['with too many parameters', Array.from({ length: 200 }, (_one, index) => `p${index}=1`).join('&')],
      ['empty', ''],
    ])('refuses a form that is %s', async (_what, body) => {
      const answer = await world.post('/acme/-/worker/oauth/token', body, worker);
      expect([answer.status, answer.body.error]).toEqual([400, 'invalid_request']);
    });

    it.each(['application/json', 'text/plain', 'multipart/form-data; boundary=x'])(
      'refuses a body of type %s',
      async (type) => {
        const answer = await world.post('/acme/-/worker/oauth/token', '{"grant_type":"client_credentials"}', {
          ...worker,
          'content-type': type,
        });
        expect([answer.status, answer.body.error]).toEqual([400, 'invalid_request']);
      },
    );

    it('does not look at the query', async () => {
      const path = `/acme/-/worker/oauth/token?grant_type=${grant_type}&client_id=worker&client_secret=${workerSecret}`;
      expect((await world.post(path, {})).status).toBe(401);
    });

    it.each(['/acme/-/Worker/oauth/token', '/acme/nothing/worker/oauth/token', '/acme/-/worker(/oauth/token'])(
      'answers 401 to the address %s, as to a wrong secret',
      async (path) => {
        expect((await world.post(path, { grant_type }, worker)).status).toBe(401);
      },
    );
  });
});

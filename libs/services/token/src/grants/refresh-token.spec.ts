import { configurationChangedNotice, endGrants, listGrants, sessionEnded } from '@corsac/contracts';
import { describeWith } from '@corsac/testing/backing';
import { claimsOf, shopHeaders, signedIn } from '../fixtures/sign-in-flow.js';
import { ordersSecret } from '../fixtures/tracks.js';
import { basic, shopIssuer, World, type TokenAnswer } from '../fixtures/world.js';

describeWith('postgres', (url) => {
  let world: World;
  beforeAll(async () => {
    world = await World.start(url);
  });
  afterAll(() => world.stop());

  const offline = 'openid profile email offline_access';
  const refresh = (
    refresh_token: string | undefined,
    parts = {},
    headers: Record<string, string> = shopHeaders,
  ): Promise<TokenAnswer> => world.token('shop', { grant_type: 'refresh_token', refresh_token, ...parts }, headers);
  const begin = async (): Promise<string> => (await signedIn(world, { scope: offline })).body.refresh_token as string;

  const changeShop = async (parts: object): Promise<void> => {
    const track = world.tracks.get('acme/-')!;
    const downParties = track.downParties.map((party) => (party.name === 'shop' ? { ...party, ...parts } : party));
    world.tracks.set('acme/-', { ...track, version: track.version + 1, downParties });
    await world.rig.busOf('config').publish(configurationChangedNotice, {
      changes: [{ number: track.version, tenant: 'acme', track: '-' }],
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
  };

  describe('Refresh token, RFC 6749 6', () => {
    it('gives new tokens of the same sign-in: same issuer, same session, no nonce', async () => {
      const first = await signedIn(world, { scope: offline, nonce: 'n-1', sid: 'sid-same' });
      const { status, body } = await refresh(first.body.refresh_token);
      expect(status).toBe(200);
      expect(claimsOf(body.id_token)).toMatchObject({ iss: `${shopIssuer}(login)`, sid: 'sid-same', sub: 'login|ada' });
      expect(claimsOf(body.id_token)['nonce']).toBeUndefined();
      expect(claimsOf(body.id_token)['auth_time']).toBe(claimsOf(first.body.id_token)['auth_time']);
      expect(body['scope']).toBe(offline);
    });

    it('rotates on every use', async () => {
      let token: string | undefined = await begin();
      const seen = new Set([token]);
      for (let round = 0; round < 5; round += 1) {
        const { status, body }: TokenAnswer = await refresh(token);
        expect(status).toBe(200);
        token = body.refresh_token;
        seen.add(token as string);
      }
      expect(seen.size).toBe(6);
    });

    it('narrows to the scope that is asked, for this answer only', async () => {
      const { body } = await refresh(await begin(), { scope: 'openid' });
      expect(body['scope']).toBe('openid');
      expect((await refresh(body.refresh_token)).body['scope']).toBe(offline);
    });

    it('refuses a wider scope, and the token is still good', async () => {
      const token = await begin();
      expect((await refresh(token, { scope: 'openid orders.read' })).body.error).toBe('invalid_scope');
      expect((await refresh(token, { resource: 'billing' })).body.error).toBe('invalid_target');
      expect((await refresh(token)).status).toBe(200);
    });

    it('refuses the token of another client, and it is still good for its own', async () => {
      const token = await begin();
      const other = await world.token('spa', { grant_type: 'refresh_token', refresh_token: token, client_id: 'spa' });
      expect(other.body.error).toBe('invalid_grant');
      expect((await refresh(token)).status).toBe(200);
    });

    it('refuses a client without the grant', async () => {
      const headers = { authorization: basic('orders', ordersSecret) };
      const answer = await world.token(
        'orders',
        { grant_type: 'refresh_token', refresh_token: await begin() },
        headers,
      );
      expect(answer.body.error).toBe('unauthorized_client');
    });

    it.each(['x', `${'a'.repeat(22)}.0.${'b'.repeat(43)}`, 'ey.ey.ey'])(
      'refuses %s, which is not one of ours',
      async (token) => {
        expect((await refresh(token)).body.error).toBe('invalid_grant');
      },
    );

    it('ends when it was not used for its sliding lifetime', async () => {
      const token = await begin();
      world.clock.advance(36_001);
      expect((await refresh(token)).body.error).toBe('invalid_grant');
    });

    it('slides, but not beyond the absolute lifetime', async () => {
      let token: string | undefined = await begin();
      for (const seconds of [30_000, 30_000]) {
        world.clock.advance(seconds);
        const { status, body }: TokenAnswer = await refresh(token);
        expect(status).toBe(200);
        token = body.refresh_token;
      }
      world.clock.advance(26_401);
      expect((await refresh(token)).body.error).toBe('invalid_grant');
    });
  });

  describe('Second use, RFC 9700 4.14.2', () => {
    it('lets exactly one of 20 parallel uses through, and ends the family', async () => {
      const token = await begin();
      const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(token)));
      const good = answers.filter(({ status }) => status === 200);
      expect(good).toHaveLength(1);
      expect((await refresh(good[0]?.body.refresh_token)).body.error).toBe('invalid_grant');
    });

    it('ends the family with its access tokens when a used token comes again', async () => {
      const first = await begin();
      const second = (await refresh(first)).body;
      expect((await refresh(first)).body.error).toBe('invalid_grant');
      expect((await refresh(second.refresh_token)).body.error).toBe('invalid_grant');
      const info = await world.json('/acme/-/shop/oauth/userinfo', { authorization: `Bearer ${second.access_token}` });
      expect(info.status).toBe(401);
    });

    it('gives the identical successor again within the grace, and ends the family after it', async () => {
      await changeShop({ refresh_grace: 10 });
      const token = await begin();
      const answers = await Promise.all([refresh(token), refresh(token), refresh(token)]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
      const successors = new Set(answers.map(({ body }) => body.refresh_token));
      expect(successors.size).toBe(1);
      world.clock.advance(11);
      expect((await refresh(token)).body.error).toBe('invalid_grant');
      expect((await refresh([...successors][0])).body.error).toBe('invalid_grant');
      await changeShop({ refresh_grace: 0 });
    });

    it('counts no grace once the successor was used', async () => {
      await changeShop({ refresh_grace: 10 });
      const first = await begin();
      const second = (await refresh(first)).body.refresh_token;
      expect((await refresh(second)).status).toBe(200);
      expect((await refresh(first)).body.error).toBe('invalid_grant');
      await changeShop({ refresh_grace: 0 });
    });
  });

  describe('Ends of grants', () => {
    const endedSession = (sid: string, cause: 'application' | 'expired') => ({
      tenant: 'acme',
      track: '-',
      sid,
      sub: 'login|ada',
      up_party: 'login',
      cause,
      ended_at: world.now,
    });

    it('end with the logout of their session', async () => {
      const { body } = await signedIn(world, { scope: offline, sid: 'sid-logout' });
      await world.rig.busOf('session').publishDurable(sessionEnded, endedSession('sid-logout', 'application'), 'e-1');
      expect((await refresh(body.refresh_token)).body.error).toBe('invalid_grant');
      const grants = await world.rig.ask('config', listGrants, { tenant: 'acme', track: '-', limit: 200 });
      expect(grants.grants.map(({ sid }) => sid)).not.toContain('sid-logout');
    });

    it('do not end with the mere expiry of their session', async () => {
      const { body } = await signedIn(world, { scope: offline, sid: 'sid-expired' });
      await world.rig.busOf('session').publishDurable(sessionEnded, endedSession('sid-expired', 'expired'), 'e-2');
      expect((await refresh(body.refresh_token)).status).toBe(200);
    });

    it('end by an administrator, for one user and nobody else', async () => {
      const ada = await signedIn(world, { scope: offline, sub: 'login|ada-2' });
      const bob = await signedIn(world, { scope: offline, sub: 'login|bob' });
      const { ended } = await world.rig.ask('config', endGrants, { tenant: 'acme', track: '-', sub: 'login|ada-2' });
      expect(ended).toBe(1);
      expect((await refresh(ada.body.refresh_token)).body.error).toBe('invalid_grant');
      expect((await refresh(bob.body.refresh_token)).status).toBe(200);
    });

    it('are not ended without a name for them', async () => {
      const answer = await world.rig.busOf('config').ask(endGrants, { tenant: 'acme', track: '-' });
      expect(answer).toMatchObject({ ok: false, error: { refusal: 'nothing_named' } });
    });

    it('are listed page by page without tokens or claims', async () => {
      const all = await world.rig.ask('config', listGrants, { tenant: 'acme', track: '-', limit: 200 });
      const first = await world.rig.ask('config', listGrants, { tenant: 'acme', track: '-', limit: 1 });
      const second = await world.rig.ask('config', listGrants, {
        tenant: 'acme',
        track: '-',
        limit: 1,
        after: first.more,
      });
      expect([...first.grants, ...second.grants]).toEqual(all.grants.slice(0, 2));
      const { grant_id } = all.grants[1]!;
      const one = await world.rig.ask('config', listGrants, { tenant: 'acme', track: '-', limit: 2, grant_id });
      expect(one).toEqual({ grants: [all.grants[1]] });
      expect(Object.keys(first.grants[0] ?? {}).sort()).toEqual(
        ['client_id', 'created', 'expires', 'grant_id', 'scope', 'sid', 'sub'].sort(),
      );
    });
  });
});

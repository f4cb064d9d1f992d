import { sessionEndedNotice, tokensRevokedNotice, type EndedSession } from '@corsac/contracts';
import { describeWith } from '@corsac/testing/backing';
import { shopHeaders, signedIn } from '../fixtures/sign-in-flow.js';
import { World } from '../fixtures/world.js';
import { EndedMemory } from './ended-memory.js';
import { EndedFeed } from './feed.js';

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('Memory of ended things', () => {
  const at = { tenant: 'acme', track: '-' };

  it('knows sessions, grants and tokens by their track', () => {
    const memory = new EndedMemory();
    memory.remember({ ...at, kind: 'sid', id: 's', until: 100 });
    memory.remember({ ...at, kind: 'grant', id: 'g', until: 100 });
    memory.remember({ ...at, kind: 'jti', id: 'j', until: 100 });
    expect(memory.has('acme', '-', { sid: 's' })).toBe(true);
    expect(memory.has('acme', '-', { grant_id: 'g' })).toBe(true);
    expect(memory.has('acme', '-', { jti: 'j' })).toBe(true);
    expect(memory.has('acme', '-', { sid: 'g', grant_id: 's', jti: 's' })).toBe(false);
    expect(memory.has('acme', 'other', { sid: 's' })).toBe(false);
  });

  it('lets go of what no token can be left of, and of nothing before', () => {
    const memory = new EndedMemory();
    memory.remember({ ...at, kind: 'sid', id: 's', until: 100 });
    memory.remember({ ...at, kind: 'sid', id: 's', until: 50 });
    memory.sweep(100);
    expect(memory.has('acme', '-', { sid: 's' })).toBe(true);
    memory.sweep(101);
    expect(memory.size).toBe(0);
  });
});

describe('Feed of ended things', () => {
  it('is fresh for five seconds after every source has answered, and not before', async () => {
    let ms = 0;
    let isAway = false;
    const read = async (): Promise<void> => {
      if (isAway) throw new Error('away');
    };
    const feed = new EndedFeed({ sources: [{ read: async () => undefined }, { read }], elapsedMs: () => ms });
    expect(feed.fresh).toBe(false);
    await feed.beat();
    ms = 5_000;
    expect(feed.fresh).toBe(true);
    isAway = true;
    await feed.beat();
    ms = 5_001;
    expect(feed.fresh).toBe(false);
    isAway = false;
    await feed.beat();
    expect(feed.fresh).toBe(true);
  });
});

describeWith('postgres', (url) => {
  let world: World;
  beforeAll(async () => {
    world = await World.start(url);
  });
  afterAll(() => world.stop());

  const userinfo = async (token: string | undefined): Promise<number> =>
    (await world.json('/acme/-/shop/oauth/userinfo', { authorization: `Bearer ${token}` })).status;
  const ended = (sid: string, cause: EndedSession['cause'] = 'user'): EndedSession => ({
    tenant: 'acme',
    track: '-',
    sid,
    sub: 'login|ada',
    up_party: 'login',
    cause,
    ended_at: world.now,
  });

  describe('Ended sessions', () => {
    it('end their tokens at the notice', async () => {
      const { body } = await signedIn(world, { sid: 'sid-notice' });
      expect(await userinfo(body.access_token)).toBe(200);
      await world.rig.busOf('session').publish(sessionEndedNotice, { ended: [ended('sid-notice')] });
      await wait(20);
      expect(await userinfo(body.access_token)).toBe(401);
    });

    it('end their tokens within a beat where the notice was lost', async () => {
      const { body } = await signedIn(world, { sid: 'sid-beat' });
      world.ended.push(ended('sid-beat'));
      await wait(1_500);
      expect(await userinfo(body.access_token)).toBe(401);
    });

    it('end nothing by mere expiry, and no other session', async () => {
      const { body } = await signedIn(world, { sid: 'sid-expiry' });
      await world.rig
        .busOf('session')
        .publish(sessionEndedNotice, { ended: [ended('sid-expiry', 'expired'), ended('sid-else')] });
      await wait(20);
      expect(await userinfo(body.access_token)).toBe(200);
    });

    it('take codes with them that were not redeemed yet', async () => {
      await world.rig.busOf('session').publish(sessionEndedNotice, { ended: [ended('sid-code')] });
      await wait(20);
      await expect(signedIn(world, { sid: 'sid-code' })).rejects.toThrow('invalid_grant');
    });
  });

  it('hears what other replicas have revoked', async () => {
    const { body } = await signedIn(world);
    const { jti } = JSON.parse(
      Buffer.from((body.access_token as string).split('.')[1] as string, 'base64url').toString(),
    ) as { jti: string };
    const revoked = [{ tenant: 'acme', track: '-', kind: 'jti' as const, id: jti, until: world.now + 3600 }];
    await world.rig.busOf('token').publish(tokensRevokedNotice, { revoked });
    await wait(20);
    expect(await userinfo(body.access_token)).toBe(401);
  });

  it('says 503 instead of yes when the feed is lost for over five seconds, and is back with it', async () => {
    const { body } = await signedIn(world, { scope: 'openid offline_access' });
    world.silence.session = true;
    await wait(6_500);
    const lost = await world.json('/acme/-/shop/oauth/userinfo', { authorization: `Bearer ${body.access_token}` });
    expect([lost.status, lost.headers.get('retry-after')]).toEqual([503, '2']);
    const form = { grant_type: 'refresh_token', refresh_token: body.refresh_token };
    expect((await world.token('shop', form, shopHeaders)).status).toBe(503);
    expect((await world.post('/acme/-/shop/oauth/introspect', { token: body.access_token }, shopHeaders)).status).toBe(
      503,
    );
    world.silence.session = false;
    await wait(2_500);
    expect(await userinfo(body.access_token)).toBe(200);
    expect((await world.token('shop', form, shopHeaders)).status).toBe(200);
  }, 20_000);
});

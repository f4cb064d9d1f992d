import { issueCode } from '@corsac/contracts';
import { MemoryItemStore, StoreUnavailable, type ItemStore } from '@corsac/data';
import { describeWith } from '@corsac/testing/backing';
import { CuttableProxy } from '../fixtures/cuttable-proxy.js';
import { shopHeaders, signedIn } from '../fixtures/sign-in-flow.js';
import { workerSecret } from '../fixtures/tracks.js';
import { basic, pkce, redirectUri, signIn, World } from '../fixtures/world.js';

/** An item store that can be away, as a lost Redis is. */
class LosableItems extends MemoryItemStore {
  isAway = false;

  override put: ItemStore['put'] = (...args) => (this.isAway ? this.gone() : super.put(...args));
  override take: ItemStore['take'] = (...args) => (this.isAway ? this.gone() : super.take(...args));
  override putIfAbsent: ItemStore['putIfAbsent'] = (...args) =>
    this.isAway ? this.gone() : super.putIfAbsent(...args);

  private async gone(): Promise<never> {
    throw new StoreUnavailable('items', 'away');
  }
}

describeWith('postgres', (url) => {
  let world: World;
  const items = new LosableItems();
  let proxy: CuttableProxy;
  beforeAll(async () => {
    proxy = await CuttableProxy.before(url);
    world = await World.start(proxy.url, { items });
  });
  afterAll(async () => {
    await world.stop();
    await proxy.close();
  });

  const worker = { authorization: basic('worker', workerSecret) };

  describe('While the store of codes is away', () => {
    beforeAll(() => void (items.isAway = true));
    afterAll(() => void (items.isAway = false));

    it('a code is neither made nor redeemed, and the client is told to come again', async () => {
      const form = { grant_type: 'authorization_code', code: 'x', redirect_uri: redirectUri };
      const answer = await world.token('shop', form, shopHeaders);
      expect([answer.status, answer.body.error, answer.headers.get('retry-after')]).toEqual([
        503,
        'temporarily_unavailable',
        '2',
      ]);
      const { code_challenge } = pkce();
      const asked = {
        grant: signIn(world),
        response_types: ['code' as const],
        redirect_uri: redirectUri,
        code_challenge,
      };
      expect(await world.rig.busOf('authorize').ask(issueCode, asked)).toMatchObject({
        error: { refusal: 'unavailable' },
      });
    });

    it('client credentials are given as ever: they need no store', async () => {
      expect((await world.token('worker', { grant_type: 'client_credentials' }, worker)).status).toBe(200);
    });
  });

  describe('While the database is away', () => {
    const refresh = (refresh_token: string | undefined) =>
      world.token('shop', { grant_type: 'refresh_token', refresh_token }, shopHeaders);

    it.each(['cut', 'hold'] as const)(
      'what needs it is 503 within three seconds, what does not goes on (%s)',
      async (fault) => {
        const { body } = await signedIn(world, { scope: 'openid offline_access' });
        proxy[fault]();
        const began = performance.now();
        const away = await refresh(body.refresh_token);
        expect([away.status, away.body.error]).toEqual([503, 'temporarily_unavailable']);
        expect(performance.now() - began).toBeLessThan(3000);
        expect((await world.token('worker', { grant_type: 'client_credentials' }, worker)).status).toBe(200);
        expect((await world.json('/acme/-/.well-known/openid-configuration/keys')).status).toBe(200);
        proxy.mend();
        const mended = performance.now();
        let back = await refresh((await signedIn(world, { scope: 'openid' })).body.refresh_token ?? body.refresh_token);
        while (back.status === 503 && performance.now() - mended < 5000) {
          await new Promise((resolve) => setTimeout(resolve, 200));
          back = await refresh(body.refresh_token);
        }
        expect(back.status).toBeLessThan(500);
      },
      20_000,
    );
  });
});

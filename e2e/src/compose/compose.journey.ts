import * as client from 'openid-client';
import { Browser } from '../browser/browser.js';
import { journeys } from '../journeys/journeys.js';
import { shopOf } from '../journeys/sign-in.js';
import type { World } from '../world/world.js';
import { composeWorld, containersOf, kill, revive } from './compose-world.js';

jest.setTimeout(60_000);

describe('journeys, in containers', () => journeys(composeWorld));

describe('two replicas, in containers', () => {
  let world: World;
  beforeAll(async () => {
    world = await composeWorld();
  });
  afterAll(() => world.stop());

  it.each(['authorize', 'token', 'session', 'config'] as const)(
    'users sign in, refresh and sign out while one %s is dead',
    async (service) => {
      const containers = await containersOf(service);
      expect(containers.length).toBeGreaterThan(1);
      await kill(containers[0]!);
      try {
        const browser = new Browser(world.base);
        const shop = await shopOf(world);
        const { tokens, claims } = await shop.signIn(browser, { scope: 'openid offline_access' });
        expect((await shop.userInfo(tokens.access_token, claims.sub)).sub).toBe(claims.sub);
        const fresh = await client.refreshTokenGrant(shop.configuration, tokens.refresh_token!);
        expect(fresh.refresh_token).not.toBe(tokens.refresh_token);
        const page = await browser.open(shop.endSessionUrl({ id_token_hint: tokens.id_token! }));
        expect(page.status).toBe(200);
        expect((await browser.open((await shop.begin({ prompt: 'none' })).url)).url).toContain('error=login_required');
      } finally {
        await revive(containers[0]!);
      }
    },
    120_000,
  );

  it.each(['/health/ready', '/health/live', '/metrics', '/outbox'])('the ingress hides %s', async (path) => {
    expect((await fetch(`${world.base}${path}`)).status).toBe(404);
  });

  it.each(['/control/', '/api/acme/-/', '/acme/-/account', '/acme/-/device'])(
    '%s is answered by a service, not by the ingress',
    async (path) => {
      const answer = await fetch(`${world.base}${path}`);
      expect(answer.status).toBeLessThan(500);
      expect(await answer.text()).not.toContain('<center>nginx');
    },
  );
});

import { describeWith } from '@corsac/testing/backing';
import { authorizePath, client, password, redirectUri, signIn, track, World } from './fixtures/world.js';

describeWith('postgres', (databaseUrl) => {
  let world: World;

  beforeAll(async () => {
    world = await World.start(databaseUrl, { 'acme/-': track() });
    await world.addUser({
      user_id: 'ada',
      email: 'ada@example.com',
      email_verified: true,
      roles: ['buyer'],
      claims: { name: 'Ada Lovelace', address: { locality: 'London' }, updated_at: 5 },
    });
  }, 60_000);

  afterAll(async () => world?.stop());

  describe('signing in by password', () => {
    it('leads from the authorization request by identifier and password to the application with a code', async () => {
      const browser = world.browser();
      const done = await signIn(browser);
      expect(done.status).toBe(303);
      const at = new URL(done.location ?? '');
      expect(`${at.origin}${at.pathname}`).toBe(redirectUri);
      expect(at.searchParams.get('state')).toBe('state-1');
      expect(at.searchParams.get('code')).toMatch(/^code-/);
      expect(at.searchParams.get('iss')).toBe('http://localhost:4400/acme/-/shop(login)');
      expect(world.seen.grants.at(-1)).toMatchObject({
        sub: 'ada',
        amr: ['pwd'],
        auth_time: world.clock.now(),
        claims: {
          email: 'ada@example.com',
          email_verified: true,
          preferred_username: 'ada@example.com',
          name: 'Ada Lovelace',
          address: { locality: 'London' },
          updated_at: 5,
          role: ['buyer'],
        },
      });
    });
  });
});
void client;
void authorizePath;
void password;

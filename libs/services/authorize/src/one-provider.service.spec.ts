import { describeWith } from '@corsac/testing/backing';
import { authorizePath, client, signIn, track, World } from './fixtures/world.js';

const secondUri = 'https://second.example.com/cb';

describeWith('postgres', (databaseUrl) => {
  let world: World;
  beforeAll(async () => {
    world = await World.start(databaseUrl, {
      'acme/-': track({
        downParties: [
          client({ issuer: 'track' }),
          client({ name: 'second', issuer: 'track', redirect_uris: [secondUri] }),
          client({ name: 'own', redirect_uris: [secondUri] }),
        ],
      }),
    });
    await world.addUser({ user_id: 'ada', email: 'ada@example.com' });
  }, 120_000);
  afterAll(async () => world?.stop());

  const atShop = (client_id: string, redirect_uri = secondUri): string => authorizePath({ client_id, redirect_uri });

  describe('clients that know the track as their provider, RFC 8414 2', () => {
    it('sign in at the address of each other, under the issuer of the track', async () => {
      const done = await signIn(world.browser(), { username: 'ada@example.com' }, atShop('second'));
      const { origin, pathname, searchParams } = new URL(done.location ?? 'missing:');
      expect(`${origin}${pathname}`).toBe(secondUri);
      expect(searchParams.get('iss')).toBe('http://localhost:4400/acme/-');
      expect(world.seen.grants.at(-1)).toMatchObject({ client_id: 'second', issuer: 'http://localhost:4400/acme/-' });
    });

    it.each([
      ['a client with an issuer of its own', atShop('own')],
      ['a client that is not there', atShop('nobody')],
      ['an address of the other', atShop('shop')],
      [
        'another at the address of one with an issuer of its own',
        authorizePath({ redirect_uri: secondUri }, 'acme/-/own'),
      ],
    ])('are shown an error page for %s', async (_title, path) => {
      const page = await world.browser().open(path);
      expect([page.status, page.location]).toEqual([400, null]);
    });
  });
});

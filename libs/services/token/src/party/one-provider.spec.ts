import { testMasterKeys } from '@corsac/testing';
import { describeWith } from '@corsac/testing/backing';
import { claimsOf } from '../fixtures/sign-in-flow.js';
import { downParty, keptSecret } from '../fixtures/tracks.js';
import { basic, World, type TokenAnswer } from '../fixtures/world.js';

const grant_type = 'client_credentials';

describeWith('postgres', (url) => {
  let world: World;
  beforeAll(async () => {
    world = await World.start(url);
    const client = async (name: string, issuer: 'track' | 'party') =>
      downParty({
        type: 'oauth2',
        name,
        issuer,
        grant_types: [grant_type],
        secrets: [await keptSecret(`secret of ${name}`, testMasterKeys())],
      });
    const downParties = [await client('one', 'track'), await client('two', 'track'), await client('own', 'party')];
    world.tracks.set('acme/shared', { ...world.tracks.get('acme/-')!, downParties });
    await world.untilKeys('acme/shared');
  });
  afterAll(() => world.stop());

  const asks = (at: string, name: string, form: Record<string, string> = {}): Promise<TokenAnswer> => {
    const headers: Record<string, string> = {};
    if (!('client_secret' in form)) headers['authorization'] = basic(name, `secret of ${name}`);
    return world.post(`/acme/shared/${at}/oauth/token`, { grant_type, ...form }, headers);
  };

  describe('clients that know the track as their provider, RFC 8414 2', () => {
    it('get their own tokens at the address of each other', async () => {
      const { status, body } = await asks('one', 'two');
      expect(status).toBe(200);
      expect(claimsOf(body.access_token)).toMatchObject({ client_id: 'two', aud: 'two', sub: 'c_two' });
      expect(claimsOf(body.access_token)['iss']).toMatch(/\/acme\/shared$/);
      const form = { client_id: 'two', client_secret: 'secret of two' };
      expect(claimsOf((await asks('one', 'two', form)).body.access_token)['client_id']).toBe('two');
    });

    it.each([
      ['with the secret of the other', 'one', { client_id: 'two', client_secret: 'secret of one' }],
      ['with two names', 'one', { client_id: 'two' }],
    ])('are refused there %s', async (_title, name, form) => {
      const answer = await asks('one', name, form as Record<string, string>);
      expect([answer.status, answer.body.error]).toEqual([401, 'invalid_client']);
    });

    it.each([
      ['one', 'own'],
      ['own', 'one'],
      ['one', 'nobody'],
    ])('at the address of %s serve no client %s', async (at, name) => {
      const { status, body } = await asks(at, name);
      expect([status, body.error]).toEqual([401, 'invalid_client']);
    });
  });
});

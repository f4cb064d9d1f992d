import { describeWith } from '@corsac/testing/backing';
import { authorizePath, client, password, signIn, track, upParty, World } from '../fixtures/world.js';

const next = 'Another-password-9';
const bySubject = { type: 'map', action: 'replace', claims_in: ['email'], claim_out: 'sub' };

describeWith('postgres', (databaseUrl) => {
  let world: World;
  beforeAll(async () => {
    world = await World.start(databaseUrl, {
      'acme/-': track({
        upParties: [upParty({ type: 'login', name: 'login', claim_transforms: [bySubject] })],
        downParties: [client()],
      }),
    });
    await world.addUser({ user_id: 'ada', email: 'ada@example.com' });
  }, 60_000);
  afterAll(async () => world?.stop());

  const codeIn = ({ location }: { location: string | null }) =>
    new URL(location ?? 'missing:').searchParams.get('code');

  describe('a user whose subject is something else than the id', () => {
    it('is known by the id in the session and in the grant', async () => {
      expect(codeIn(await signIn(world.browser()))).not.toBeNull();
      const user = { user_id: 'ada', epoch: 0 };
      expect(world.seen.started.at(-1)?.chain[0]).toMatchObject({ sub: 'ada@example.com', user });
      expect(world.seen.grants.at(-1)).toMatchObject({ sub: 'ada@example.com', user });
    });

    it('finds the own account page', async () => {
      const browser = world.browser();
      await signIn(browser);
      const page = await browser.open('/acme/-/account');
      expect(page.html).toContain('ada@example.com');
      expect(page.html).toContain('name="new_password"');
    });
  });

  it('signs in nobody who showed a password that was changed meanwhile, and nobody else with it', async () => {
    await world.addUser({ user_id: 'bob', email: 'bob@example.com', confirm_account: true });
    const slow = world.browser();
    // The password was right, and a code is asked for: another factor, while the owner takes another password.
    const asked = await signIn(slow, { username: 'bob@example.com' });
    expect(asked.html).toContain('bob@example.com');
    await world.addUser({ user_id: 'bob', email: 'bob@example.com', change_password: true });
    const owner = world.browser();
    const page = await signIn(owner, { username: 'bob@example.com' });
    const done = await owner.submit(page, { new_password: next, repeat_password: next });
    expect(codeIn(done)).not.toBeNull();
    expect(world.seen.grants.at(-1)?.user).toEqual({ user_id: 'bob', epoch: 1 });
    const again = await slow.open(authorizePath());
    expect(again.html).toContain('name="username"');
    const reloaded = await slow.open(asked.forms[0]?.action ?? '');
    expect(reloaded.html).toContain('name="password"');
    expect(codeIn(await signIn(world.browser(), { username: 'bob@example.com', password: next }))).not.toBeNull();
    expect((await signIn(world.browser(), { username: 'bob@example.com', password })).html).toContain(
      'name="password"',
    );
  });
});

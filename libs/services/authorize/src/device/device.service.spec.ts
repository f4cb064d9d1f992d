import { describeWith } from '@corsac/testing/backing';
import type { TestBrowser, TestPage } from '../fixtures/test-browser.js';
import { base, client, downParty, password, track, upParty, World } from '../fixtures/world.js';

const path = '/acme/-/device';
const code = 'WDJB-MJHT';

describeWith('postgres', (databaseUrl) => {
  let world: World;

  beforeAll(async () => {
    world = await World.start(databaseUrl, {
      'acme/-': track({
        upParties: [upParty({ type: 'login', name: 'login' })],
        downParties: [
          client({
            display_name: 'Shop TV',
            claim_transforms: [{ name: 'tv', type: 'constant', claim_out: 'from', transformation: 'device' }],
          }),
          downParty({ type: 'oauth2', name: 'tool', allow_up_parties: ['login'] }),
        ],
      }),
      'acme/guess': track(),
    });
    await world.addUser({ user_id: 'ada', email: 'ada@example.com' });
  }, 120_000);

  afterAll(async () => world?.stop());

  beforeEach(() => {
    world.seen.decided.length = 0;
    world.seen.devices.clear();
    ask();
  });

  const ask = (client_id = 'shop'): unknown =>
    world.seen.devices.set(code, {
      client_id,
      issuer: `${base}/acme/-/${client_id}(login)`,
      scope: 'openid email',
      up_parties: ['login'],
    });
  const typeCode = async (browser: TestBrowser, user_code = code): Promise<TestPage> =>
    browser.submit(await browser.open(path), { user_code });
  const signIn = async (browser: TestBrowser): Promise<TestPage> => {
    const first = await typeCode(browser);
    const second = await browser.submit(first, { username: 'ada@example.com' });
    return browser.submit(second, { password });
  };

  describe('The page of a device’s code, RFC 8628 3.3', () => {
    it('gives the device what who signed in has allowed', async () => {
      const browser = world.browser();
      const asked = await signIn(browser);
      expect(asked.html).toContain('Shop TV wants to use your account ada@example.com.');
      expect(asked.html).toContain('Your email address');
      expect(world.seen.decided).toEqual([]);
      const done = await browser.submit(asked, {}, 'consent');
      expect(done.html).toContain('Your device is connected');
      expect(world.seen.decided).toHaveLength(1);
      const [session] = world.seen.sessions.slice(-1);
      expect(world.seen.decided[0]).toMatchObject({
        device_id: code,
        grant: {
          client_id: 'shop',
          issuer: `${base}/acme/-/shop(login)`,
          sub: 'ada',
          sid: session?.sid,
          scopes: { scope: ['openid', 'email'] },
          claims: { email: 'ada@example.com', from: 'device' },
        },
      });
    });

    it('makes the session reach the client, so that a logout does', async () => {
      const browser = world.browser();
      await browser.submit(await signIn(browser), {}, 'consent');
      expect(world.seen.started.at(-1)?.chain[0]?.reached).toMatchObject({
        party: 'shop',
        type: 'oidc',
        issuer: `${base}/acme/-/shop(login)`,
      });
    });

    it('asks also who is signed in already, before a device gets anything', async () => {
      const browser = world.browser();
      await browser.submit(await signIn(browser), {}, 'consent');
      ask();
      const asked = await typeCode(browser);
      expect(asked.html).toContain('Do you allow this?');
      expect(world.seen.decided).toHaveLength(1);
      await browser.submit(asked, {}, 'consent');
      expect(world.seen.decided).toHaveLength(2);
    });

    it('serves clients without authorize endpoint as well', async () => {
      ask('tool');
      const browser = world.browser();
      const done = await browser.submit(await signIn(browser), {}, 'consent');
      expect(done.html).toContain('Your device is connected');
      expect(world.seen.decided[0]?.grant).toMatchObject({ client_id: 'tool' });
    });

    it('tells the device when the user does not allow it, and begins no session', async () => {
      const browser = world.browser();
      const before = world.seen.started.length;
      const done = await browser.submit(await signIn(browser), {}, 'consent_deny');
      expect(done.html).toContain('Your device is not connected');
      expect(world.seen.decided).toEqual([{ device_id: code }]);
      expect(world.seen.started).toHaveLength(before);
    });

    it('shows the code of the address and asks before anything is done', async () => {
      const page = await world.browser().open(`${path}?user_code=${code}`);
      expect(page.html).toContain('Is this the code that your device shows?');
      expect(page.forms[0]?.fields['user_code']).toBe(code);
      const hostile = await world.browser().open(`${path}?user_code=%22%3E%3Cscript%3E`);
      expect(hostile.html).not.toContain('"><script>');
    });

    it.each([
      ['unknown', 'XXXX-XXXX'],
      ['endless', 'X'.repeat(500)],
    ])('takes no %s code, and lets try again', async (_what, typed) => {
      const page = await typeCode(world.browser(), typed);
      expect(page.html).toContain('The code is wrong or too old.');
      expect(page.forms[0]?.fields['step']).toBe('user_code');
    });

    it('asks for the code when nothing was typed', async () => {
      expect((await typeCode(world.browser(), ' ')).html).toContain('Enter the code.');
    });

    it('says so when the code was used or ran out while the user signed in', async () => {
      const browser = world.browser();
      const asked = await signIn(browser);
      world.seen.devices.clear();
      const done = await browser.submit(asked, {}, 'consent');
      expect([done.status, done.html]).toEqual([400, expect.stringContaining('The code is wrong or too old.')]);
      expect(world.seen.decided).toEqual([]);
    });

    it('refuses a form that another site made, or another browser was shown', async () => {
      expect((await world.browser().post(path, { user_code: code })).status).toBe(403);
      const { forms } = await world.browser().open(path);
      const other = world.browser();
      await other.open(path);
      expect((await other.post(path, { ...forms[0]?.fields, user_code: code })).status).toBe(403);
      expect((await other.post(path, { form_token: 'x', user_code: code })).status).toBe(403);
    });

    it('lets no other browser allow what one began', async () => {
      const asked = await signIn(world.browser());
      const other = world.browser();
      await other.open(path);
      expect((await other.submit(asked, {}, 'consent')).status).toBe(400);
      expect(world.seen.decided).toEqual([]);
    });

    it('asks to come back while the token service is away', async () => {
      const browser = world.browser();
      const page = await browser.open(path);
      world.seen.silent.add('token');
      const refused = await browser.submit(page, { user_code: code });
      world.seen.silent.delete('token');
      expect(refused.status).toBe(503);
      expect((await browser.submit(page, { user_code: code })).html).toContain('Sign in');
    });
  });

  describe('Guessing codes, RFC 8628 5.1', () => {
    it('lets an address guess ten times in ten minutes, however many at once', async () => {
      const browser = world.browser();
      const page = await browser.open('/acme/guess/device');
      for (let right = 0; right < 12; right += 1) await browser.submit(page, { user_code: code });
      const answers = await Promise.all(
        Array.from({ length: 14 }, () => browser.submit(page, { user_code: 'XXXX-XXXX' })),
      );
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(10);
      expect((await browser.submit(page, { user_code: code })).status).toBe(429);
      world.clock.advance(601);
      expect((await browser.submit(page, { user_code: code })).status).toBe(200);
    });
  });
});

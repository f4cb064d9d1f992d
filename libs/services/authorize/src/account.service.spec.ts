import {
  configurationChanged,
  importUsers,
  listLocks,
  listMails,
  listUsers,
  removeLock,
  removeUser,
  type WrittenMail,
} from '@corsac/contracts';
import { defaultTrackSettings } from '@corsac/model';
import { describeWith } from '@corsac/testing/backing';
import type { TestBrowser, TestPage } from './fixtures/test-browser.js';
import { authorizePath, client, password, signIn, track, upParty, World } from './fixtures/world.js';

const answerIn = ({ location }: TestPage): URLSearchParams => new URL(location ?? 'missing:').searchParams;
const next = 'Another-one-99';
const twice = (text: string) => ({ new_password: text, repeat_password: text });
const at = (upPartyName: string): string => authorizePath({}, `acme/-/shop(${upPartyName})`);

describeWith('postgres', (databaseUrl) => {
  let world: World;

  beforeAll(async () => {
    world = await World.start(databaseUrl, {
      'acme/-': track({
        settings: {
          ...defaultTrackSettings,
          passwords: { ...defaultTrackSettings.passwords, history: 1 },
          brakes: { ...defaultTrackSettings.brakes, max_failing_logins: 20 },
        },
        upParties: [
          upParty({ type: 'login', name: 'login' }),
          upParty({
            type: 'login',
            name: 'quick',
            enable_email_identifier: false,
            enable_username_identifier: true,
            create_user: { ask_given_name: false, ask_family_name: false },
          }),
          upParty({ type: 'login', name: 'closed', enable_create_user: false, enable_reset_password: false }),
        ],
        downParties: [client({ allow_up_parties: ['login', 'quick', 'closed'] })],
      }),
      'acme/old': track(),
    });
    for (const name of ['ada', 'bob', 'cid', 'dan', 'eli'])
      await world.addUser({ user_id: name, email: `${name}@example.com`, change_password: name === 'bob' });
  }, 120_000);

  afterAll(async () => world?.stop());

  const mailsTo = async (recipient: string): Promise<WrittenMail[]> => {
    const { mails } = await world.rig.ask('config', listMails, { limit: 200 });
    return mails.filter((mail) => mail.recipient === recipient);
  };
  /** Mails are written down behind the answer's back. */
  const mailTo = async (recipient: string, count = 1): Promise<WrittenMail> => {
    for (let attempt = 0; attempt < 200; attempt += 1) {
      const mails = await mailsTo(recipient);
      if (mails.length >= count && mails[0]) return mails[0];
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`no mail to ${recipient}`);
  };
  const codeIn = ({ text }: WrittenMail): string => /code is ([A-Z0-9]{8})/.exec(text)?.[1] ?? '';
  const linkIn = ({ text }: WrittenMail): string => new URL(/http\S+/.exec(text)?.[0] ?? '').pathname;

  describe('creating an account', () => {
    const open = async (path = authorizePath()): Promise<{ browser: TestBrowser; page: TestPage }> => {
      const browser = world.browser();
      return { browser, page: await browser.submit(await browser.open(path), {}, 'create') };
    };
    const nina = { email: 'Nina@example.com', given_name: 'Nina', family_name: 'Holm', ...twice(next) };

    it('asks for a code from the mailbox, then signs in who created it', async () => {
      const { browser, page } = await open();
      const asked = await browser.submit(page, nina);
      expect(asked.html).toContain('Enter the code that we have sent to nina@example.com.');
      const wrong = await browser.submit(asked, { code: 'AAAAAAAA' });
      expect(wrong.html).toContain('The code is wrong or too old.');
      const done = await browser.submit(wrong, { code: codeIn(await mailTo('nina@example.com')).toLowerCase() });
      expect(answerIn(done).has('code')).toBe(true);
      expect(world.seen.grants.at(-1)?.claims).toMatchObject({
        email: 'nina@example.com',
        email_verified: true,
        given_name: 'Nina',
        name: 'Nina Holm',
      });
      const again = await signIn(world.browser(), { username: 'nina@example.com', password: next });
      expect(answerIn(again).has('code')).toBe(true);
    });

    it('does not tell that an address has an account, except its owner by mail', async () => {
      const { browser, page } = await open();
      const asked = await browser.submit(page, { ...nina, email: 'ada@example.com' });
      expect(asked.html).toContain('Enter the code that we have sent to ada@example.com.');
      expect((await mailTo('ada@example.com')).subject).toBe('You already have an account');
      const other = await open();
      const fresh = await other.browser.submit(other.page, { ...nina, email: 'new1@example.com' });
      const plain = ({ html }: TestPage) => html.replace(/ada|new1/g, '').replace(/value="[^"]*"|login\/[\w-]+/g, '');
      expect(plain(fresh)).toBe(plain(asked));
    });

    it('needs no mailbox where the up-party knows no addresses, and says there what is taken', async () => {
      const { browser, page } = await open(at('quick'));
      const done = await browser.submit(page, { username: 'Robin', ...twice(next) });
      expect(answerIn(done).has('code')).toBe(true);
      expect(world.seen.grants.at(-1)?.claims).toMatchObject({ preferred_username: 'robin' });
      const second = await open(at('quick'));
      const taken = await second.browser.submit(second.page, { username: 'robin', ...twice(next) });
      expect(taken.html).toContain('This is taken already.');
    });

    it.each([
      [{ ...nina, email: 'no address' }, 'Enter an email address'],
      [{ ...nina, given_name: '' }, 'Please fill this in.'],
      [{ ...nina, given_name: 'x'.repeat(101) }, 'This is too long.'],
      [{ ...nina, ...twice('Short1!') }, 'Use at least 8 characters.'],
      [{ ...nina, ...twice('alllowercase') }, 'Mix at least three'],
      [{ ...nina, ...twice('P@ssw0rd1') }, 'known from leaks'],
      [{ ...nina, ...twice('My-nina@example1') }, 'Do not use parts of your name or address.'],
      [{ ...nina, repeat_password: 'Another-one-98' }, 'The two passwords differ.'],
    ])('refuses %j and keeps what was typed but passwords', async (typed, message) => {
      const { browser, page } = await open();
      const refused = await browser.submit(page, typed);
      expect(refused.html).toContain(message);
      expect(refused.forms[0]?.fields).toMatchObject({ family_name: 'Holm', new_password: '', repeat_password: '' });
      expect(refused.html).toContain('aria-invalid="true"');
    });

    it('is not offered and not done where the up-party does not want it', async () => {
      const browser = world.browser();
      const page = await browser.open(at('closed'));
      expect(page.html).not.toContain('Create an account');
      const pushed = await browser.submit(page, { step: 'create_send', ...nina });
      expect(pushed.forms[0]?.fields['step']).toBe('identifier');
    });
  });

  describe('confirming an address at sign-in', () => {
    it('is asked of users that are marked so, by a code that works in its own journey only', async () => {
      await world.addUser({ user_id: 'kim', email: 'kim@example.com', confirm_account: true });
      const browser = world.browser();
      const page = await signIn(browser, { username: 'kim@example.com' });
      const first = codeIn(await mailTo('kim@example.com'));
      const thief = world.browser();
      const stolen = await signIn(thief, { username: 'kim@example.com' });
      expect((await thief.submit(stolen, { code: first })).html).toContain('The code is wrong');
      expect(answerIn(await browser.submit(page, { code: first })).has('code')).toBe(true);
      expect(world.seen.grants.at(-1)?.claims['email_verified']).toBe(true);
      expect(answerIn(await signIn(world.browser(), { username: 'kim@example.com' })).has('code')).toBe(true);
    });

    it('sends another code when asked to, and the old one works no more', async () => {
      await world.addUser({ user_id: 'lea', email: 'lea@example.com', confirm_account: true });
      const browser = world.browser();
      const page = await signIn(browser, { username: 'lea@example.com' });
      const first = codeIn(await mailTo('lea@example.com'));
      const again = await browser.submit(page, {}, 'confirm_again');
      expect(again.html).toContain('Another code is on its way.');
      const second = codeIn(await mailTo('lea@example.com', 2));
      expect((await browser.submit(again, { code: first })).html).toContain('The code is wrong');
      expect(answerIn(await browser.submit(again, { code: second })).has('code')).toBe(true);
    });
  });

  describe('a forgotten password', () => {
    const ask = async (username: string, browser = world.browser()) => {
      const first = await browser.open(authorizePath({ login_hint: username }));
      return { browser, sent: await browser.submit(await browser.submit(first, {}, 'forgot'), {}) };
    };

    it('is replaced by a mailed link, once; sessions and grants of before end', async () => {
      const { browser, sent } = await ask('cid@example.com');
      expect(sent.html).toContain('If there is an account for cid@example.com, a mail is on its way.');
      const link = linkIn(await mailTo('cid@example.com'));
      expect(link).toMatch(/^\/acme\/-\/account\/reset-password\/[\w-]{43}$/);
      const page = await browser.open(link);
      const refused = await browser.submit(page, twice('short'));
      expect(refused.html).toContain('Use at least 8 characters.');
      const same = await browser.submit(page, twice(password));
      expect(same.html).toContain('Choose a password other than the present one.');
      const done = await browser.submit(page, twice(next));
      expect(done.html).toContain('Your password is changed');
      expect(world.seen.endedSessions).toContainEqual({ sub: 'cid', cause: 'password_changed' });
      expect(world.seen.endedGrants).toContain('cid');
      expect((await browser.open(link)).html).toContain('This link does not work any more');
      expect((await mailTo('cid@example.com', 2)).subject).toBe('Your password was changed');
      const back = await browser.open(/href="(\/acme[^"]+)"/.exec(done.html)?.[1] ?? '');
      expect(back.status).toBe(200);
      const old = await signIn(world.browser(), { username: 'cid@example.com' });
      expect(old.html).toContain('The user or the password is wrong.');
      const fresh = await signIn(world.browser(), { username: 'cid@example.com', password: next });
      expect(answerIn(fresh).has('code')).toBe(true);
    });

    it('is answered in the same words for users that do not exist', async () => {
      const { sent } = await ask('nobody@example.com');
      expect(sent.html).toContain('If there is an account for nobody@example.com, a mail is on its way.');
      expect(await mailsTo('nobody@example.com')).toEqual([]);
    });

    it('takes a link once, also when it is used several times at once', async () => {
      await ask('dan@example.com');
      const link = linkIn(await mailTo('dan@example.com'));
      const browser = world.browser();
      const page = await browser.open(link);
      const answers = await Promise.all(
        ['Parallel-one-1', 'Parallel-two-2', 'Parallel-six-6'].map((text) => browser.submit(page, twice(text))),
      );
      expect(answers.filter(({ html }) => html.includes('Your password is changed'))).toHaveLength(1);
    });

    it('ends the link with its time, and with any change of the password', async () => {
      const [first, second] = [await ask('eli@example.com'), await ask('eli@example.com')];
      expect(first.sent.status + second.sent.status).toBe(400);
      await mailTo('eli@example.com', 2);
      const [one, two] = (await mailsTo('eli@example.com')).map(linkIn);
      world.clock.advance(2);
      const browser = world.browser();
      await browser.submit(await browser.open(one ?? ''), twice(next));
      expect((await browser.open(two ?? '')).status).toBe(400);
      await ask('eli@example.com');
      const third = linkIn(await mailTo('eli@example.com', 4));
      world.clock.advance(7201);
      expect((await browser.open(third)).status).toBe(400);
    });

    it('does not work from a page that another site made', async () => {
      await ask('ada@example.com');
      const link = linkIn(await mailTo('ada@example.com', 2));
      const forged = await world.browser().post(link, twice(next));
      expect(forged.status).toBe(403);
    });

    it('is not offered and not done where the up-party does not want it', async () => {
      const browser = world.browser();
      const page = await browser.submit(await browser.open(at('closed')), { username: 'ada@example.com' });
      expect(page.html).not.toContain('Forgot');
      const pushed = await browser.submit(page, { step: 'forgot_send', username: 'ada@example.com' });
      expect(pushed.forms[0]?.fields['step']).toBe('password');
    });

    it('fills nobody’s mailbox: after some mails one waits', async () => {
      let last: TestPage | undefined;
      for (let attempt = 0; attempt < 23; attempt += 1) last = (await ask('flood@example.com')).sent;
      expect(last?.status).toBe(429);
    });
  });

  describe('changing a password', () => {
    it('is asked at sign-in of users that are marked so, before anything is answered', async () => {
      const browser = world.browser();
      const page = await signIn(browser, { username: 'bob@example.com' });
      expect(page.html).toContain('You must choose a new password before you go on.');
      const same = await browser.submit(page, twice(password));
      expect(same.html).toContain('Choose a password other than the present one.');
      const done = await browser.submit(same, twice(next));
      expect(answerIn(done).has('code')).toBe(true);
      expect(world.seen.endedSessions).toContainEqual({ sub: 'bob', cause: 'password_changed' });
      const again = await signIn(world.browser(), { username: 'bob@example.com', password: next });
      expect(answerIn(again).has('code')).toBe(true);
    });

    it('is asked when it is older than the track allows', async () => {
      await world.addUser({ user_id: 'old', email: 'old@example.com' }, 'old');
      const fixture = world.tracks.get('acme/old');
      if (fixture)
        fixture.settings = { ...fixture.settings, passwords: { ...fixture.settings.passwords, max_age: 100 } };
      world.clock.advance(3_700);
      const page = await signIn(world.browser(), { username: 'old@example.com' }, authorizePath({}, 'acme/old/shop'));
      expect(page.html).toContain('You must choose a new password');
    });

    it('is not done by a form that another site made, or for a user that is no longer there', async () => {
      await world.addUser({ user_id: 'ned', email: 'ned@example.com' });
      const browser = world.browser();
      await signIn(browser, { username: 'ned@example.com' });
      expect((await browser.post('/acme/-/account', { password, ...twice(next) })).status).toBe(403);
      await world.rig.ask('config', removeUser, { tenant: 'acme', track: '-', user_id: 'ned' });
      expect((await browser.open('/acme/-/account')).html).toContain('is no longer here');
    });

    it('is done by who is signed in and knows the present one', async () => {
      await world.addUser({ user_id: 'max', email: 'max@example.com' });
      const browser = world.browser();
      const asked = await browser.submit(await browser.open('/acme/-/account'), { username: 'max@example.com' });
      expect(asked.headers.get('content-security-policy')).toContain("form-action 'self'");
      const signedIn = await browser.submit(asked, { password });
      expect(signedIn.location).toBe('/acme/-/account');
      expect(world.seen.started.at(-1)?.chain[0]?.reached).toMatchObject({ party: 'account', type: 'track_link' });
      const page = await browser.open('/acme/-/account');
      const wrong = await browser.submit(page, { password: 'no', ...twice(next) });
      expect(wrong.html).toContain('The present password is wrong.');
      const done = await browser.submit(wrong, { password, ...twice(next) });
      expect(done.html).toContain('Your password is changed');
      const changed = await signIn(world.browser(), { username: 'max@example.com', password: next });
      expect(answerIn(changed).has('code')).toBe(true);
    });
  });

  describe('users from files and Control', () => {
    it('are created, updated by id or identifier, and keep their password when none comes', async () => {
      await world.addUser({ email: 'una@example.com', claims: { name: 'Una' } });
      const update = { email: 'una@example.com', username: 'una', claims: { name: 'Una Two' } };
      const answer = await world.rig.ask('config', importUsers, {
        tenant: 'acme',
        track: '-',
        users: [update as never],
      });
      expect(answer).toEqual({ created: 0, updated: 1 });
      const done = await signIn(world.browser(), { username: 'una@example.com' });
      expect(answerIn(done).has('code')).toBe(true);
      expect(world.seen.grants.at(-1)?.claims).toMatchObject({ name: 'Una Two', preferred_username: 'una' });
    });

    it('are refused all together when an identifier is another user’s', async () => {
      const asked = await world.rig.busOf('config').ask(importUsers, {
        tenant: 'acme',
        track: '-',
        users: [{ email: 'fine@example.com' }, { user_id: 'other', email: 'ada@example.com' }] as never[],
      });
      expect(asked).toMatchObject({ ok: false, error: { refusal: 'identifier_taken' } });
      const fine = await signIn(world.browser(), { username: 'fine@example.com' });
      expect(fine.html).toContain('The user or the password is wrong.');
    });

    it('lose sessions and grants when they are disabled, also when the session service is away just then', async () => {
      await world.addUser({ user_id: 'zoe', email: 'zoe@example.com' });
      world.seen.silent.add('session');
      await world.addUser({ user_id: 'zoe', email: 'zoe@example.com', disabled: true });
      world.seen.silent.delete('session');
      const rows = async (): Promise<unknown[]> =>
        world.rig.parts.database.query(`select * from user_endings where user_id = 'zoe'`);
      await world.rig.parts.database.query(`update user_endings set due_at = now()`);
      for (let attempt = 0; attempt < 400 && (await rows()).length > 0; attempt += 1) {
        await world.rig.parts.database.query(`update user_endings set due_at = now()`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      expect(world.seen.endedSessions).toContainEqual({ sub: 'zoe', cause: 'disabled' });
      expect(world.seen.endedGrants).toContain('zoe');
    }, 30_000);

    it('take five hundred at once', async () => {
      const users = Array.from({ length: 500 }, (_, index) => ({
        email: `bulk${index}@example.com`,
        username: `bulk${index}`,
      }));
      const answer = await world.rig.ask('config', importUsers, {
        tenant: 'acme',
        track: 'old',
        users: users as never[],
      });
      expect(answer).toEqual({ created: 500, updated: 0 });
    });

    it('with an imported hash sign in, and get one of today’s cost', async () => {
      await world.addUser({
        user_id: 'imp',
        email: 'imp@example.com',
        password_hash:
          'P2HS512:1$c2FsdHNhbHRzYWx0c2FsdA$pF6BMGInCwRL3OVgn0GNAsRxOejmgkMVuOVGV-cB_qLF8Vn5oova4anXxn1beiWfbCKfO0vmexJc45ZPCMVVEQ',
      });
      const read = async (): Promise<string> => {
        const rows: [{ password_hash: string }] = await world.rig.parts.database.query(
          `select password_hash from users where user_id = 'imp'`,
        );
        return rows[0].password_hash;
      };
      expect(await read()).toMatch(/^P2HS512/);
      expect(answerIn(await signIn(world.browser(), { username: 'imp@example.com' })).has('code')).toBe(true);
      expect(await read()).toMatch(/^\$argon2id/);
      expect(answerIn(await signIn(world.browser(), { username: 'imp@example.com' })).has('code')).toBe(true);
    });

    it('are listed without anything that checks passwords or codes, a page at a time, and found by a part of a name', async () => {
      const list = (more: object) =>
        world.rig.ask('config', listUsers, { tenant: 'acme', track: '-', limit: 2, ...more });
      const first = await list({});
      const second = await list({ after: first.more });
      expect(first.users).toHaveLength(2);
      expect(new Set([...first.users, ...second.users].map(({ user_id }) => user_id)).size).toBe(4);
      const { users } = await list({ filter: 'ADA@' });
      expect(users).toMatchObject([{ user_id: 'ada', email: 'ada@example.com', has_password: true }]);
      expect(JSON.stringify(users)).not.toContain('argon2');
      expect((await list({ user_id: 'ada' })).users).toHaveLength(1);
      expect((await list({ filter: '%' })).users).toEqual([]);
    });

    it('are removed with what they had elsewhere', async () => {
      await world.addUser({ user_id: 'rem', email: 'rem@example.com' });
      const remove = () => world.rig.busOf('config').ask(removeUser, { tenant: 'acme', track: '-', user_id: 'rem' });
      expect(await remove()).toMatchObject({ ok: true });
      expect(await remove()).toMatchObject({ ok: false, error: { refusal: 'unknown_user' } });
      for (let attempt = 0; attempt < 200 && !world.seen.endedGrants.includes('rem'); attempt += 1)
        await new Promise((resolve) => setTimeout(resolve, 25));
      expect(world.seen.endedGrants).toContain('rem');
      const gone = await signIn(world.browser(), { username: 'rem@example.com' });
      expect(gone.html).toContain('The user or the password is wrong.');
    });

    it('that wait are listed and let go', async () => {
      const place = { tenant: 'acme', track: 'old' };
      const old = authorizePath({}, 'acme/old/shop(login)');
      for (let attempt = 0; attempt < 5; attempt += 1)
        await signIn(world.browser(), { username: 'Waits@example.com', password: 'no' }, old);
      const { locks } = await world.rig.ask('config', listLocks, place);
      const lock = { of: 'user' as const, guessed: 'password' as const, value: 'waits@example.com' };
      expect(locks).toContainEqual(lock);
      await world.rig.ask('config', removeLock, { ...place, lock });
      expect((await world.rig.ask('config', listLocks, place)).locks).not.toContainEqual(lock);
      const again = await signIn(world.browser(), { username: 'waits@example.com', password: 'no' }, old);
      expect(again.status).toBe(200);
    });

    it('are forgotten with their track', async () => {
      await world.addUser({ user_id: 'ada', email: 'ada@example.com' }, 'old');
      const payload = { number: 9, tenant: 'acme', track: 'old', removed: true };
      await world.rig.busOf('config').publishDurable(configurationChanged, payload, 'change-9');
      const { users } = await world.rig.ask('config', listUsers, { tenant: 'acme', track: 'old', limit: 5 });
      expect(users).toEqual([]);
    });

    it('of one track are nobody in another, nor in the track of that name of another tenant', async () => {
      world.tracks.set('rival/-', track());
      for (const place of ['acme/old', 'rival/-']) {
        const done = await signIn(world.browser(), {}, authorizePath({}, `${place}/shop(login)`));
        expect(done.html).toContain('The user or the password is wrong.');
      }
      const { users } = await world.rig.ask('config', listUsers, { tenant: 'rival', track: '-', limit: 5 });
      expect(users).toEqual([]);
    });
  });

  it('mails are sealed in the table', async () => {
    const rows: { subject: string; body: string }[] = await world.rig.parts.database.query(
      'select subject, body from mail_outbox',
    );
    expect(rows.length).toBeGreaterThan(3);
    for (const row of rows) expect(`${row.subject} ${row.body}`).toMatch(/^v1\.\S+ v1\.\S+$/);
  });
});

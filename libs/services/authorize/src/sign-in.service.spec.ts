import { defaultTrackSettings, type Brakes, type TrackSettings } from '@corsac/model';
import { describeWith } from '@corsac/testing/backing';
import type { TestPage } from './fixtures/test-browser.js';
import { authorizePath, client, password, redirectUri, signIn, track, upParty, World } from './fixtures/world.js';

const answerIn = ({ location }: TestPage): URLSearchParams => new URL(location ?? 'missing:').searchParams;
/** A page without what differs from one browser to the next. */
const plain = (page: TestPage): string =>
  page.html
    .replace(/value="[^"]*"/g, '')
    .replace(/login\/[\w-]+"/g, '')
    .replace(/<code>[^<]*<\/code>/g, '');

const braked = (figures: Partial<Brakes>): TrackSettings => ({
  ...defaultTrackSettings,
  brakes: { ...defaultTrackSettings.brakes, ...figures },
});

describeWith('postgres', (databaseUrl) => {
  let world: World;

  beforeAll(async () => {
    world = await World.start(databaseUrl, {
      'acme/-': track({
        settings: braked({ max_failing_logins: 100 }),
        upParties: [
          upParty({ type: 'login', name: 'login', css: 'h1 { color: teal } @import url(https://evil.test/x);' }),
          upParty({ type: 'login', name: 'polite', enable_cancel_login: true, enable_username_identifier: true }),
        ],
        downParties: [
          client({ display_name: 'The <Shop>', allow_up_parties: ['login', 'polite'] }),
          client({ name: 'poster', allow_up_parties: ['login'] }),
        ],
      }),
      'acme/strict': track({
        settings: braked({ max_failing_logins: 3, max_failing_logins_per_address: 0 }),
      }),
      'acme/walled': track({
        settings: braked({ max_failing_logins: 0, max_failing_logins_per_address: 4 }),
      }),
    });
    const ada = { user_id: 'ada', email: 'ada@example.com', email_verified: true };
    await world.addUser({
      ...ada,
      roles: ['buyer'],
      claims: { name: 'Ada Lovelace', address: { locality: 'London' }, updated_at: 5 },
    });
    await world.addUser({ user_id: 'eve', email: 'eve@example.com', disabled: true });
    await world.addUser({ user_id: 'carl', username: 'carl' });
    await world.addUser(ada, 'strict');
    await world.addUser(ada, 'walled');
  }, 120_000);

  afterAll(async () => world?.stop());

  describe('signing in by password', () => {
    it('leads from the authorization request by identifier and password to the application with a code', async () => {
      const done = await signIn(world.browser());
      expect(done.status).toBe(303);
      expect(done.location?.split('?')[0]).toBe(redirectUri);
      expect(answerIn(done).get('state')).toBe('state-1');
      expect(answerIn(done).get('code')).toMatch(/^code-/);
      expect(answerIn(done).get('iss')).toBe('http://localhost:4400/acme/-/shop(login)');
      const grant = world.seen.grants.at(-1);
      expect(grant).toMatchObject({ sub: 'ada', amr: ['pwd'], auth_time: world.clock.now() });
      expect(grant).not.toHaveProperty('acr');
      expect(grant?.claims).toMatchObject({
        email: 'ada@example.com',
        email_verified: true,
        preferred_username: 'ada@example.com',
        name: 'Ada Lovelace',
        address: { locality: 'London' },
        updated_at: 5,
        role: ['buyer'],
        auth_method: 'login',
        auth_method_type: 'login',
      });
      expect(Object.values(grant?.claims ?? {})).not.toContain(null);
    });

    it('asks two questions on the bus in all', async () => {
      const before = { started: world.seen.started.length, grants: world.seen.grants.length };
      await signIn(world.browser());
      expect(world.seen.started.length - before.started).toBe(1);
      expect(world.seen.grants.length - before.grants).toBe(1);
    });

    it('takes identifiers in any case and with blanks around them', async () => {
      const done = await signIn(world.browser(), { username: '  ADA@Example.com ' });
      expect(answerIn(done).has('code')).toBe(true);
    });

    it('shows the password page at once when the application hints who it is, and lets that be changed', async () => {
      const browser = world.browser();
      const page = await browser.open(authorizePath({ login_hint: 'eve@example.com' }));
      expect(page.forms[0]?.fields).toMatchObject({ step: 'password', username: 'eve@example.com', password: '' });
      const changed = await browser.submit(page, {}, 'use_another');
      expect(changed.forms[0]?.fields).toMatchObject({ step: 'identifier', username: '' });
      const second = await browser.submit(changed, { username: 'ada@example.com' });
      expect(answerIn(await browser.submit(second, { password })).has('code')).toBe(true);
    });

    it('shows the identifier although it is hinted when an account is to be selected', async () => {
      const page = await world
        .browser()
        .open(authorizePath({ login_hint: 'ada@example.com', prompt: 'select_account' }));
      expect(page.forms[0]?.fields).toMatchObject({ step: 'identifier', username: 'ada@example.com' });
    });

    it('shows where the journey stands when the page is loaded again', async () => {
      const browser = world.browser();
      const first = await browser.open(authorizePath());
      const second = await browser.submit(first, { username: 'ada@example.com' });
      const again = await browser.open(second.forms[0]?.action ?? '');
      expect(again.status).toBe(200);
      expect(again.forms[0]?.fields).toMatchObject({ step: 'password', username: 'ada@example.com' });
    });

    it('takes kinds of identifiers only where the up-party does', async () => {
      const elsewhere = await signIn(world.browser(), { username: 'carl' });
      expect(elsewhere.html).toContain('The user or the password is wrong.');
      const here = await signIn(world.browser(), { username: 'carl' }, authorizePath({}, 'acme/-/shop(polite)'));
      expect(answerIn(here).has('code')).toBe(true);
    });

    it('lets users cancel where the up-party does', async () => {
      const browser = world.browser();
      const page = await browser.open(authorizePath({}, 'acme/-/shop(polite)'));
      const cancelled = await browser.submit(page, {}, 'cancel');
      expect(answerIn(cancelled).get('error')).toBe('access_denied');
      expect(answerIn(cancelled).get('state')).toBe('state-1');
      const strict = await world.browser().open(authorizePath());
      expect(strict.forms.some(({ fields }) => fields['step'] === 'cancel')).toBe(false);
    });
  });

  describe('wrong sign-ins', () => {
    it('are answered in the same words whether the user is unknown, disabled, or the password is wrong', async () => {
      const pages = await Promise.all(
        [
          { username: 'ada@example.com', password: 'wrong' },
          { username: 'nobody@example.com', password: 'wrong' },
          { username: 'eve@example.com' },
        ].map((typed) => signIn(world.browser(), typed)),
      );
      expect(pages.map(({ status }) => status)).toEqual([200, 200, 200]);
      const [first = '', ...others] = pages.map(plain);
      expect(first).toContain('The user or the password is wrong.');
      expect(first).toContain('role="alert"');
      expect(others).toEqual([first, first]);
    });

    it('take about the same time for an unknown user as for a wrong password', async () => {
      const time = async (username: string): Promise<number> => {
        const began = performance.now();
        for (let attempt = 0; attempt < 3; attempt += 1) await signIn(world.browser(), { username, password: 'wrong' });
        return performance.now() - began;
      };
      await time('warm@example.com');
      const known = await time('ada@example.com');
      const unknown = await time('nobody2@example.com');
      expect(unknown).toBeGreaterThan(known / 4);
    });

    it('may be repeated on the same page until it is right', async () => {
      const browser = world.browser();
      const wrong = await signIn(browser, { password: 'wrong' });
      expect(answerIn(await browser.submit(wrong, { password })).has('code')).toBe(true);
    });

    it.each([
      ['an empty password', ''],
      ['an oversized password', 'x'.repeat(20_000)],
    ])('include %s, which no store or hash is asked for', async (_name, typed) => {
      const page = await signIn(world.browser(), { password: typed });
      expect(page.status).toBe(200);
      expect(page.forms[0]?.fields['step']).toBe('password');
    });

    it('are refused beyond the size of any form', async () => {
      const page = await signIn(world.browser(), { password: 'x'.repeat(100_000) });
      expect(page.status).toBe(413);
    });

    it.each(['', '   ', `${'x'.repeat(300)}@example.com`])('ask again for the identifier %j', async (username) => {
      const browser = world.browser();
      const page = await browser.submit(await browser.open(authorizePath()), { username });
      expect(page.html).toContain('aria-invalid="true"');
      expect(page.forms[0]?.fields['step']).toBe('identifier');
    });
  });

  describe('brakes', () => {
    const strict = authorizePath({}, 'acme/strict/shop(login)');
    const walled = authorizePath({}, 'acme/walled/shop(login)');

    it.each(['ada@example.com', 'unknown@example.com'])(
      'let %s wait after as many failures as the track allows, in the same words',
      async (username) => {
        for (let attempt = 0; attempt < 3; attempt += 1)
          await signIn(world.browser(), { username, password: 'no' }, strict);
        const braked = await signIn(world.browser(), { username }, strict);
        expect(braked.status).toBe(429);
        expect(braked.html).toContain('Please wait some time and try again.');
      },
    );

    it('end after the observation period, and then count anew', async () => {
      world.clock.advance(3601);
      const wrong = await signIn(world.browser(), { password: 'no' }, strict);
      expect(wrong.status).toBe(200);
      expect(answerIn(await signIn(world.browser(), {}, strict)).has('code')).toBe(true);
    });

    it('forget failures at a right password', async () => {
      for (let round = 0; round < 3; round += 1) {
        await signIn(world.browser(), { password: 'no' }, strict);
        await signIn(world.browser(), { password: 'no' }, strict);
        expect(answerIn(await signIn(world.browser(), {}, strict)).has('code')).toBe(true);
      }
    });

    it('believe no right password among more wrong ones than are allowed, sent side by side', async () => {
      const guesses = [...Array<string>(30).fill('no'), password];
      const pages = await Promise.all(
        guesses.map(async (guess) => {
          const browser = world.browser();
          const page = await browser.open(authorizePath({ login_hint: 'ada@example.com' }, 'acme/strict/shop(login)'));
          return browser.submit(page, { password: guess });
        }),
      );
      expect(pages.at(-1)?.status).toBe(429);
      world.clock.advance(3601);
    }, 30_000);

    it('let an address wait whatever users it tries, and no forwarded address lifts that', async () => {
      for (let attempt = 0; attempt < 4; attempt += 1)
        await signIn(world.browser(), { username: `user${attempt}@example.com`, password: 'no' }, walled);
      const forged = world.browser({ 'x-forwarded-for': '198.51.100.7' });
      expect((await signIn(forged, {}, walled)).status).toBe(429);
    });

    it('count failures only, and nothing where they are off', async () => {
      for (let round = 0; round < 8; round += 1)
        expect(answerIn(await signIn(world.browser(), {}, strict)).has('code')).toBe(true);
    });
  });

  describe('a journey belongs to its browser', () => {
    it('refuses a form without its anti-forgery value, or with that of another journey', async () => {
      const browser = world.browser();
      const page = await browser.open(authorizePath());
      const other = await browser.open(authorizePath());
      const forged = await browser.submit(page, { form_token: '', username: 'ada@example.com' });
      expect(forged.status).toBe(403);
      const mixed = await browser.submit(page, { form_token: other.forms[0]?.fields['form_token'] ?? '' });
      expect(mixed.status).toBe(403);
    });

    it('does not exist for another browser', async () => {
      const page = await world.browser().open(authorizePath());
      const thief = world.browser();
      await thief.open(authorizePath());
      for (const answer of [await thief.open(page.forms[0]?.action ?? ''), await thief.submit(page, {})]) {
        expect(answer.status).toBe(400);
        expect(answer.html).toContain('This sign-in is over');
      }
    });

    it('is over after its lifetime, and says so', async () => {
      const browser = world.browser();
      const page = await browser.open(authorizePath());
      world.clock.advance(7201);
      const late = await browser.submit(page, { username: 'ada@example.com' });
      expect(late.status).toBe(400);
      expect(late.html).toContain('That took too long');
    });

    it('runs beside another one in the same browser', async () => {
      const browser = world.browser();
      const one = await browser.open(authorizePath({ state: 'one' }));
      const two = await browser.open(authorizePath({ state: 'two' }));
      const [first, second] = [
        await browser.submit(one, { username: 'ada@example.com' }),
        await browser.submit(two, { username: 'ada@example.com' }),
      ];
      expect(answerIn(await browser.submit(first, { password })).get('state')).toBe('one');
      expect(answerIn(await browser.submit(second, { password })).get('state')).toBe('two');
    });

    it('gives of a form sent several times at once one answer, and makes one session and one code', async () => {
      const browser = world.browser();
      const page = await browser.open(authorizePath({ login_hint: 'ada@example.com' }));
      const before = { started: world.seen.started.length, grants: world.seen.grants.length };
      const answers = await Promise.all(Array.from({ length: 5 }, () => browser.submit(page, { password })));
      expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
      expect(answers.every(({ status }) => [303, 400, 409].includes(status))).toBe(true);
      expect(world.seen.started.length - before.started).toBe(1);
      expect(world.seen.grants.length - before.grants).toBe(1);
    });

    it('cannot be answered twice', async () => {
      const browser = world.browser();
      const page = await browser.open(authorizePath({ login_hint: 'ada@example.com' }));
      await browser.submit(page, { password });
      expect((await browser.submit(page, { password })).html).toContain('This sign-in is over');
    });

    it('gives the browser another cookie at each sign-in, and keeps both cookies from scripts', async () => {
      const browser = world.browser();
      const first = await signIn(browser);
      const before = browser.cookies.get('corsac_browser');
      await signIn(browser, {}, authorizePath({ prompt: 'login' }));
      expect(browser.cookies.get('corsac_browser')).not.toBe(before);
      expect(world.seen.started.at(-1)?.browser_id).toBe(before);
      for (const line of first.headers.getSetCookie()) expect(line).toMatch(/Path=\/acme\/; HttpOnly; SameSite=Lax/);
    });

    it('keeps the cookie over the end of the browser as long as a session lasts that is persistent, else not', async () => {
      const browser = world.browser();
      const ages = (page: { headers: Headers }): string[] =>
        page.headers
          .getSetCookie()
          .filter((line) => line.startsWith('corsac_browser='))
          .map((line) => /Max-Age=(\d+)/.exec(line)?.[1] ?? 'none');
      expect(ages(await signIn(browser))).toEqual(['none']);
      expect(ages(await browser.open(authorizePath()))).toEqual([]);
      world.seen.browserUntil = world.clock.now() + 30 * 86_400;
      try {
        expect(ages(await signIn(browser, {}, authorizePath({ prompt: 'login' })))).toEqual([String(30 * 86_400)]);
        const value = browser.cookies.get('corsac_browser');
        expect(ages(await browser.open(authorizePath()))).toEqual([String(30 * 86_400)]);
        expect(browser.cookies.get('corsac_browser')).toBe(value);
        world.seen.browserUntil = world.clock.now() + 4000 * 86_400;
        expect(ages(await browser.open(authorizePath()))).toEqual([String(400 * 86_400)]);
      } finally {
        delete world.seen.browserUntil;
      }
    });

    it('waits when another service is away, and goes on from where it stood', async () => {
      const browser = world.browser();
      const page = await browser.open(authorizePath({ login_hint: 'ada@example.com' }));
      world.seen.silent.add('token');
      const away = await browser.submit(page, { password });
      expect(away.status).toBe(503);
      expect(away.headers.get('retry-after')).toBe('2');
      world.seen.silent.delete('token');
      const action = page.forms[0]?.action ?? '';
      expect(answerIn(await browser.open(action)).has('code')).toBe(true);
    });
  });

  describe('prompt, max_age and the wanted user', () => {
    it('answers from the session without a page, once there is one', async () => {
      const browser = world.browser();
      await signIn(browser);
      expect(answerIn(await browser.open(authorizePath())).has('code')).toBe(true);
      expect(answerIn(await browser.open(authorizePath({ prompt: 'none' }))).has('code')).toBe(true);
    });

    it('answers login_required to prompt=none when nobody is signed in', async () => {
      const answer = await world.browser().open(authorizePath({ prompt: 'none' }));
      expect(answer.status).toBe(303);
      expect(answerIn(answer).get('error')).toBe('login_required');
    });

    it.each<Record<string, string>>([{ prompt: 'login' }, { max_age: '60' }])('signs in anew for %j', async (asked) => {
      const browser = world.browser();
      await signIn(browser);
      world.clock.advance(61);
      const page = await browser.open(authorizePath(asked));
      expect(page.status).toBe(200);
      const done = await browser.submit(await browser.submit(page, { username: 'ada@example.com' }), { password });
      expect(answerIn(done).has('code')).toBe(true);
      expect(world.seen.grants.at(-1)?.auth_time).toBe(world.clock.now());
    });

    it('answers login_required when somebody else signs in than the id_token_hint names', async () => {
      const hinted = await signIn(world.browser(), {}, authorizePath({ id_token_hint: 'hint:somebody-else' }));
      expect(answerIn(hinted).get('error')).toBe('login_required');
      const right = await signIn(world.browser(), {}, authorizePath({ id_token_hint: 'hint:ada' }));
      expect(answerIn(right).has('code')).toBe(true);
    });

    it('asks for consent only when the application wants it asked, and takes no for an answer', async () => {
      const asked = async () => {
        const browser = world.browser();
        return { browser, page: await signIn(browser, {}, authorizePath({ prompt: 'consent' })) };
      };
      const yes = await asked();
      expect(yes.page.html).toContain('The &lt;Shop&gt; wants to use your account ada@example.com.');
      expect(answerIn(await yes.browser.submit(yes.page)).has('code')).toBe(true);
      const no = await asked();
      expect(answerIn(await no.browser.submit(no.page, {}, 'consent_deny')).get('error')).toBe('access_denied');
    });

    it('does not take consent for granted before anybody signed in', async () => {
      const browser = world.browser();
      const page = await browser.open(authorizePath({ prompt: 'consent' }));
      const pushed = await browser.post(page.forms[0]?.action ?? '', { ...page.forms[0]?.fields, step: 'consent' });
      expect(pushed.forms[0]?.fields['step']).toBe('identifier');
    });
  });

  describe('pages', () => {
    const nasty = '"><script>alert(1)</script>';

    it('show what was sent as text, wherever it came from', async () => {
      const browser = world.browser();
      const hinted = await browser.open(authorizePath({ login_hint: nasty, state: nasty }));
      const typed = await browser.submit(await browser.submit(hinted, {}, 'use_another'), { username: `${nasty}x` });
      const wrong = await browser.submit(typed, { password: 'no' });
      for (const page of [hinted, typed, wrong]) {
        expect(page.html).not.toContain('<script>alert');
        expect(page.html).toContain('&lt;script&gt;');
      }
      expect(hinted.html).toContain('to continue to The &lt;Shop&gt;');
    });

    it('forbid inline script and style and being framed, and let the application be reached after a form', async () => {
      const page = await world.browser().open(authorizePath());
      const policy = page.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      // Chromium would hold up the redirects of the application, and of the next one, to which it leads.
      expect(policy).not.toContain('form-action');
      expect(policy).not.toContain('unsafe');
      expect(page.headers.get('cache-control')).toBe('no-store');
      expect(page.headers.get('x-frame-options')).toBe('DENY');
      expect(page.html).not.toMatch(/<script(?! src="\/assets\/)|<style|style="|\son[a-z]+="/);
    });

    it('have one main action: the first form and its first submit button', async () => {
      const page = await world.browser().open(authorizePath());
      expect(page.forms[0]?.text.match(/<button type="submit"[^>]*>([^<]+)/)?.[1]).toBe('Continue');
      expect(page.html.match(/<h1>/g)).toHaveLength(1);
      expect(page.html).toContain('<html lang="en">');
      expect(page.html).toContain('<label for="username">Email address</label>');
      expect(page.html).toContain('autocomplete="username"');
    });

    it('speak the language that the application asks for, else the browser, else the track', async () => {
      const asked = await world.browser({ 'accept-language': 'fr' }).open(authorizePath({ ui_locales: 'da' }));
      expect(asked.html).toContain('<html lang="da">');
      const preferred = await world.browser({ 'accept-language': 'xx, es;q=0.5, de;q=0.8' }).open(authorizePath());
      expect(preferred.html).toContain('<html lang="de">');
    });

    it('post themselves to the application where it wants its answer in a form', async () => {
      const posted = await signIn(world.browser(), {}, authorizePath({ response_mode: 'form_post' }));
      expect(posted.status).toBe(200);
      expect(posted.forms[0]).toMatchObject({ action: redirectUri, method: 'post' });
      expect(posted.forms[0]?.fields['code']).toMatch(/^code-/);
      expect(posted.forms[0]?.fields['state']).toBe('state-1');
      expect(posted.forms[0]?.text).toContain('<button type="submit"');
      const policy = posted.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("script-src 'self'");
      expect(policy).not.toContain('form-action');
    });

    it('are styled by files that are kept for ever under a name with their hash', async () => {
      const page = await world.browser().open(authorizePath());
      const styles = [...page.html.matchAll(/<link rel="stylesheet" href="([^"]+)">/g)].map(([, href = '']) => href);
      expect(styles).toHaveLength(2);
      const [ours, own] = await Promise.all(styles.map((href) => world.rig.fetch(href)));
      expect(ours?.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(ours?.headers.get('content-type')).toBe('text/css; charset=utf-8');
      expect(await ours?.text()).toContain('prefers-color-scheme: dark');
      expect(await own?.text()).toBe('h1 { color: teal }');
      expect((await world.rig.fetch('/assets/sign-in.css')).status).toBe(404);
      const older = await world.rig.fetch('/assets/sign-in.0123456789abcdef.css');
      expect(older.headers.get('cache-control')).toBe('no-cache');
      const etag = ours?.headers.get('etag') ?? '';
      expect((await world.rig.fetch(styles[0] ?? '', { headers: { 'if-none-match': etag } })).status).toBe(304);
      expect((await world.rig.fetch('/assets/..%2fpackage.json')).status).toBe(404);
    });

    it('say what is wrong, what to do, and a reference, when an address or request is bad', async () => {
      for (const [path, status, title] of [
        ['/acme/none/shop/oauth/authorize?x=1', 404, 'This place does not exist'],
        ['/acme/-/nobody/oauth/authorize?x=1', 404, 'This application is not known here'],
        [authorizePath({ redirect_uri: 'https://evil.test/' }), 400, 'The application asked for something impossible'],
        ['/acme/-/(login)/login/unknown', 400, 'This sign-in is over'],
      ] as const) {
        const page = await world.browser().open(path);
        expect(page.status).toBe(status);
        expect(page.html).toContain(title);
        expect(page.html).toContain('Reference: ');
        expect(page.location).toBeNull();
      }
    });

    it('take GET and POST only, and forms only', async () => {
      const browser = world.browser();
      const page = await browser.open(authorizePath());
      const put = await world.rig.fetch(page.forms[0]?.action ?? '', { method: 'PUT' });
      expect(put.status).toBe(404);
      const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const json = await world.rig.fetch(page.forms[0]?.action ?? '', {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json' },
        body: '{}',
      });
      expect(json.status).toBe(415);
    });
  });

  it('uses no session of another track', async () => {
    const browser = world.browser();
    await signIn(browser);
    const elsewhere = await browser.open(authorizePath({}, 'acme/strict/shop(login)'));
    expect(elsewhere.status).toBe(200);
  });
});

import { describeWith } from '@corsac/testing/backing';
import type { TestBrowser, TestPage } from './fixtures/test-browser.js';
import { authorizePath, client, signIn, track, upParty, World } from './fixtures/world.js';
import { totpCode, totpStep } from './users/totp.js';

const answerIn = ({ location }: TestPage): URLSearchParams => new URL(location ?? 'missing:').searchParams;
const strong = authorizePath({ acr_values: 'mfa' });

/** What an authenticator app reads from the page. */
const seedOn = ({ html }: TestPage): Buffer => {
  const text = (/<code>([A-Z2-7 ]{20,})<\/code>/.exec(html)?.[1] ?? '').replace(/ /g, '');
  const bits = [...text].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  );
  const bytes = bits.join('').match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => parseInt(byte, 2)));
};
const codesOn = ({ html }: TestPage): string[] => [...html.matchAll(/<li><code>([^<]+)/g)].map(([, code = '']) => code);

describeWith('postgres', (databaseUrl) => {
  let world: World;

  beforeAll(async () => {
    world = await World.start(databaseUrl, {
      'acme/-': track({
        upParties: [
          upParty({ type: 'login', name: 'login', title: 'Acme' }),
          upParty({ type: 'login', name: 'strong', require_two_factor: true }),
          upParty({ type: 'login', name: 'none', require_two_factor: true, enable_two_factor_app: false }),
        ],
        downParties: [client({ allow_up_parties: ['login', 'strong', 'none'] })],
      }),
    });
    for (const name of ['ada', 'bob', 'cid', 'dan', 'eli', 'fay', 'gus', 'hal'])
      await world.addUser({ user_id: name, email: `${name}@example.com`, require_multi_factor: name === 'bob' });
  }, 120_000);

  afterAll(async () => world?.stop());

  const code = (seed: Buffer, ahead = 0): string => totpCode(seed, totpStep(world.clock.now()) + ahead);

  const enrol = async (
    name: string,
  ): Promise<{ browser: TestBrowser; seed: Buffer; codes: string[]; done: TestPage }> => {
    const browser = world.browser();
    const page = await signIn(browser, { username: `${name}@example.com` }, strong);
    const seed = seedOn(page);
    const shown = await browser.submit(page, { code: code(seed) });
    const codes = codesOn(shown);
    const done = await browser.submit(shown);
    world.clock.advance(60);
    return { browser, seed, codes, done };
  };

  describe('a second factor, RFC 6238', () => {
    it('is set up by who has none when the application asks for it, and answered in amr and acr', async () => {
      const { seed, codes, done } = await enrol('ada');
      expect(seed).toHaveLength(20);
      expect(codes).toHaveLength(10);
      expect(new Set(codes).size).toBe(10);
      expect(answerIn(done).has('code')).toBe(true);
      expect(world.seen.grants.at(-1)).toMatchObject({ sub: 'ada', amr: ['pwd', 'otp', 'mfa'], acr: 'mfa' });
    });

    it('is not asked where a password is what the application asks for, which the answer says', async () => {
      const done = await signIn(
        world.browser(),
        { username: 'dan@example.com' },
        authorizePath({ acr_values: 'urn:x pwd' }),
      );
      expect(answerIn(done).has('code')).toBe(true);
      expect(world.seen.grants.at(-1)).toMatchObject({ sub: 'dan', amr: ['pwd'], acr: 'pwd' });
      const unasked = await signIn(world.browser(), { username: 'dan@example.com' });
      expect(answerIn(unasked).has('code')).toBe(true);
      expect(world.seen.grants.at(-1)).not.toHaveProperty('acr');
    });

    it('is asked where the claims parameter asks for it, OIDC Core 5.5.1.1', async () => {
      const claims = JSON.stringify({ id_token: { acr: { essential: true, values: ['mfa'] } } });
      const page = await signIn(world.browser(), { username: 'dan@example.com' }, authorizePath({ claims }));
      expect(page.html).toContain('Set up two-step sign-in');
    });

    it('refuses an essential acr that nobody reaches, OIDC Core 5.5.1.1', async () => {
      const claims = JSON.stringify({ id_token: { acr: { essential: true, value: 'urn:example:high' } } });
      const done = await signIn(world.browser(), { username: 'dan@example.com' }, authorizePath({ claims }));
      expect(answerIn(done).get('error')).toBe('unmet_authentication_requirements');
    });

    it.each([
      ['the user', 'bob', authorizePath()],
      ['the up-party', 'cid', authorizePath({}, 'acme/-/shop(strong)')],
    ])('is asked when %s wants it', async (_who, name, path) => {
      const page = await signIn(world.browser(), { username: `${name}@example.com` }, path);
      expect(page.html).toContain('Set up two-step sign-in');
      expect(page.html).toMatch(/<svg class="picture" role="img" aria-label="QR code/);
    });

    it('is not asked otherwise', async () => {
      expect(answerIn(await signIn(world.browser())).has('code')).toBe(true);
      expect(world.seen.grants.at(-1)?.amr).toEqual(['pwd']);
    });

    it('refuses the sign-in where it is required and cannot be set up', async () => {
      const refused = await signIn(
        world.browser(),
        { username: 'cid@example.com' },
        authorizePath({}, 'acme/-/shop(none)'),
      );
      expect(answerIn(refused).get('error')).toBe('access_denied');
    });

    it('keeps its seed over a reload while it is being set up, and gives another one to another journey', async () => {
      const browser = world.browser();
      const page = await signIn(browser, { username: 'cid@example.com' }, strong);
      const again = await browser.open(page.forms[0]?.action ?? '');
      expect(seedOn(again)).toEqual(seedOn(page));
      const other = await signIn(world.browser(), { username: 'cid@example.com' }, strong);
      expect(seedOn(other)).not.toEqual(seedOn(page));
    });

    it('is not set up by a wrong code', async () => {
      const browser = world.browser();
      const page = await signIn(browser, { username: 'cid@example.com' }, strong);
      const wrong = await browser.submit(page, { code: '000000' });
      expect(wrong.html).toContain('The code is wrong or too old.');
      expect(seedOn(wrong)).toEqual(seedOn(page));
    });

    it('is not set up by a form without its anti-forgery value, or with that of another journey', async () => {
      const browser = world.browser();
      const page = await signIn(browser, { username: 'hal@example.com' }, strong);
      const other = await signIn(browser, { username: 'hal@example.com' }, strong);
      const typed = code(seedOn(page));
      for (const form_token of ['', other.forms[0]?.fields['form_token'] ?? ''])
        expect((await browser.submit(page, { code: typed, form_token })).status).toBe(403);
      expect(codesOn(await browser.submit(page, { code: typed }))).toHaveLength(10);
    });

    it('is not put in place of one that is there, also not by a page that was open before', async () => {
      const [one, two] = [world.browser(), world.browser()];
      const [first, second] = [
        await signIn(one, { username: 'dan@example.com' }, strong),
        await signIn(two, { username: 'dan@example.com' }, strong),
      ];
      await one.submit(first, { code: code(seedOn(first)) });
      const late = await two.submit(second, { code: code(seedOn(second)) });
      expect(late.html).toContain('Enter the code that your authenticator app shows.');
      world.clock.advance(60);
      expect((await two.submit(late, { code: code(seedOn(second)) })).html).toContain('The code is wrong');
    });

    it('takes a code once, also when it is sent several times at once or in another journey', async () => {
      const { seed } = await enrol('eli');
      const open = async () => {
        const browser = world.browser();
        return { browser, page: await signIn(browser, { username: 'eli@example.com' }, strong) };
      };
      const journeys = await Promise.all([open(), open(), open()]);
      const typed = code(seed);
      const answers = await Promise.all(journeys.map(({ browser, page }) => browser.submit(page, { code: typed })));
      expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
      world.clock.advance(30);
      const before = await open();
      expect((await before.browser.submit(before.page, { code: typed })).html).toContain('The code is wrong');
    });

    it('takes a code of the step before or after, and none farther away', async () => {
      const { seed } = await enrol('fay');
      const open = async () => {
        const browser = world.browser();
        return { browser, page: await signIn(browser, { username: 'fay@example.com' }, strong) };
      };
      const far = await open();
      expect((await far.browser.submit(far.page, { code: code(seed, 2) })).status).toBe(200);
      const near = await open();
      expect((await near.browser.submit(near.page, { code: code(seed, 1) })).status).toBe(303);
      world.clock.advance(90);
    });

    it('waits after too many wrong codes, even for the right one', async () => {
      const { seed } = await enrol('gus');
      const browser = world.browser();
      let page = await signIn(browser, { username: 'gus@example.com' }, strong);
      for (let attempt = 0; attempt < 7; attempt += 1) page = await browser.submit(page, { code: '000000' });
      const braked = await browser.submit(page, { code: code(seed) });
      expect(braked.status).toBe(429);
      expect(braked.html).toContain('Please wait some time and try again.');
      world.clock.advance(3601);
    });

    it('cannot be skipped by posting another step', async () => {
      const browser = world.browser();
      const page = await signIn(browser, { username: 'bob@example.com' });
      for (const step of ['codes_kept', 'back', 'identifier', 'use_app', 'confirm', 'change_password']) {
        const answer = await browser.submit(page, { step, username: 'bob@example.com' });
        expect(answer.status).toBe(200);
      }
    });

    it('counts for the user that showed it, not for the next one in the journey', async () => {
      const browser = world.browser();
      const page = await signIn(browser, { username: 'cid@example.com' }, strong);
      const shown = await browser.submit(page, { code: code(seedOn(page)) });
      const next = await browser.submit(shown, {
        step: 'password',
        username: 'bob@example.com',
        password: 'Corsac-demo-1',
      });
      expect(next.html).toContain('Set up two-step sign-in');
      world.clock.advance(60);
    });
  });

  describe('recovery codes', () => {
    it('are a second factor, each once, however it is typed', async () => {
      const { codes } = await enrolledBob();
      const use = async (typed: string): Promise<TestPage> => {
        const browser = world.browser();
        const page = await signIn(browser, { username: 'bob@example.com' });
        return browser.submit(await browser.submit(page, {}, 'use_recovery'), { code: typed });
      };
      const [first = ''] = codes;
      const used = await use(first.toLowerCase().replace(/-/g, ' '));
      expect(answerIn(used).has('code')).toBe(true);
      expect(world.seen.grants.at(-1)).toMatchObject({ sub: 'bob', amr: ['pwd', 'otp', 'mfa'] });
      expect((await use(first)).html).toContain('The code is wrong');
    });

    it('are kept as hashes, and the seed is sealed', async () => {
      const rows: unknown = await world.rig.parts.database.query(
        `select totp_seed, recovery_codes from users where user_id = 'bob'`,
      );
      const [{ totp_seed, recovery_codes }] = rows as [{ totp_seed: string; recovery_codes: string[] }];
      expect(totp_seed).toMatch(/^v1\./);
      expect(recovery_codes).toHaveLength(9);
      for (const hash of recovery_codes) expect(hash).toMatch(/^[\w-]{43}$/);
    });

    const enrolledBob = async (): Promise<{ codes: string[] }> => {
      const browser = world.browser();
      const page = await signIn(browser, { username: 'bob@example.com' });
      return { codes: codesOn(await browser.submit(page, { code: code(seedOn(page)) })) };
    };
  });
});

import { describeWith } from '@corsac/testing/backing';
import type { TestPage } from './fixtures/test-browser.js';
import { authorizePath, client, downParty, password, track, upParty, World } from './fixtures/world.js';

const answerIn = ({ location }: TestPage): URLSearchParams => new URL(location ?? 'missing:').searchParams;
const everywhere = (parameters: Record<string, string> = {}): string => authorizePath(parameters, 'acme/-/shop');
const linkTo = (name: string, more: object = {}): object => ({
  type: 'track_link',
  name,
  to_down_track_name: 'partner',
  to_down_party_name: `${name}-end`,
  ...more,
});

const endOf = (name: string, of: string) =>
  downParty({
    type: 'track_link',
    name: `${name}-end`,
    allow_up_parties: ['login'],
    to_up_track_name: of,
    to_up_party_name: name,
  });

describeWith('postgres', (databaseUrl) => {
  let world: World;

  beforeAll(async () => {
    const many = Array.from({ length: 11 }, (_, index) => `way${index}`);
    world = await World.start(databaseUrl, {
      'acme/-': track({
        upParties: [
          upParty({ type: 'login', name: 'login' }),
          upParty(
            linkTo('partner', {
              hrd_domains: ['partner.test'],
              hrd_always_show_button: true,
              display_name: 'Partner & Co',
            }),
          ),
          upParty(linkTo('regex', { hrd_regular_expressions: ['^x[0-9]+@'] })),
        ],
        downParties: [client({ allow_up_parties: ['login', 'partner', 'regex'] })],
      }),
      'acme/many': track({
        upParties: many.map((name) => upParty(linkTo(name, { display_name: `Way ${name}` }))),
        downParties: [client({ allow_up_parties: many })],
      }),
      'acme/office': track({
        upParties: [
          upParty({ type: 'login', name: 'login' }),
          upParty({ type: 'login', name: 'inside', title: 'Inside', hrd_ip_ranges: ['127.0.0.0/8', '::1'] }),
        ],
        downParties: [client({ allow_up_parties: ['login', 'inside'] })],
      }),
      'acme/partner': track({
        upParties: [upParty({ type: 'login', name: 'login', title: 'Partner login' })],
        downParties: ['partner', 'regex'].map((name) => endOf(name, '-')),
      }),
      'acme/open': track({
        upParties: [
          upParty({ type: 'login', name: 'login', hrd_domains: ['acme.test'] }),
          upParty(linkTo('rest', { hrd_domains: ['*'], to_down_track_name: 'guests' })),
        ],
        downParties: [client({ allow_up_parties: ['login', 'rest'] })],
      }),
      'acme/guests': track({
        upParties: [upParty({ type: 'login', name: 'login', title: 'Guests' })],
        downParties: [endOf('rest', 'open')],
      }),
    });
    await world.addUser({ user_id: 'ada', email: 'ada@example.com' });
    await world.addUser({ user_id: 'pia', email: 'pia@partner.test' }, 'partner');
    await world.addUser({ user_id: 'xen', email: 'x1@example.com' }, 'partner');
  }, 120_000);

  afterAll(async () => world?.stop());

  describe('home realm discovery', () => {
    it('asks nothing when one up-party is possible', async () => {
      const page = await world.browser().open(authorizePath());
      expect(page.forms[0]?.fields['step']).toBe('identifier');
    });

    it('offers the identifier first, and a button for each other up-party', async () => {
      const page = await world.browser().open(everywhere());
      expect(page.forms[0]?.fields).toMatchObject({ step: 'home_realm', username: '' });
      expect(page.html).toContain('Sign in with Partner &amp; Co');
      expect(page.html).toContain('name="up_party" value="partner"');
      expect(page.html).not.toContain('value="regex"');
      expect(page.headers.get('content-security-policy')).not.toContain('form-action');
    });

    it('leads an identifier that no rule knows to the login up-party, with the identifier', async () => {
      const browser = world.browser();
      const next = await browser.submit(await browser.open(everywhere()), { username: 'ada@example.com' });
      expect(next.forms[0]?.fields).toMatchObject({ step: 'password', username: 'ada@example.com' });
      expect(answerIn(await browser.submit(next, { password })).has('code')).toBe(true);
    });

    it.each([
      ['domain', 'pia@partner.test', 'pia'],
      ['regular expression', 'X1@example.com', 'xen'],
    ])('leads by %s, in no more requests and with the identifier filled in', async (_rule, username, sub) => {
      const browser = world.browser();
      const next = await browser.submit(await browser.open(everywhere()), { username });
      expect(next.html).toContain('Partner login');
      expect(next.forms[0]?.action).toContain('/acme/partner/(login)/login/');
      expect(next.forms[0]?.fields).toMatchObject({ step: 'password', username });
      expect(answerIn(await browser.submit(next, { password })).has('code')).toBe(true);
      expect(world.seen.grants.at(-1)).toMatchObject({ track: '-', sub });
      expect(world.seen.started.at(-1)?.chain.map((part) => part.track)).toEqual(['-', 'partner']);
    });

    it('leads by the hint of the application without a page', async () => {
      const page = await world.browser().open(everywhere({ login_hint: 'pia@partner.test' }));
      expect(page.html).toContain('Partner login');
    });

    it('leads by the address of the browser', async () => {
      const page = await world.browser().open(authorizePath({}, 'acme/office/shop'));
      expect(page.html).toContain('Inside');
    });

    it('remembers in the browser by what its user signed in, once that was done', async () => {
      const browser = world.browser();
      const page = await browser.open(everywhere());
      const partner = await browser.submit(page, { up_party: 'partner', username: '' });
      expect(browser.cookies.has('corsac_realm_-')).toBe(false);
      const named = await browser.submit(partner, { username: 'pia@partner.test' });
      await browser.submit(named, { password });
      expect(browser.cookies.get('corsac_realm_-')).toBe('partner');
      const next = await browser.open(everywhere({ prompt: 'login' }));
      expect(next.html).toContain('Partner login');
      const chosen = await browser.open(everywhere({ prompt: 'select_account' }));
      expect(chosen.forms[0]?.fields['step']).toBe('home_realm');
    });

    it('asks again when somebody else wants to sign in', async () => {
      const browser = world.browser();
      const next = await browser.submit(await browser.open(everywhere()), { username: 'ada@example.com' });
      const again = await browser.submit(next, {}, 'use_another');
      expect(again.forms[0]?.fields['step']).toBe('home_realm');
      const partner = await browser.submit(again, { up_party: 'partner', username: '' });
      const typed = await browser.submit(partner, { username: 'pia@partner.test' });
      const back = await browser.submit(typed, {}, 'use_another');
      expect(back.forms[0]?.action).toContain('/acme/-/(login)/login/');
      expect(back.forms[0]?.fields['step']).toBe('home_realm');
      const other = await browser.submit(back, { username: 'ada@example.com' });
      expect(answerIn(await browser.submit(other, { password })).has('code')).toBe(true);
      expect(world.seen.grants.at(-1)?.sub).toBe('ada');
    });

    it('leads domains that nobody else claims by *, and those that are claimed to whom they belong', async () => {
      const open = authorizePath({}, 'acme/open/shop');
      const guests = world.browser();
      const far = await guests.submit(await guests.open(open), { username: 'gus@nowhere.test' });
      expect(far.html).toContain('Guests');
      const own = world.browser();
      const near = await own.submit(await own.open(open), { username: 'ada@acme.test' });
      expect(near.forms[0]?.action).toContain('/acme/open/(login)/login/');
    });

    it('is narrowed by the binding of the address: what is not in it is neither shown nor led to', async () => {
      const two = authorizePath({}, 'acme/-/shop(login,regex)');
      const browser = world.browser();
      const page = await browser.open(two);
      expect(page.forms[0]?.fields['step']).toBe('home_realm');
      expect(page.html).not.toContain('value="partner"');
      const typed = await browser.submit(page, { username: 'pia@partner.test' });
      expect(typed.forms[0]?.action).toContain('/acme/-/(login)/login/');
      const one = await world.browser().open(authorizePath({ login_hint: 'pia@partner.test' }, 'acme/-/shop(login)'));
      expect(one.forms[0]?.action).toContain('/acme/-/(login)/login/');
    });

    it('prefers the rule that fits the hint to what the browser remembers', async () => {
      const browser = world.browser();
      browser.cookies.set('corsac_realm_-', 'login');
      const page = await browser.open(everywhere({ login_hint: 'pia@partner.test' }));
      expect(page.html).toContain('Partner login');
    });

    it('takes no up-party that the request may not use', async () => {
      const browser = world.browser();
      const page = await browser.open(everywhere());
      const answer = await browser.submit(page, { up_party: 'inside', username: '' });
      expect(answer.forms[0]?.fields['step']).toBe('home_realm');
    });

    it('ignores a planted cookie that names what is not there', async () => {
      const browser = world.browser();
      browser.cookies.set('corsac_realm_-', 'nowhere.<script>');
      expect((await browser.open(everywhere())).forms[0]?.fields['step']).toBe('home_realm');
    });

    it('asks for an identifier again when it is missing', async () => {
      const browser = world.browser();
      const answer = await browser.submit(await browser.open(everywhere()), { username: ' ' });
      expect(answer.html).toContain('Enter who you are.');
    });

    it('has a search above ten buttons that works without script', async () => {
      const browser = world.browser();
      const page = await browser.open(authorizePath({}, 'acme/many/shop'));
      expect(page.html.match(/name="up_party"/g)).toHaveLength(11);
      const search = page.forms.find(({ method }) => method === 'get');
      const found = await browser.open(`${search?.action}?search=WAY10`);
      expect(found.html.match(/name="up_party"/g)).toHaveLength(1);
      const none = await browser.open(`${search?.action}?search=%3Cb%3E`);
      expect(none.html).toContain('Nothing was found.');
      expect(none.html).toContain('value="&lt;b&gt;"');
    });

    it('answers login_required when nobody may be asked', async () => {
      const answer = await world.browser().open(everywhere({ prompt: 'none' }));
      expect(answerIn(answer).get('error')).toBe('login_required');
    });
  });
});

import { describeWith } from '@corsac/testing/backing';
import {
  answerIn,
  byLink,
  sequenceOf,
  fourTracks,
  linkDown,
  recordOf,
  replaceTracks,
  twoTracks,
} from '../../fixtures/links.js';
import type { TestPage } from '../../fixtures/test-browser.js';
import { password, signIn, track, upParty, World } from '../../fixtures/world.js';
import { totpCode, totpStep } from '../../users/totp.js';

/** What an authenticator app reads from the page. */
const seedOn = ({ html }: TestPage): Buffer => {
  const text = (/<code>([A-Z2-7 ]{20,})<\/code>/.exec(html)?.[1] ?? '').replace(/ /g, '');
  const bits = [...text].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  );
  return Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
};

describeWith('postgres', (databaseUrl) => {
  let world: World;

  beforeAll(async () => {
    world = await World.start(databaseUrl, { ...twoTracks(), ...fourTracks(), ...twoTracks() });
    for (const name of ['-', 'y', 'd'])
      await world.addUser({ user_id: `ada-of-${name}`, email: 'ada@example.com' }, name);
  }, 120_000);
  afterAll(async () => world?.stop());
  beforeEach(async () => replaceTracks(world, { ...fourTracks(), ...twoTracks() }));

  const finished = (page: TestPage): TestPage => {
    expect(answerIn(page)).toHaveProperty('code');
    return page;
  };

  describe('a sign-in by a track link', () => {
    it('takes as many requests as a direct one, and the linked track’s page is the first thing that is seen', async () => {
      const browser = world.browser();
      const first = await browser.open(byLink());
      expect(first.forms[0]?.action).toContain('/acme/y/(login)/login/');
      const second = await browser.submit(first, { username: 'ada@example.com' });
      finished(await browser.submit(second, { password }));
      expect(world.seen.grants.at(-1)).toMatchObject({ track: '-', up_party: 'y', sub: 'ada-of-y' });
    });

    it('starts the sessions of both tracks with one question, and asks two questions in all', async () => {
      const before = [world.seen.started.length, world.seen.grants.length];
      finished(await signIn(world.browser(), {}, byLink()));
      expect([world.seen.started.length - before[0]!, world.seen.grants.length - before[1]!]).toEqual([1, 1]);
      const chain = world.seen.started.at(-1)?.chain ?? [];
      expect(chain.map(({ track: of, up_party, sub }) => [of, up_party, sub])).toEqual([
        ['-', 'y', 'ada-of-y'],
        ['y', 'login', 'ada-of-y'],
      ]);
    });

    it('says in claims by what the user came: the link here, the login there', async () => {
      finished(await signIn(world.browser(), {}, byLink()));
      const [near, far] = world.seen.started.at(-1)?.chain ?? [];
      expect(near?.claims).toMatchObject({ auth_method: 'y', auth_method_type: 'track_link', up_party: 'y' });
      expect(far?.claims).toMatchObject({ auth_method: 'login', auth_method_type: 'login' });
    });

    it('is answered by the session of the own track the next time, also for another application that shares the link', async () => {
      const browser = world.browser();
      finished(await signIn(browser, {}, byLink()));
      const started = world.seen.started.length;
      finished(await browser.open(byLink()));
      const other = await browser.open(byLink({ client_id: 'second' }, 'second(y)'));
      finished(other);
      expect(world.seen.grants.at(-1)).toMatchObject({ client_id: 'second', sub: 'ada-of-y', up_party: 'y' });
      expect(world.seen.started).toHaveLength(started);
    });

    it('is answered by the session of the linked track, without a page, when the own one has none', async () => {
      await replaceTracks(world, twoTracks({ up: { session_lifetime: 0, session_absolute_lifetime: 0 } }));
      const browser = world.browser();
      finished(await signIn(browser, {}, byLink()));
      world.seen.sessions.splice(
        0,
        world.seen.sessions.length,
        ...world.seen.sessions.filter((kept) => kept.track === 'y'),
      );
      finished(await browser.open(byLink()));
      expect(world.seen.started.at(-1)?.chain.map((part) => part.track)).toEqual(['-', 'y']);
    });

    it('leaves the subject as it is, or puts the link’s name before it: pipe_external_id', async () => {
      await replaceTracks(world, twoTracks({ up: { pipe_external_id: true } }));
      const browser = world.browser();
      finished(await signIn(browser, {}, byLink()));
      expect(world.seen.grants.at(-1)?.sub).toBe('y|ada-of-y');
      const same = byLink({ prompt: 'login', id_token_hint: 'hint:y|ada-of-y' });
      finished(await signIn(browser, {}, same));
      expect(world.seen.grants.at(-1)?.sub).toBe('y|ada-of-y');
      const another = await signIn(browser, {}, byLink({ prompt: 'login', id_token_hint: 'hint:y|somebody' }));
      expect(answerIn(another)).toMatchObject({ error: 'login_required' });
    });
  });

  describe('what an application asks, through a link', () => {
    it('prompt=none is answered by login_required when nobody is signed in, and by the session when somebody is', async () => {
      const browser = world.browser();
      expect(answerIn(await browser.open(byLink({ prompt: 'none' })))).toMatchObject({
        error: 'login_required',
        state: 'state-1',
      });
      finished(await signIn(browser, {}, byLink()));
      finished(await browser.open(byLink({ prompt: 'none' })));
    });

    it('login_hint, ui_locales and prompt=login arrive', async () => {
      const hinted = await world.browser().open(byLink({ login_hint: 'ada@example.com', ui_locales: 'da' }));
      expect(hinted.forms[0]?.fields).toMatchObject({ step: 'password', username: 'ada@example.com' });
      expect(hinted.html).toContain('lang="da"');
      const browser = world.browser();
      finished(await signIn(browser, {}, byLink()));
      expect((await browser.open(byLink({ prompt: 'login' }))).forms[0]?.action).toContain('/acme/y/');
    });

    it('max_age arrives: neither track’s old session answers', async () => {
      const browser = world.browser();
      finished(await signIn(browser, {}, byLink()));
      world.clock.advance(100);
      const page = await browser.open(byLink({ max_age: '60' }));
      expect(page.forms[0]?.action).toContain('/acme/y/(login)/login/');
    });

    it('a second factor is asked in the linked track, and amr and acr come back', async () => {
      await world.addUser({ user_id: 'mfa-of-y', email: 'mfa@example.com' }, 'y');
      const browser = world.browser();
      const page = await signIn(browser, { username: 'mfa@example.com' }, byLink({ acr_values: 'mfa' }));
      expect(page.forms[0]?.action).toContain('/acme/y/');
      const seed = seedOn(page);
      const codes = await browser.submit(page, { code: totpCode(seed, totpStep(world.clock.now())) });
      finished(await browser.submit(codes));
      expect(world.seen.grants.at(-1)).toMatchObject({
        track: '-',
        sub: 'mfa-of-y',
        acr: 'mfa',
        amr: ['pwd', 'otp', 'mfa'],
      });
    });

    it('a cancelled sign-in is access_denied for the application', async () => {
      await replaceTracks(world, {
        ...twoTracks(),
        'acme/y': track({
          upParties: [upParty({ type: 'login', name: 'login', enable_cancel_login: true })],
          downParties: [linkDown('y', '-')],
        }),
      });
      const browser = world.browser();
      const page = await browser.open(byLink());
      expect(answerIn(await browser.submit(page, {}, 'cancel'))).toMatchObject({
        error: 'access_denied',
        state: 'state-1',
      });
    });

    it('a failing transform of either end is an error of the application and stands in the record with its name', async () => {
      const failing = {
        name: 'huge',
        order: 1,
        type: 'regex_match',
        action: 'add',
        claims_in: ['long'],
        claim_out: 'x',
        transformation: `(${'a?'.repeat(60)}){3}$`,
        transformation_extension: 'y',
      };
      await world.addUser(
        { user_id: 'long-of-y', email: 'long@example.com', claims: { long: 'a'.repeat(9000), longer: 'b' } },
        'y',
      );
      await replaceTracks(
        world,
        twoTracks({
          down: {
            claim_transforms: Array.from({ length: 8 }, (_v, order) => ({ ...failing, name: `huge${order}`, order })),
          },
        }),
      );
      const browser = world.browser();
      const first = await browser.open(byLink());
      const page = await browser.submit(await browser.submit(first, { username: 'long@example.com' }), { password });
      expect(answerIn(page)).toMatchObject({
        error: 'server_error',
        error_description: 'the claims could not be prepared',
      });
      const events = await recordOf(world, { sequence_id: sequenceOf(first), until: 'down_party.answered' });
      expect(events.find(({ kind }) => kind === 'claims.transformed')).toMatchObject({
        track: 'y',
        party: 'y-end',
        outcome: 'refused',
        detail: expect.stringMatching(/^claim transform huge\d/),
      });
    });
  });
});

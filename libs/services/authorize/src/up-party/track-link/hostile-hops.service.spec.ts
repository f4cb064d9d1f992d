import { trackLinkAnswered, trackLinkRequested } from '@corsac/contracts';
import { describeWith } from '@corsac/testing/backing';
import { answerIn, byLink, sequenceOf, linkDown, linkUp, replaceTracks, twoTracks } from '../../fixtures/links.js';
import type { TestBrowser, TestPage } from '../../fixtures/test-browser.js';
import { authorizePath, client, password, track, upParty, World, type TrackFixture } from '../../fixtures/world.js';
import type { Sequence } from '../../sequence/sequence.js';
import type { HopMemory } from './track-link-up-party.js';

const direct = (): string => authorizePath({}, 'acme/-/shop(login)');
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A track whose configuration cannot be had: reading it breaks. */
const unreadable = (): TrackFixture =>
  Object.defineProperty({ ...track() }, 'settings', {
    get: () => {
      throw new Error('the config service is away');
    },
  });

describeWith('postgres', (databaseUrl) => {
  let world: World;

  beforeAll(async () => {
    world = await World.start(databaseUrl, twoTracks());
    for (const name of ['-', 'y']) await world.addUser({ user_id: `ada-of-${name}`, email: 'ada@example.com' }, name);
  }, 120_000);
  afterAll(async () => world?.stop());
  beforeEach(async () => replaceTracks(world, twoTracks()));

  const kept = async (id: string): Promise<Sequence> => {
    const item = await world.rig.parts.items.get<Sequence>(`sequence/acme/${id}`);
    if (!item) throw new Error(`there is no sequence ${id}`);
    return item.value;
  };
  const hopOf = async (id: string): Promise<HopMemory> => (await kept(id)).frames[0]?.up as HopMemory;
  const publishHop = async (more: Partial<Parameters<typeof fullHop>[0]>): Promise<void> => {
    await world.rig.busOf('authorize').publish(trackLinkRequested, fullHop(more));
    await pause(50);
  };
  const typed = async (browser: TestBrowser, page: TestPage): Promise<TestPage> =>
    browser.submit(await browser.submit(page, { username: 'ada@example.com' }), { password });

  describe('the other end of a track link', () => {
    const end = 'down-party y-end of track y';
    const misfits: [string, () => Record<string, TrackFixture | undefined>, string][] = [
      [
        'whose track is missing',
        () => ({ 'acme/y': undefined }),
        'track y, named by up-party y of track -, does not exist',
      ],
      ['that is missing', () => ({ 'acme/y': track() }), `${end} does not exist; up-party y of track - names it`],
      [
        'that was renamed',
        () => ({ 'acme/y': track({ downParties: [{ ...linkDown('y', '-'), name: 'other-end' }] }) }),
        `${end} does not exist`,
      ],
      [
        'that is another kind of party',
        () => ({ 'acme/y': track({ downParties: [client({ name: 'y-end' })] }) }),
        `${end} is not a track link but oidc`,
      ],
      [
        'that names another track',
        () => ({ 'acme/y': track({ downParties: [linkDown('y', 'z')] }) }),
        `${end} names track z instead of -`,
      ],
      [
        'that names another up-party',
        () => ({ 'acme/y': track({ downParties: [linkDown('y', '-', { to_up_party_name: 'x' })] }) }),
        `${end} names up-party x instead of y`,
      ],
      [
        'that allows no up-party which is there',
        () => ({ 'acme/y': track({ upParties: [], downParties: [linkDown('y', '-')] }) }),
        `allowed by ${end}`,
      ],
    ];
    it.each(misfits)(
      '%s is an error of the application that says what does not match',
      async (_what, fixtures, text) => {
        await replaceTracks(world, fixtures());
        const answer = answerIn(await world.browser().open(byLink()));
        expect(answer).toMatchObject({ error: 'server_error', state: 'state-1' });
        expect(answer['error_description']).toContain(text);
        expect(world.seen.sessions.filter((session) => session.track === 'y')).toEqual([]);
      },
    );

    it('of the same names in another tenant is none', async () => {
      await replaceTracks(world, { 'acme/y': undefined, 'evil/y': twoTracks()['acme/y'] });
      expect(answerIn(await world.browser().open(byLink()))['error_description']).toContain('does not exist');
    });

    it('that is taken away while the user signs in there ends in an error, and in no session', async () => {
      const browser = world.browser();
      const page = await browser.open(byLink());
      const started = world.seen.started.length;
      await replaceTracks(world, { 'acme/y': track() });
      expect(answerIn(await typed(browser, page))).toMatchObject({
        error: 'server_error',
        error_description: 'the track link is no longer there',
      });
      expect(world.seen.started).toHaveLength(started);
    });

    it('may lose our end meanwhile, which ends the same way', async () => {
      const browser = world.browser();
      const page = await browser.open(byLink());
      await replaceTracks(world, { 'acme/-': track() });
      expect(answerIn(await typed(browser, page))).toMatchObject({ error: 'server_error' });
    });

    it('whose whole track goes meanwhile ends in a page that says so', async () => {
      const browser = world.browser();
      const page = await browser.open(byLink());
      await replaceTracks(world, { 'acme/y': undefined });
      const answer = await browser.submit(page, { username: 'ada@example.com' });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
    });

    it('that is renamed at both ends works again at once', async () => {
      const renamed = { 'acme/y': track({ downParties: [{ ...linkDown('y', '-'), name: 'new-end' }] }) };
      await replaceTracks(world, renamed);
      expect(answerIn(await world.browser().open(byLink()))).toHaveProperty('error');
      const upParties = [
        upParty({ type: 'login', name: 'login' }),
        linkUp('y', 'y', { to_down_party_name: 'new-end' }),
      ];
      await replaceTracks(world, { 'acme/-': { ...twoTracks()['acme/-']!, upParties } });
      const browser = world.browser();
      expect(answerIn(await typed(browser, await browser.open(byLink())))).toHaveProperty('code');
    });
  });

  describe('an event that asks for a hop', () => {
    it('and was made up for a journey that asked for none changes nothing', async () => {
      const browser = world.browser();
      const page = await browser.open(direct());
      const before = await kept(sequenceOf(page));
      await publishHop({ sequence_id: sequenceOf(page) });
      expect(await kept(sequenceOf(page))).toEqual(before);
    });

    it('and names no journey, or one of another tenant, changes nothing', async () => {
      const page = await world.browser().open(byLink());
      const { hop_id } = await hopOf(sequenceOf(page));
      const before = await kept(sequenceOf(page));
      await publishHop({ sequence_id: 'nowhere', hop_id });
      await publishHop({ sequence_id: sequenceOf(page), hop_id, tenant: 'evil' });
      expect(await kept(sequenceOf(page))).toEqual(before);
    });

    it('and comes a second time opens the linked track once', async () => {
      const browser = world.browser();
      const page = await browser.open(byLink());
      const { hop_id } = await hopOf(sequenceOf(page));
      const before = await kept(sequenceOf(page));
      for (let time = 0; time < 3; time += 1) await publishHop({ sequence_id: sequenceOf(page), hop_id });
      expect(await kept(sequenceOf(page))).toEqual(before);
      expect(answerIn(await typed(browser, page))).toHaveProperty('code');
    });

    it('and is replayed when the journey is over opens nothing', async () => {
      const browser = world.browser();
      const page = await browser.open(byLink());
      const { hop_id } = await hopOf(sequenceOf(page));
      await typed(browser, page);
      await publishHop({ sequence_id: sequenceOf(page), hop_id });
      await expect(kept(sequenceOf(page))).rejects.toThrow('there is no sequence');
    });

    /** A journey whose hop nobody could take up: the linked track could not be read just then. */
    const stuck = async (): Promise<{ browser: TestBrowser; id: string; page: TestPage }> => {
      await replaceTracks(world, {
        'acme/-': { ...twoTracks()['acme/-']!, downParties: [client({ allow_up_parties: ['login', 'y'] })] },
        'acme/y': unreadable(),
      });
      const browser = world.browser();
      const choice = await browser.open(authorizePath({}, 'acme/-/shop'));
      const page = await browser.submit(choice, { up_party: 'y', username: '' });
      return { browser, id: sequenceOf(choice), page };
    };

    it('and is taken up by nobody ends in 503 within three seconds, and the same address tries again', async () => {
      const began = Date.now();
      const { browser, id, page } = await stuck();
      expect([page.status, page.headers.get('retry-after')]).toEqual([503, expect.any(String)]);
      expect(Date.now() - began).toBeLessThan(3_500);
      await replaceTracks(world, twoTracks());
      const again = await browser.open(page.url);
      expect(again.forms[0]?.action).toContain('/acme/y/(login)/login/');
      expect(sequenceOf(again)).toBe(id);
      expect(answerIn(await typed(browser, again))).toHaveProperty('code');
    });

    it('and comes late, after who asked has given up, is what the next try finds done', async () => {
      const { browser, id, page } = await stuck();
      await replaceTracks(world, twoTracks());
      const { hop_id } = await hopOf(id);
      await publishHop({ sequence_id: id, hop_id });
      expect((await kept(id)).frames).toHaveLength(2);
      const again = await browser.open(page.url);
      expect(again.forms[0]?.action).toContain('/acme/y/(login)/login/');
    });

    it.each([
      ['another hop id', { hop_id: 'forged' }],
      ['another track', { to: { track: 'z', party: 'y-end' } }],
      ['another party', { to: { track: 'y', party: 'x-end' } }],
    ])('and names %s than the journey waits for opens nothing', async (_what, forged) => {
      const { id } = await stuck();
      await replaceTracks(world, twoTracks());
      const { hop_id } = await hopOf(id);
      await publishHop({ sequence_id: id, hop_id, ...forged });
      expect((await kept(id)).frames).toHaveLength(1);
    });

    it('and claims to come from another track is judged by what the journey says', async () => {
      const { id } = await stuck();
      await replaceTracks(world, twoTracks());
      const { hop_id } = await hopOf(id);
      await publishHop({ sequence_id: id, hop_id, from: { track: 'evil', party: 'evil' } });
      expect((await kept(id)).frames.map((frame) => frame.track)).toEqual(['-', 'y']);
    });

    it('and is older than the journey may last opens nothing', async () => {
      const { id } = await stuck();
      await replaceTracks(world, twoTracks());
      const { hop_id } = await hopOf(id);
      world.clock.advance(7_300);
      await publishHop({ sequence_id: id, hop_id });
      const item = await world.rig.parts.items.get<Sequence>(`sequence/acme/${id}`);
      expect(item?.value.frames ?? []).not.toHaveLength(2);
    });
  });

  describe('an event that answers a hop', () => {
    it('and was made up, for anybody, changes nothing: what counts stands in the journey', async () => {
      const browser = world.browser();
      const page = await browser.open(byLink());
      const id = sequenceOf(page);
      const before = await kept(id);
      const { hop_id } = await hopOf(id);
      for (const state of ['opened', 'answered', 'refused'] as const)
        for (const reply_to of ['journey', 'forged'])
          await world.rig
            .busOf('authorize')
            .publish(trackLinkAnswered, { tenant: 'acme', sequence_id: id, hop_id, reply_to, state });
      await pause(50);
      expect(await kept(id)).toEqual(before);
      expect(answerIn(await typed(browser, page))).toHaveProperty('code');
    });
  });

  it('a linked track cannot be entered by the address of its login page without the hop', async () => {
    const browser = world.browser();
    const page = await browser.open(direct());
    const there = (page.forms[0]?.action ?? '').replace('/acme/-/', '/acme/y/');
    const answer = await browser.post(there, { ...page.forms[0]?.fields, username: 'ada@example.com' });
    expect(answer.status === 200 && answer.forms[0]?.action.includes('/acme/y/')).toBe(false);
  });

  it('a down-party of a link cannot be asked by a browser like an application', async () => {
    const answer = await world.browser().open(authorizePath({ client_id: 'y-end' }, 'acme/y/y-end(login)'));
    expect([answer.status, answer.location]).toEqual([expect.any(Number), null]);
    expect(answer.status).toBeGreaterThanOrEqual(400);
  });
});

const fullHop = (more: {
  tenant?: string;
  sequence_id?: string;
  hop_id?: string;
  from?: { track: string; party: string };
  to?: { track: string; party: string };
}) => ({
  tenant: 'acme',
  sequence_id: 'none',
  hop_id: 'none',
  from: { track: '-', party: 'y' },
  to: { track: 'y', party: 'y-end' },
  reply_to: 'nobody',
  ...more,
});

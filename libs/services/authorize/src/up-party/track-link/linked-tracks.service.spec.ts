import { describeWith } from '@corsac/testing/backing';
import {
  answerIn,
  byLink,
  sequenceOf,
  fourTracks,
  linkDown,
  linkUp,
  recordOf,
  replaceTracks,
  twoTracks,
} from '../../fixtures/links.js';
import type { TestPage } from '../../fixtures/test-browser.js';
import { authorizePath, client, password, signIn, track, upParty, World } from '../../fixtures/world.js';

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

  describe('claims on the way through a link', () => {
    it('go through the list and transforms of both ends, in their order', async () => {
      const transform = (out: string, text: string, name: string): object => ({
        name,
        order: 1,
        type: 'concatenate',
        action: 'replace',
        claims_in: ['email'],
        claim_out: out,
        transformation: text,
      });
      await replaceTracks(
        world,
        twoTracks({
          down: {
            claim_transforms: [transform('seen', 'far {0}', 'far')],
            claims: [{ claim: 'email' }, { claim: 'seen' }],
          },
          up: {
            claim_transforms: [
              { ...transform('seen', 'near {0}', 'near'), claims_in: ['seen'] },
              { ...transform('only_here', '{0}', 'here'), order: 2 },
            ],
            claims: ['seen'],
          },
        }),
      );
      const browser = world.browser();
      const first = await browser.open(byLink());
      finished(await browser.submit(await browser.submit(first, { username: 'ada@example.com' }), { password }));
      const [near] = world.seen.started.at(-1)?.chain ?? [];
      expect(near?.claims).toMatchObject({ seen: 'near far ada@example.com' });
      expect(near?.claims).not.toHaveProperty('email');
      const events = await recordOf(world, { sequence_id: sequenceOf(first), until: 'down_party.answered' });
      const steps = events.filter(({ kind }) => kind.startsWith('claims.'));
      expect(steps.map(({ kind, track: of, party }) => `${kind} ${party} of ${of}`)).toEqual([
        'claims.transformed y-end of y',
        'claims.issued y-end of y',
        'claims.transformed y of -',
        'claims.forwarded y of -',
      ]);
      expect(steps[0]?.trace).toEqual([
        {
          rule: 'far',
          type: 'concatenate',
          action: 'replace',
          claim_out: 'seen',
          values_before: 0,
          values_after: 1,
          changed: true,
        },
      ]);
      expect(steps[3]?.claims_before).toEqual(expect.arrayContaining(['email', 'only_here', 'seen']));
      expect(steps[3]?.claims_after).not.toContain('only_here');
    });

    it('issue constant values of the list', async () => {
      await replaceTracks(world, twoTracks({ down: { claims: [{ claim: 'tier', values: ['gold'] }] } }));
      finished(await signIn(world.browser(), {}, byLink()));
      expect(world.seen.started.at(-1)?.chain[0]?.claims).toMatchObject({ tier: 'gold' });
    });
  });

  describe('which up-parties of the linked track may be used', () => {
    const withTwo = (down: object, up: object) => ({
      ...twoTracks({ up }),
      'acme/y': track({
        upParties: ['login', 'staff'].map((name) => upParty({ type: 'login', name, title: `The ${name}` })),
        downParties: [linkDown('y', '-', down)],
      }),
    });

    it('are those that its end allows and ours selects', async () => {
      await replaceTracks(world, withTwo({ allow_up_parties: ['login', 'staff'] }, { selected_up_parties: ['staff'] }));
      expect((await world.browser().open(byLink())).html).toContain('The staff');
    });

    it('are all that it allows when ours selects all: home realm discovery asks in the linked track', async () => {
      await replaceTracks(world, withTwo({ allow_up_parties: ['login', 'staff'] }, {}));
      const page = await world.browser().open(byLink());
      expect(page.forms[0]?.fields['step']).toBe('home_realm');
      expect(page.forms[0]?.action).toContain('/acme/y/');
    });

    it('are none when both lists have nothing in common, and the error names both ends', async () => {
      await replaceTracks(world, withTwo({ allow_up_parties: ['login'] }, { selected_up_parties: ['staff'] }));
      expect(answerIn(await world.browser().open(byLink()))).toMatchObject({
        error: 'server_error',
        error_description: expect.stringMatching(/selected is allowed by down-party y-end of track y/),
      });
    });
  });

  describe('chains of links', () => {
    const chained = (): string => authorizePath({}, 'acme/-/shop(b)');

    it('of three links take as many requests as no link, and one question starts the sessions of all tracks', async () => {
      await replaceTracks(world, fourTracks());
      const browser = world.browser();
      const started = world.seen.started.length;
      finished(await signIn(browser, {}, chained()));
      expect(world.seen.started).toHaveLength(started + 1);
      expect(world.seen.started.at(-1)?.chain.map((part) => [part.track, part.up_party])).toEqual([
        ['-', 'b'],
        ['b', 'c'],
        ['c', 'd'],
        ['d', 'login'],
      ]);
      expect(world.seen.grants.at(-1)).toMatchObject({ sub: 'ada-of-d', track: '-' });
    });

    it('pass refusals through all links', async () => {
      await replaceTracks(world, fourTracks());
      const page = await world.browser().open(authorizePath({ prompt: 'none' }, 'acme/-/shop(b)'));
      expect(answerIn(page)).toMatchObject({ error: 'login_required' });
    });

    it('that form a loop are refused at once, and the error names the way', async () => {
      await replaceTracks(world, loopOfTwo());
      expect(answerIn(await world.browser().open(chained()))).toMatchObject({
        error: 'server_error',
        error_description: expect.stringContaining('the links form a loop: -/shop > b/b-end > -/back-end > b/b-end'),
      });
    });

    it('that lead to their own track are refused', async () => {
      await replaceTracks(world, {
        'acme/-': track({
          upParties: [linkUp('b', '-')],
          downParties: [client({ allow_up_parties: ['b'] }), linkDown('b', '-', { allow_up_parties: ['b'] })],
        }),
      });
      expect(answerIn(await world.browser().open(chained()))).toMatchObject({
        error: 'server_error',
        error_description: expect.stringContaining('the links form a loop'),
      });
    });

    it('longer than eight tracks are refused', async () => {
      const names = ['-', ...Array.from({ length: 9 }, (_v, index) => `t${index}`)];
      const fixtures = names.map((name, index) => {
        const [before, next] = [names[index - 1], names[index + 1]];
        const end =
          before === undefined
            ? client({ allow_up_parties: ['n0'] })
            : linkDown(`n${index - 1}`, before, { allow_up_parties: next === undefined ? ['login'] : [`n${index}`] });
        const ups = next === undefined ? [upParty({ type: 'login', name: 'login' })] : [linkUp(`n${index}`, next)];
        return [`acme/${name}`, track({ upParties: ups, downParties: [end] })] as const;
      });
      await replaceTracks(world, Object.fromEntries(fixtures));
      const page = await world.browser().open(authorizePath({}, 'acme/-/shop(n0)'));
      expect(answerIn(page)).toMatchObject({
        error_description: expect.stringContaining('more than 8 tracks are linked in a row'),
      });
    });
  });
});

/** `-` trusts `b`, whose only way of signing in is `-` again. */
const loopOfTwo = () => ({
  'acme/-': track({
    upParties: [linkUp('b', 'b')],
    downParties: [client({ allow_up_parties: ['b'] }), linkDown('back', 'b', { allow_up_parties: ['b'] })],
  }),
  'acme/b': track({
    upParties: [linkUp('back', '-')],
    downParties: [linkDown('b', '-', { allow_up_parties: ['back'] })],
  }),
});

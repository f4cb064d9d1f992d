import { listJourneys, type JourneyEvent } from '@corsac/contracts';
import { describeWith } from '@corsac/testing/backing';
import { FakeProvider } from '../../fixtures/oidc-up-party/fake-provider.js';
import { Flow } from '../../fixtures/oidc-up-party/flow.js';
import { answerOf, base, sealed, secretOfShop, World } from '../../fixtures/oidc-up-party/world.js';

/** A provider of a linked track: the browser goes to it and comes back there, the answer goes on by the link. */
describeWith('postgres', (databaseUrl) => {
  const world = new World();
  let op: FakeProvider;
  let flow: Flow;

  beforeAll(async () => {
    op = await new FakeProvider().start();
    flow = new Flow(world, op);
    await world.start(databaseUrl);
    const party = { type: 'oidc', name: 'op', authority: op.issuer, response_mode: 'query' };
    await world.trust(
      { ...party, client_secret: sealed(secretOfShop, 'other'), hrd_domains: ['example.com'] },
      'other',
    );
    await world.link();
  }, 60_000);
  afterAll(async () => {
    await world.stop();
    await op.stop();
  });

  const there = `${base}/acme/other/(op)/oauth`;
  const hint = { login_hint: 'ada@example.com' };

  it('signs a user in to an application of the track that trusts, and both tracks have a session', async () => {
    const browser = world.browser();
    const asked = await flow.begin(browser, 'linked', hint);
    expect(asked.get('redirect_uri')).toBe(`${there}/authorizationresponse`);
    const code = op.codeFor(await op.idToken(asked, { email: 'ada@example.com' }));
    const query = new URLSearchParams({ code, state: asked.get('state') ?? '' }).toString();
    expect(answerOf(await browser.go(`${there}/authorizationresponse?${query}`, { from: flow.from }))).toHaveProperty(
      'code',
    );
    expect(world.tokens.latest).toMatchObject({ track: '-', up_party: 'linked', sub: 'op|ada' });
    expect(world.tokens.latest.claims).toMatchObject({ email: 'ada@example.com', auth_method: 'linked' });
    const [near, far] = world.sessions.kept.slice(-2).map(({ session }) => session);
    expect(near).toMatchObject({ track: '-', up_party: 'linked' });
    expect(far).toMatchObject({ track: 'other', up_party: 'op', upstream: { issuer: op.issuer, sub: 'ada' } });

    const leaving = await browser.go(`${base}/acme/-/shop/oauth/endsession?client_id=shop`);
    const above = await browser.submit(leaving);
    expect(above.url).toContain(`${op.issuer}/logout?`);
    const { searchParams } = new URL(above.url);
    expect(searchParams.get('post_logout_redirect_uri')).toBe(`${there}/endsessionresponse`);
    const state = new URLSearchParams({ state: searchParams.get('state') ?? '' }).toString();
    const back = await browser.go(`${there}/endsessionresponse?${state}`, { from: flow.from });
    expect(back.html).toContain('https://shop.test/frontchannel');
  });

  it('sends its errors down the link', async () => {
    const browser = world.browser();
    const asked = await flow.begin(browser, 'linked', hint);
    const query = new URLSearchParams({ error: 'access_denied', state: asked.get('state') ?? '' }).toString();
    expect(answerOf(await browser.go(`${there}/authorizationresponse?${query}`, { from: flow.from }))).toMatchObject({
      error: 'access_denied',
      error_description: 'op|access_denied',
    });
  });

  it('is seen in the journey’s record, and nothing secret is', async () => {
    const browser = world.browser();
    const asked = await flow.begin(browser, 'linked', hint);
    const [sequence_id = ''] = (asked.get('state') ?? '').split('.');
    const code = op.codeFor(await op.idToken(asked));
    const query = new URLSearchParams({ code, state: asked.get('state') ?? '' }).toString();
    await browser.go(`${there}/authorizationresponse?${query}`, { from: flow.from });
    let events: JourneyEvent[] = [];
    for (let tries = 0; tries < 200 && events.every(({ kind }) => kind !== 'down_party.answered'); tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 25));
      const found = await world.rig.ask('config', listJourneys, {
        tenant: 'acme',
        track: 'other',
        sequence_id,
        limit: 1,
      });
      events = found.journeys[0]?.events ?? [];
    }
    const kinds = events.map(({ kind, party }) => `${kind} ${party ?? ''}`);
    expect(kinds).toEqual(
      expect.arrayContaining([
        'up_party.asked op',
        'up_party.answered op',
        'track_link.answered link',
        'up_party.answered linked',
      ]),
    );
    expect(JSON.stringify(events)).not.toContain(code);
    expect(JSON.stringify(events)).not.toContain('access-token-of-the-provider');
  });
});

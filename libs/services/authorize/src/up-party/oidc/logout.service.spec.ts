import { listJourneys, type JourneyEvent } from '@corsac/contracts';
import { signJwt } from '@corsac/jwt';
import { describeWith } from '@corsac/testing/backing';
import { randomBytes } from 'node:crypto';
import type { Page, TestBrowser } from '../../fixtures/oidc-up-party/browser.js';
import { FakeProvider } from '../../fixtures/oidc-up-party/fake-provider.js';
import { Flow } from '../../fixtures/oidc-up-party/flow.js';
import { base, World } from '../../fixtures/oidc-up-party/world.js';

const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';

describeWith('postgres', (databaseUrl) => {
  const world = new World();
  let op: FakeProvider;
  let flow: Flow;

  beforeAll(async () => {
    op = await new FakeProvider().start();
    flow = new Flow(world, op);
    await world.start(databaseUrl);
  }, 60_000);
  afterAll(async () => {
    await world.stop();
    await op.stop();
  });
  beforeEach(() => {
    op.script = {};
    op.metadata = {};
    world.sessions.isAway = false;
  });

  const of = (up: string, address: string): string => `${base}/acme/-/(${up})/oauth/${address}`;
  /** Somebody signed in at the provider, under a session name of its own. */
  const signedIn = async (
    up: string,
    browser: TestBrowser = world.browser(),
  ): Promise<{ sid: string; browser: TestBrowser }> => {
    const sid = randomBytes(6).toString('hex');
    await flow.signIn(up, { sid }, { browser });
    return { sid, browser };
  };
  /** What the record says of a logout, once it has come so far. */
  const eventsOf = async (sequence_id: string, last: string): Promise<readonly JourneyEvent[]> => {
    let events: readonly JourneyEvent[] = [];
    for (let tries = 0; tries < 200 && events.every(({ kind }) => kind !== last); tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 25));
      const asked = { tenant: 'acme', track: '-', sequence_id, limit: 1 };
      events = (await world.rig.ask('config', listJourneys, asked)).journeys[0]?.events ?? [];
    }
    return events;
  };
  const isThere = (above: string): boolean =>
    world.sessions.kept.some(({ session }) => session.upstream?.sid === above);
  const endOf = (sid: string) => world.sessions.ended.find((one) => one.sid === sid);

  describe('a logout that goes up, RP-Initiated Logout 1.0', () => {
    const leave = async (browser: TestBrowser): Promise<Page> => {
      const asked = await browser.go(`${base}/acme/-/shop/oauth/endsession?client_id=shop&ui_locales=da`);
      return browser.submit(asked);
    };

    it('asks the provider, comes back, and tells the applications', async () => {
      const up = await flow.trust({ client_id: 'us-there' });
      const { browser, sid } = await signedIn(up);
      const { upstream } = world.sessions.latest;
      const at = await leave(browser);
      expect(at.url).toContain(`${op.issuer}/logout?`);
      const asked = new URL(at.url).searchParams;
      expect(Object.fromEntries(asked)).toMatchObject({
        id_token_hint: upstream?.id_token,
        client_id: 'us-there',
        post_logout_redirect_uri: of(up, 'endsessionresponse'),
        ui_locales: 'da',
      });
      expect(isThere(sid)).toBe(false);
      const state = asked.get('state') ?? '';
      const back = await browser.go(`${of(up, 'endsessionresponse')}?state=${encodeURIComponent(state)}`, {
        from: at.url,
      });
      expect(back.status).toBe(200);
      expect(back.html).toContain('https://shop.test/frontchannel');
      const reloaded = await browser.go(back.url);
      expect(reloaded.html).toContain('https://shop.test/frontchannel');
    });

    it('does not come back by another browser, another up-party, another state, or none', async () => {
      const [up, other] = [await flow.trust(), await flow.trust()];
      const { browser } = await signedIn(up);
      const state = new URL((await leave(browser)).url).searchParams.get('state') ?? '';
      const query = `?state=${encodeURIComponent(state)}`;
      const wrong = `?state=${state.slice(0, -3)}AAA`;
      expect((await world.browser().go(`${of(up, 'endsessionresponse')}${query}`)).status).toBe(400);
      for (const address of [
        `${of(other, 'endsessionresponse')}${query}`,
        `${of(up, 'endsessionresponse')}${wrong}`,
        of(up, 'endsessionresponse'),
        `${of(up, 'endsessionresponse')}?state=x`,
      ])
        expect((await browser.go(address)).status).toBe(400);
      expect((await browser.go(`${of(up, 'endsessionresponse')}${query}`)).status).toBe(200);
    });

    it('goes on without a provider that offers no logout, or is away', async () => {
      op.metadata = { end_session_endpoint: undefined };
      const { browser } = await signedIn(await flow.trust());
      const page = await leave(browser);
      expect(page.html).toContain('https://shop.test/frontchannel');
    });
  });

  describe('front-channel logout from above, Front-Channel Logout 1.0 3', () => {
    const told = (up: string, fields: Record<string, string>, browser = world.browser()): Promise<Page> =>
      browser.go(`${of(up, 'frontchannellogout')}?${new URLSearchParams(fields).toString()}`, {
        from: flow.from,
        frame: true,
      });

    it('ends the session by iss and sid, without any cookie, and tells the applications in the frame', async () => {
      const up = await flow.trust();
      const { sid, browser } = await signedIn(up);
      const { sid: own } = world.sessions.latest;
      const page = await told(up, { iss: op.issuer, sid }, browser);
      expect(page.status).toBe(200);
      expect(endOf(own)).toMatchObject({ cause: 'upstream', initiating_up_party: { track: '-', up_party: up } });
      expect(page.html).toContain(`https://shop.test/frontchannel?sid=${own}`);
      expect(page.headers.get('cache-control')).toBe('no-store');
      expect(page.headers.get('set-cookie')).toBeNull();
    });

    it('may be shown by that issuer only, and may show the applications', async () => {
      const up = await flow.trust();
      const { sid } = await signedIn(up);
      const policy = (await told(up, { iss: op.issuer, sid })).headers.get('content-security-policy');
      expect(policy).toContain(`frame-ancestors ${op.issuer};`.slice(0, -1));
      expect(policy).toContain('frame-src https://shop.test');
      const empty = await told(up, { iss: op.issuer, sid });
      expect(empty.status).toBe(200);
      expect(empty.headers.get('content-security-policy')).toContain(`frame-ancestors ${op.issuer}`);
      expect(empty.headers.get('x-frame-options')).toBeNull();
    });

    it('takes down what loaded from the frame, where the browser sends no cookie either', async () => {
      const up = await flow.trust();
      const { sid, browser } = await signedIn(up);
      const { sid: own } = world.sessions.latest;
      const page = await told(up, { iss: op.issuer, sid }, browser);
      const form = { ...page.forms[0]!.fields, loaded: `receipt-${own}` };
      const done = await browser.go(page.forms[0]!.action, { form, from: flow.from, frame: true });
      expect(done.status).toBe(200);
      expect(done.headers.get('content-security-policy')).toContain(`frame-ancestors ${op.issuer}`);
      expect(world.sessions.reported.at(-1)?.receipts).toEqual([{ receipt_id: `receipt-${own}`, result: 'loaded' }]);
      expect((await browser.go(page.forms[0]!.action, { form })).status).toBe(400);
    });

    it('that ends several sessions gives each job its own receipts, and stands in the record', async () => {
      const up = await flow.trust();
      const sid = randomBytes(6).toString('hex');
      const owns: string[] = [];
      for (let time = 0; time < 2; time += 1) {
        await flow.signIn(up, { sid }, { browser: world.browser() });
        owns.push(world.sessions.latest.sid);
      }
      const browser = world.browser();
      const page = await told(up, { iss: op.issuer, sid }, browser);
      const before = world.sessions.reported.length;
      const form = { ...page.forms[0]!.fields, loaded: `receipt-${owns[1]}` };
      await browser.go(page.forms[0]!.action, { form, from: flow.from, frame: true });
      const reported = world.sessions.reported.slice(before);
      expect(new Set(reported.map(({ job_id }) => job_id)).size).toBe(2);
      expect(reported.map(({ receipts }) => receipts)).toEqual([
        [{ receipt_id: `receipt-${owns[0]}`, result: 'timed_out' }],
        [{ receipt_id: `receipt-${owns[1]}`, result: 'loaded' }],
      ]);
      const sequence_id = new URL(page.forms[0]!.action, base).pathname.split('/').at(-1) ?? '';
      const events = await eventsOf(sequence_id, 'logout.done');
      expect(events.map(({ kind }) => kind)).toContain('logout.sessions_ended');
    });

    it.each<[string, (sid: string) => Record<string, string>]>([
      ['without sid', () => ({ iss: op.issuer })],
      ['without iss', (sid) => ({ sid })],
      ['with nothing', () => ({})],
      ['with another issuer', (sid) => ({ iss: 'https://other.example', sid })],
    ])('%s is 400 and ends nothing, cookies or not', async (_title, fields) => {
      const up = await flow.trust();
      const { sid, browser } = await signedIn(up);
      expect((await told(up, fields(sid), browser)).status).toBe(400);
      const query = new URLSearchParams(fields(sid)).toString();
      expect((await browser.go(`${of(up, 'frontchannellogout')}?${query}`)).status).toBe(400);
      expect(isThere(sid)).toBe(true);
    });

    it('of an unknown session ends nothing and says nothing about that', async () => {
      const up = await flow.trust();
      const { sid, browser } = await signedIn(up);
      expect((await told(up, { iss: op.issuer, sid: 'unknown' }, browser)).status).toBe(200);
      expect(isThere(sid)).toBe(true);
    });

    it('finds no session of another up-party', async () => {
      const [up, other] = [await flow.trust(), await flow.trust()];
      const { sid } = await signedIn(up);
      expect((await told(other, { iss: op.issuer, sid })).status).toBe(200);
      expect(isThere(sid)).toBe(true);
    });

    it('is 400 where it is off, 405 by POST, and 503 when sessions cannot be ended just now', async () => {
      const off = await flow.trust({ frontchannel_logout: false });
      const { sid } = await signedIn(off);
      expect((await told(off, { iss: op.issuer, sid })).status).toBe(400);
      expect(isThere(sid)).toBe(true);
      const up = await flow.trust();
      expect((await world.rig.fetch(`/acme/-/(${up})/oauth/frontchannellogout`, { method: 'POST' })).status).toBe(405);
      world.sessions.isAway = true;
      expect((await told(up, { iss: op.issuer, sid: 'x' })).status).toBe(503);
    });

    it('still ends sessions of a provider that cannot be read any more', async () => {
      const up = await flow.trust();
      const { sid } = await signedIn(up);
      op.script = { metadata: () => ({ status: 500, json: {} }) };
      // Another setting: nothing is known of the provider under it yet.
      const party = { type: 'oidc', name: up, authority: `${op.issuer}/`, token_endpoint_auth_method: 'none' };
      await world.trust(party);
      expect((await told(up, { iss: 'https://other.example', sid })).status).toBe(503);
      expect((await told(up, { iss: op.issuer, sid })).status).toBe(200);
      expect(isThere(sid)).toBe(false);
    });
  });

  describe('back-channel logout from above, Back-Channel Logout 1.0', () => {
    const now = (): number => Math.floor(Date.now() / 1000);
    const tokenOf = async (up: string, claims: Record<string, unknown>, typ = 'logout+jwt'): Promise<string> =>
      signJwt(
        { typ },
        JSON.parse(
          JSON.stringify({
            iss: op.issuer,
            aud: up,
            iat: now(),
            exp: now() + 120,
            jti: randomBytes(9).toString('hex'),
            events: { [logoutEvent]: {} },
            ...claims,
          }),
        ),
        op.keys[0]!,
      );
    const send = async (up: string, body: string): Promise<{ status: number; body: unknown; headers: Headers }> => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const path = `/acme/-/(${up})/oauth/backchannellogout`;
      const answer = await world.rig.fetch(path, { method: 'POST', body, headers });
      return { status: answer.status, body: await answer.json(), headers: answer.headers };
    };
    const tell = async (up: string, token: string) => send(up, new URLSearchParams({ logout_token: token }).toString());

    it('ends the session that the token names, and says so in JSON that nobody keeps', async () => {
      const up = await flow.trust();
      const { sid } = await signedIn(up);
      const { sid: own } = world.sessions.latest;
      const answer = await tell(up, await tokenOf(up, { sid, sub: 'ada' }));
      expect(answer).toMatchObject({ status: 200, body: {} });
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(endOf(own)).toMatchObject({ cause: 'upstream', initiating_up_party: { up_party: up } });
    });

    it('ends every session of the subject when the token names only that, and no other user’s', async () => {
      const up = await flow.trust();
      const [one, other] = [await signedIn(up), await signedIn(up)];
      await flow.signIn(up, { sub: 'eve', sid: 'of-eve' });
      expect((await tell(up, await tokenOf(up, { sub: 'ada' }))).status).toBe(200);
      expect([isThere(one.sid), isThere(other.sid), isThere('of-eve')]).toEqual([false, false, true]);
    });

    it('ends nothing when session and subject do not belong together', async () => {
      const up = await flow.trust();
      const { sid } = await signedIn(up);
      expect((await tell(up, await tokenOf(up, { sid, sub: 'eve' }))).status).toBe(200);
      expect(isThere(sid)).toBe(true);
    });

    it('tells the job at once that no browser loads anything', async () => {
      const up = await flow.trust();
      const { sid } = await signedIn(up);
      const { sid: own } = world.sessions.latest;
      await tell(up, await tokenOf(up, { sid }));
      expect(world.sessions.reported.at(-1)?.receipts).toEqual([{ receipt_id: `receipt-${own}`, result: 'timed_out' }]);
    });

    it('acts once: a replay is 400, the same notice signed anew is thanked for and does nothing', async () => {
      const up = await flow.trust();
      const jti = randomBytes(9).toString('hex');
      const first = await tokenOf(up, { sub: 'ada', jti });
      await signedIn(up);
      expect((await tell(up, first)).status).toBe(200);
      const later = await signedIn(up);
      expect(await tell(up, first)).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
      expect((await tell(up, await tokenOf(up, { sub: 'ada', jti, iat: now() - 1 }))).status).toBe(200);
      expect(isThere(later.sid)).toBe(true);
      expect((await tell(up, await tokenOf(up, { sub: 'ada' }))).status).toBe(200);
      expect(isThere(later.sid)).toBe(false);
    });

    it('is 503 while sessions cannot be ended, and may then be said again', async () => {
      const up = await flow.trust();
      const { sid } = await signedIn(up);
      const token = await tokenOf(up, { sid });
      world.sessions.isAway = true;
      const answer = await tell(up, token);
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('2');
      world.sessions.isAway = false;
      expect((await tell(up, token)).status).toBe(200);
      expect(isThere(sid)).toBe(false);
    });

    it.each<[string, Record<string, unknown>]>([
      ['of another issuer', { iss: 'https://other.example' }],
      ['for somebody else', { aud: 'somebody' }],
      ['with a nonce', { nonce: 'x' }],
      ['without the event', { events: {} }],
      ['without jti', { jti: undefined }],
      ['that is expired', { exp: 1_600_000_000 }],
      ['that is old', { iat: 1_600_000_000 }],
      ['that names nobody', { sid: undefined }],
    ])('a token %s is 400 and ends nothing', async (_title, claims) => {
      const up = await flow.trust();
      const { sid } = await signedIn(up);
      expect(await tell(up, await tokenOf(up, { sid, ...claims }))).toMatchObject({
        status: 400,
        body: { error: 'invalid_request' },
      });
      expect(isThere(sid)).toBe(true);
    });

    it('an ID token, an unsigned token and no token are 400', async () => {
      const up = await flow.trust();
      const { sid } = await signedIn(up);
      const token = await tokenOf(up, { sid });
      const idToken = world.sessions.latest.upstream?.id_token ?? '';
      for (const one of [
        idToken,
        op.forge(token, { alg: 'none' }),
        op.forge(token, { alg: 'HS256' }, 'x'),
        'x',
        await tokenOf(up, { sid }, 'at+jwt'),
      ])
        expect((await tell(up, one)).status).toBe(400);
      for (const body of ['', 'logout_token=', `logout_token=${token}&logout_token=${token}`, '%ff'])
        expect((await send(up, body)).status).toBe(400);
      expect(isThere(sid)).toBe(true);
    });

    it('is 400 where it is off, 404 for what is not there, 405 by GET, 415 as JSON', async () => {
      const off = await flow.trust({ backchannel_logout: false });
      const { sid } = await signedIn(off);
      expect((await tell(off, await tokenOf(off, { sid }))).status).toBe(400);
      expect(isThere(sid)).toBe(true);
      expect((await tell('nobody', 'x')).status).toBe(404);
      const at = `/acme/-/(${off})/oauth/backchannellogout`;
      expect((await world.rig.fetch(at)).status).toBe(405);
      const json = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } };
      expect((await world.rig.fetch(at, json)).status).toBe(415);
    });

    it('is 503 when the provider’s keys cannot be had, so that it is said again', async () => {
      op.script = { jwks: () => ({ status: 500, json: {} }) };
      const up = await flow.trust();
      expect((await tell(up, await tokenOf(up, { sid: 'x' }))).status).toBe(503);
    });
  });
});

import {
  endSession,
  findSessions,
  listChanges,
  listEnded,
  listLogoutJobs,
  readTrack,
  reportFrontChannel,
  sessionEnded,
  sessionEndedNotice,
  signLogoutToken,
  startSession,
  useSession,
  type EndedSession,
  type SessionToStart,
} from '@corsac/contracts';
import { defaultTrackSettings } from '@corsac/model';
import { fail, ok } from '@corsac/outcome';
import type { OutboundClient } from '@corsac/outbound';
import { OtherService, ServiceRig, TestClock } from '@corsac/testing';
import { describeWith } from '@corsac/testing/backing';
import { sessionService } from './service.js';

const lifetimes = {
  session_lifetime: 36_000,
  session_absolute_lifetime: 86_400,
  persistent_session_absolute_lifetime: 0,
  persistent_session_lifetime_unlimited: false,
};

const client = (name: string, logout: object): object => ({ type: 'oidc', name, redirect_uris: [], ...logout });

const downParties = [
  client('shop', { frontchannel_logout_uri: 'https://shop.test/out?x=1', frontchannel_logout_session_required: true }),
  client('crm', { backchannel_logout_uri: 'https://crm.test/out', backchannel_logout_session_required: true }),
  client('both', {
    frontchannel_logout_uri: 'https://both.test/out',
    frontchannel_logout_session_required: false,
    backchannel_logout_uri: 'https://both.test/back',
  }),
  client('plain', {}),
];

/** Applications over the back channel: what they heard, and how they answer. */
class Applications implements OutboundClient {
  readonly heard: { url: string; body: string }[] = [];
  readonly answers = new Map<string, number | 'away'>();

  get(): ReturnType<OutboundClient['get']> {
    return Promise.resolve(fail({ kind: 'unreachable', detail: 'nothing is fetched' }));
  }

  async post(url: string, body: string): ReturnType<OutboundClient['post']> {
    this.heard.push({ url, body });
    const status = this.answers.get(url) ?? 200;
    if (status === 'away') return fail({ kind: 'unreachable', detail: 'connection refused' });
    return ok({ status, headers: {}, body: Buffer.alloc(0), url, text: () => '', json: () => undefined });
  }
}

const until = async (isTrue: () => boolean | Promise<boolean>): Promise<void> => {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('it did not come true within five seconds');
};

describeWith('postgres', (databaseUrl) => {
  let rig: ServiceRig;
  const clock = new TestClock(Date.now());
  const applications = new Applications();
  const ended: EndedSession[] = [];
  const noticed: EndedSession[] = [];

  beforeAll(async () => {
    const config = new OtherService('config')
      .answers(listChanges, () => ok({ latest: 1, reset: false, changes: [] }))
      .answers(readTrack, ({ track }) =>
        track === 'gone'
          ? fail({ refusal: 'not_found' })
          : ok({ version: 1, settings: defaultTrackSettings, up_parties: [], down_parties: downParties as never[] }),
      );
    const token = new OtherService('token')
      .answers(signLogoutToken, ({ client_id, jti, sid }) => ok({ logout_token: [client_id, jti, sid].join('.') }))
      .carriesOut(sessionEnded, (payload) => void ended.push(payload))
      .hears(sessionEndedNotice, (payload) => void noticed.push(...payload.ended));
    rig = await ServiceRig.start({
      service: sessionService,
      databaseUrl,
      others: [config, token],
      clock,
      outbound: applications,
    });
  }, 60_000);

  afterAll(async () => rig?.stop());

  let browsers = 0;
  const newBrowser = (): string => `browser-${(browsers += 1)}`;

  const part = (more: Partial<SessionToStart> = {}): SessionToStart => ({
    track: '-',
    up_party: 'login',
    up_party_type: 'login',
    sub: 'ada',
    claims: { sub: 'ada', email: 'ada@example.com' },
    auth_time: clock.now(),
    amr: ['pwd'],
    lifetimes,
    single_logout: true,
    reached: { party: 'shop', type: 'oidc', issuer: 'https://id.test/acme/-/shop(login)', sub: 'ada' },
    ...more,
  });
  const reach = (party: string) => ({ party, type: 'oidc' as const, issuer: `https://id.test/acme/-/${party}` });
  const start = async (browser: string, chain: SessionToStart[] = [part()], old?: string) =>
    (
      await rig.ask('authorize', startSession, {
        tenant: 'acme',
        next_browser_id: browser,
        chain,
        ...(old !== undefined && { browser_id: old }),
      })
    ).sessions;
  const use = (browser: string, more: object = {}) =>
    rig
      .busOf('authorize')
      .ask(useSession, { tenant: 'acme', track: '-', browser_id: browser, up_parties: ['login'], ...more });
  const end = (
    by:
      | { kind: 'sid'; sid: string }
      | { kind: 'browser'; browser_id: string }
      | { kind: 'sub'; sub: string; user?: { user_id: string; before_epoch?: number } },
    more: object = {},
  ) => rig.ask('authorize', endSession, { tenant: 'acme', track: '-', by, cause: 'application', ...more });
  const jobOf = async (job_id: string | undefined) =>
    (await rig.ask('config', listLogoutJobs, { tenant: 'acme', track: '-', limit: 50 })).jobs.find(
      (job) => job.job_id === job_id,
    );

  describe('a session', () => {
    it('answers the browser that signed in, in its track and by its up-party only', async () => {
      const browser = newBrowser();
      const [session] = await start(browser);
      expect(session?.claims).toEqual({ sub: 'ada', email: 'ada@example.com', sid: session?.sid });
      expect(await use(browser)).toMatchObject({ ok: true, value: { session: { sid: session?.sid } } });
      expect(await use(newBrowser())).toMatchObject({ ok: false, error: { refusal: 'no_session' } });
      expect(await use(browser, { track: 'other' })).toMatchObject({ ok: false });
      expect(await use(browser, { tenant: 'other' })).toMatchObject({ ok: false });
      expect(await use(browser, { up_parties: ['partner'] })).toMatchObject({ ok: false });
    });

    it('says nothing of the browser that it belongs to', async () => {
      const [session] = await start(newBrowser());
      expect(JSON.stringify(session)).not.toContain('browser');
    });

    it('keeps its sid when the same user signs in again, and forgets the browser name of before', async () => {
      const [first, second] = [newBrowser(), newBrowser()];
      const [before] = await start(first);
      const [after] = await start(second, [part({ reached: { ...reach('crm'), sub: 'ada' } })], first);
      expect(after?.sid).toBe(before?.sid);
      expect(after?.parties.map(({ party }) => party)).toEqual(['shop', 'crm']);
      expect(await use(first)).toMatchObject({ ok: false });
      expect(await use(second)).toMatchObject({ ok: true });
    });

    it('is ended, and its applications told, when somebody else signs in in its place', async () => {
      const [first, second] = [newBrowser(), newBrowser()];
      const [before] = await start(first, [part({ reached: { ...reach('crm'), sub: 'ada' } })]);
      const [after] = await start(second, [part({ sub: 'bob', claims: { sub: 'bob' } })], first);
      expect(after?.sid).not.toBe(before?.sid);
      await until(() => applications.heard.some(({ body }) => body.includes(before?.sid ?? 'none')));
      await until(() => ended.some(({ sid, cause }) => sid === before?.sid && cause === 'replaced'));
    });

    it('tells until when the browser keeps its cookie: the latest deadline of those that are persistent', async () => {
      const until = async (browser: string, chain: SessionToStart[], old?: string) =>
        (
          await rig.ask('authorize', startSession, {
            tenant: 'acme',
            next_browser_id: browser,
            chain,
            ...(old !== undefined && { browser_id: old }),
          })
        ).browser_until;
      const [first, second, third] = [newBrowser(), newBrowser(), newBrowser()];
      const month = { ...lifetimes, persistent_session_absolute_lifetime: 30 * 86_400 };
      expect(await until(first, [part()])).toBeUndefined();
      expect(await use(first)).not.toHaveProperty('value.browser_until');
      const at = clock.now() + 30 * 86_400;
      const partner = part({ up_party: 'partner', lifetimes: month });
      expect(await until(second, [partner], first)).toBe(at);
      // Seen from the session beside it that is not persistent.
      expect(await use(second)).toMatchObject({ value: { session: { up_party: 'login' }, browser_until: at } });
      const unlimited = { ...lifetimes, persistent_session_lifetime_unlimited: true };
      expect(await until(third, [part({ up_party: 'other', lifetimes: unlimited })], second)).toBeGreaterThan(at);
      const other = await use(third, { up_parties: ['other'] });
      const partnerSession = await use(third, { up_parties: ['partner'] });
      for (const found of [other, partnerSession]) {
        if (!found.ok) throw new Error('both are there');
        await end({ kind: 'sid', sid: found.value.session.sid }, { single_logout: false });
      }
      expect(await until(newBrowser(), [part()], third)).toBeUndefined();
    });

    it('that is used all day is found until its absolute end', async () => {
      const browser = newBrowser();
      const [session] = await start(browser);
      for (const hours of [9, 9, 5]) {
        clock.advance(hours * 3600);
        expect(await use(browser)).toMatchObject({ ok: true, value: { session: { sid: session?.sid } } });
      }
      const found = await rig.ask('config', findSessions, {
        tenant: 'acme',
        track: '-',
        by: { kind: 'sub', sub: 'ada' },
      });
      expect(found.sessions.map(({ sid }) => sid)).toContain(session?.sid);
    });

    it('is not usable when older than max_age, of another user, or without the second factor asked', async () => {
      const browser = newBrowser();
      await start(browser, [part({ auth_time: clock.now() - 100 })]);
      expect(await use(browser, { max_age: 99 })).toMatchObject({ ok: false, error: { detail: 'older than max_age' } });
      expect(await use(browser, { max_age: 100 })).toMatchObject({ ok: true });
      expect(await use(browser, { sub: 'bob' })).toMatchObject({ ok: false, error: { detail: 'another user' } });
      expect(await use(browser, { mfa: true })).toMatchObject({ ok: false, error: { detail: 'no second factor' } });
    });

    it('records every party that it reaches once, and only when asked', async () => {
      const browser = newBrowser();
      const [session] = await start(browser);
      await use(browser);
      await use(browser, { reached: reach('crm') });
      await use(browser, { reached: reach('crm') });
      const found = await rig.ask('config', findSessions, {
        tenant: 'acme',
        track: '-',
        by: { kind: 'sid', sid: session!.sid },
      });
      expect(found.sessions[0]?.parties.map(({ party, sub }) => [party, sub])).toEqual([
        ['shop', 'ada'],
        ['crm', 'ada'],
      ]);
    });

    it('loses no party when several are reached at once', async () => {
      const browser = newBrowser();
      const [session] = await start(browser);
      const names = Array.from({ length: 10 }, (_, index) => `app${index}`);
      await Promise.all(names.map((name) => use(browser, { reached: reach(name) })));
      const found = await rig.ask('config', findSessions, {
        tenant: 'acme',
        track: '-',
        by: { kind: 'sid', sid: session!.sid },
      });
      expect(found.sessions[0]?.parties.map(({ party }) => party).sort()).toEqual(['shop', ...names].sort());
    });

    it('is found by subject and by what the provider above calls it, in its own track only', async () => {
      const upstream = { issuer: 'https://up.test', sid: 'up-1', sub: 'u1' };
      const [session] = await start(newBrowser(), [
        part({ sub: 'carl', up_party: 'partner', up_party_type: 'oidc', upstream }),
      ]);
      const find = async (by: never, track = '-') =>
        (await rig.ask('authorize', findSessions, { tenant: 'acme', track, by })).sessions.map(({ sid }) => sid);
      expect(await find({ kind: 'sub', sub: 'carl' } as never)).toEqual([session?.sid]);
      expect(
        await find({ kind: 'upstream', up_party: 'partner', issuer: 'https://up.test', sid: 'up-1' } as never),
      ).toEqual([session?.sid]);
      expect(
        await find({ kind: 'upstream', up_party: 'partner', issuer: 'https://up.test', sub: 'u1' } as never),
      ).toEqual([session?.sid]);
      expect(
        await find({ kind: 'upstream', up_party: 'partner', issuer: 'https://else.test', sid: 'up-1' } as never),
      ).toEqual([]);
      expect(await find({ kind: 'sub', sub: 'carl' } as never, 'other')).toEqual([]);
    });
  });

  describe('logout, as one durable job', () => {
    it('tells each application by the channels that it has, and answers what the browser must load', async () => {
      const browser = newBrowser();
      const [session] = await start(browser);
      for (const name of ['crm', 'both', 'plain']) await use(browser, { reached: reach(name) });
      const answer = await end({ kind: 'browser', browser_id: browser });
      expect(answer.front_channel.map(({ party, uri }) => [party, uri])).toEqual([
        [
          'shop',
          `https://shop.test/out?x=1&iss=${encodeURIComponent('https://id.test/acme/-/shop(login)').replace(/\(/g, '%28').replace(/\)/g, '%29')}&sid=${session?.sid}`,
        ],
        ['both', 'https://both.test/out'],
      ]);
      await until(
        async () =>
          (await jobOf(answer.job_id))?.receipts
            .filter(({ channel }) => channel === 'back')
            .every(({ state }) => state === 'told') ?? false,
      );
      const job = await jobOf(answer.job_id);
      expect(job?.receipts.map(({ party, channel }) => `${party} ${channel}`).sort()).toEqual([
        'both back',
        'both front',
        'crm back',
        'plain none',
        'shop front',
      ]);
      expect(applications.heard.filter(({ url }) => url === 'https://crm.test/out')[0]?.body).toContain(
        'logout_token=crm.',
      );
    });

    it('makes the session useless at once and says so to the token service, once', async () => {
      const browser = newBrowser();
      const [session] = await start(browser);
      await end({ kind: 'sid', sid: session!.sid });
      expect(noticed.some(({ sid }) => sid === session?.sid)).toBe(true);
      expect(await use(browser)).toMatchObject({ ok: false });
      const again = await end({ kind: 'sid', sid: session!.sid });
      expect(again).toMatchObject({ ended: [], front_channel: [] });
      await until(() => ended.some(({ sid }) => sid === session?.sid));
      expect(ended.filter(({ sid }) => sid === session?.sid)).toHaveLength(1);
      const feed = await rig.ask('token', listEnded, { since: clock.now() - 5, limit: 1000 });
      expect(feed.ended.map(({ sid }) => sid)).toContain(session?.sid);
    });

    it('tells an application that was away again until it answers, and delays no other', async () => {
      applications.answers.set('https://crm.test/out', 'away');
      const browser = newBrowser();
      await start(browser, [part({ reached: { ...reach('crm'), sub: 'ada' } })]);
      await use(browser, { reached: reach('both') });
      const { job_id } = await end({ kind: 'browser', browser_id: browser });
      const state = async (party: string) =>
        (await jobOf(job_id))?.receipts.find((receipt) => receipt.party === party && receipt.channel === 'back');
      await until(async () => (await state('both'))?.state === 'told' && (await state('crm'))?.state === 'failed');
      expect((await state('crm'))?.detail).toBe('no answer: unreachable');
      applications.answers.delete('https://crm.test/out');
      await until(async () => (await state('crm'))?.state === 'told');
      expect((await state('crm'))?.attempts).toBeGreaterThan(1);
    });

    it('shows an operator of each application how, how often and when it was told, and what went wrong last', async () => {
      applications.answers.set('https://crm.test/out', 'away');
      const browser = newBrowser();
      const [session] = await start(browser, [part({ reached: { ...reach('crm'), sub: 'ada' } })]);
      for (const name of ['both', 'plain']) await use(browser, { reached: reach(name) });
      const began = clock.now();
      const { job_id, front_channel } = await end({ kind: 'browser', browser_id: browser });
      const receiptOf = async (party: string, channel: string) =>
        (await jobOf(job_id))?.receipts.find((receipt) => receipt.party === party && receipt.channel === channel);
      await until(async () => (await receiptOf('crm', 'back'))?.state === 'failed');
      clock.advance(60);
      applications.answers.delete('https://crm.test/out');
      await until(async () => (await receiptOf('crm', 'back'))?.state === 'told');
      await until(async () => (await receiptOf('both', 'back'))?.state === 'told');
      const receipts = front_channel.map(({ receipt_id }) => ({ receipt_id, result: 'loaded' as const }));
      await rig.ask('authorize', reportFrontChannel, { tenant: 'acme', job_id: job_id ?? '', receipts });
      expect(await jobOf(job_id)).toMatchObject({
        tenant: 'acme',
        track: '-',
        cause: 'application',
        created: began,
        sessions: [{ track: '-', sid: session?.sid, sub: 'ada' }],
      });
      const told = await receiptOf('crm', 'back');
      expect(told).toMatchObject({ state: 'told', detail: 'no answer: unreachable', updated: began + 60 });
      expect(told?.attempts).toBeGreaterThan(1);
      const both = await receiptOf('both', 'back');
      expect(both).toMatchObject({ state: 'told', attempts: 1, updated: began });
      expect(both).not.toHaveProperty('detail');
      expect(await receiptOf('both', 'front')).toMatchObject({ state: 'loaded', attempts: 1, updated: began + 60 });
      expect(await receiptOf('plain', 'none')).toMatchObject({ attempts: 0, updated: began });
    });

    it('ends all sessions of the browser in the track and along links, except where single logout is off', async () => {
      const [first, second, third] = [newBrowser(), newBrowser(), newBrowser()];
      const link = part({ up_party: 'to-partner', up_party_type: 'track_link' });
      const linked = part({
        track: 'partner',
        reached: { party: 'to-main', type: 'track_link', issuer: 'https://id.test/acme/partner', sub: 'ada' },
      });
      const [near, far] = await start(first, [link, linked]);
      expect(near?.linked).toEqual({ track: 'partner', sid: far?.sid });
      await start(second, [part()], first);
      const [lonely] = await start(third, [part({ up_party: 'kiosk', single_logout: false })], second);
      const answer = await end({ kind: 'sid', sid: near!.sid });
      expect(answer.ended.map(({ track }) => track).sort()).toEqual(['-', '-', 'partner']);
      expect(answer.ended.some(({ sid }) => sid === lonely?.sid)).toBe(false);
      expect(await use(third, { up_parties: ['kiosk'] })).toMatchObject({ ok: true });
    });

    it('reaches the applications of the track above when the linked track ends its session', async () => {
      const browser = newBrowser();
      const link = part({ up_party: 'to-partner', up_party_type: 'track_link' });
      const linked = part({
        track: 'partner',
        reached: { party: 'to-main', type: 'track_link', issuer: 'https://id.test/acme/partner', sub: 'ada' },
      });
      const [near, far] = await start(browser, [link, linked]);
      const answer = await rig.ask('authorize', endSession, {
        tenant: 'acme',
        track: 'partner',
        by: { kind: 'sid', sid: far!.sid },
        cause: 'user',
      });
      expect(answer.ended.map(({ sid }) => sid).sort()).toEqual([near?.sid, far?.sid].sort());
      expect(answer.front_channel.map(({ track, party }) => [track, party])).toEqual([['-', 'shop']]);
    });

    it('ends a user everywhere when an administrator says so, without a browser at hand', async () => {
      const [one, two] = [newBrowser(), newBrowser()];
      await start(one, [part({ sub: 'dora' })]);
      await start(two, [part({ sub: 'dora', reached: { ...reach('crm'), sub: 'dora' } })]);
      const answer = await end({ kind: 'sub', sub: 'dora' }, { cause: 'administrator' });
      expect(answer.ended).toHaveLength(2);
      expect(answer.front_channel).toEqual([]);
      const job = await jobOf(answer.job_id);
      expect(job?.receipts.map(({ party, channel }) => `${party} ${channel}`).sort()).toEqual([
        'crm back',
        'shop none',
      ]);
    });

    it('shows an operator one page after another, and the jobs of one second too', async () => {
      await Promise.all(['p1', 'p2', 'p3'].map((sub) => start(newBrowser(), [part({ sub })])));
      await Promise.all(['p1', 'p2', 'p3'].map((sub) => end({ kind: 'sub', sub })));
      const page = (limit: number, after?: string) =>
        rig.ask('config', listLogoutJobs, { tenant: 'acme', track: '-', limit, ...(after && { after }) });
      const all = await page(200);
      const first = await page(2);
      const second = await page(2, first.more);
      expect([...first.jobs, ...second.jobs].map(({ job_id }) => job_id)).toEqual(
        all.jobs.slice(0, 4).map(({ job_id }) => job_id),
      );
      expect(all.more).toBeUndefined();
    });

    it('ends a user by the track’s own record, whatever the subject became, and nobody else', async () => {
      const user = { user_id: 'u-1', epoch: 0 };
      const [renamed] = await start(newBrowser(), [part({ sub: 'erin@example.com', user })]);
      const [plain] = await start(newBrowser(), [part({ sub: 'u-1', user })]);
      // From before sessions knew the record: an own user's subject was the id, a provider's only looks like it.
      const [legacy] = await start(newBrowser(), [part({ sub: 'u-1' })]);
      const [alike] = await start(newBrowser(), [part({ sub: 'u-1', up_party: 'partner', up_party_type: 'oidc' })]);
      const [other] = await start(newBrowser(), [part({ sub: 'u-1', user: { user_id: 'u-2', epoch: 0 } })]);
      const answer = await end({ kind: 'sub', sub: 'u-1', user: { user_id: 'u-1' } }, { cause: 'disabled' });
      expect(answer.ended.map(({ sid }) => sid).sort()).toEqual([renamed, plain, legacy].map((s) => s?.sid).sort());
      const left = await rig.ask('config', findSessions, {
        tenant: 'acme',
        track: '-',
        by: { kind: 'sub', sub: 'u-1' },
      });
      expect(left.sessions.map(({ sid }) => sid).sort()).toEqual([alike?.sid, other?.sid].sort());
    });

    it('ends what stands on an earlier epoch of a user, and never what was begun since, also beside it', async () => {
      const [first, second, third] = [newBrowser(), newBrowser(), newBrowser()];
      const of = (epoch: number, more: Partial<SessionToStart> = {}) =>
        part({ sub: 'u-5', user: { user_id: 'u-5', epoch }, ...more });
      const [old] = await start(first, [of(0)]);
      const [renewed] = await start(second, [of(0)]);
      const [beside] = await start(third, [of(1, { up_party: 'kiosk' })], first);
      const again = newBrowser();
      expect((await start(again, [of(1)], second))[0]?.sid).toBe(renewed?.sid);
      const late = { kind: 'sub', sub: 'u-5', user: { user_id: 'u-5', before_epoch: 1 } } as const;
      expect((await end(late, { cause: 'password_changed' })).ended.map(({ sid }) => sid)).toEqual([old?.sid]);
      expect(await use(third, { up_parties: ['kiosk'] })).toMatchObject({ value: { session: { sid: beside?.sid } } });
      expect(await use(again)).toMatchObject({ value: { session: { sid: renewed?.sid } } });
    });

    it('names the provider above that can be asked too, unless it was the one that asked', async () => {
      const upstream = { issuer: 'https://up.test', sid: 'up-9', id_token: 'hint' };
      const startUp = async () =>
        (await start(newBrowser(), [part({ up_party: 'partner', up_party_type: 'oidc', upstream })]))[0]!.sid;
      expect((await end({ kind: 'sid', sid: await startUp() })).upstream).toEqual([
        { track: '-', up_party: 'partner', up_party_type: 'oidc', upstream },
      ]);
      const asked = { initiating_up_party: { track: '-', up_party: 'partner' }, cause: 'upstream' };
      expect((await end({ kind: 'sid', sid: await startUp() }, asked)).upstream).toEqual([]);
    });

    it('takes down what the browser reports of iframes, and believes it for nothing else', async () => {
      const browser = newBrowser();
      await start(browser);
      await use(browser, { reached: reach('crm') });
      const { job_id, front_channel } = await end({ kind: 'browser', browser_id: browser });
      const all = (await jobOf(job_id))!.receipts;
      const crm = all.find(({ party }) => party === 'crm')!;
      const receipts = [...front_channel, crm].map(({ receipt_id }) => ({ receipt_id, result: 'loaded' as const }));
      await rig.ask('authorize', reportFrontChannel, { tenant: 'acme', job_id: job_id!, receipts });
      const after = (await jobOf(job_id))!.receipts;
      expect(after.find(({ channel }) => channel === 'front')?.state).toBe('loaded');
      expect(after.find(({ channel }) => channel === 'back')?.state).not.toBe('loaded');
      const other = await rig
        .busOf('authorize')
        .ask(reportFrontChannel, { tenant: 'other', job_id: job_id!, receipts });
      expect(other).toMatchObject({ ok: false, error: { refusal: 'unknown_job' } });
    });
  });
});

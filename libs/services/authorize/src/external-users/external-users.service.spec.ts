import {
  importExternalUsers,
  listExternalUsers,
  listJourneys,
  removeExternalUser,
  unlinkExternalUser,
  type KeptExternalUser,
} from '@corsac/contracts';
import { describeWith } from '@corsac/testing/backing';
import { FakeProvider } from '../fixtures/oidc-up-party/fake-provider.js';
import { Flow } from '../fixtures/oidc-up-party/flow.js';
import type { Page } from '../fixtures/oidc-up-party/browser.js';
import { answerOf, sealed, secretOfShop, World } from '../fixtures/oidc-up-party/world.js';

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

  const place = { tenant: 'acme', track: '-' };
  const trust = (link_external_user: object, more: object = {}) => flow.trust({ link_external_user, ...more });
  const put = (...users: object[]) => world.rig.ask('config', importExternalUsers, { ...place, users: users as never });
  const recordsOf = async (up_party: string): Promise<KeptExternalUser[]> =>
    (await world.rig.ask('config', listExternalUsers, { ...place, up_party, limit: 50 })).users;
  const until = async (isTrue: () => boolean | Promise<boolean>): Promise<void> => {
    for (let tries = 0; tries < 200 && !(await isTrue()); tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 25));
    expect(await isTrue()).toBe(true);
  };
  const claims = () => world.tokens.latest.claims;
  const isSignedIn = (page: Page): void => expect(answerOf(page)).toHaveProperty('code');
  const ada = { email: 'Ada@example.com', email_verified: true };
  const prepared = (up_party: string, more: object = {}) => ({
    up_party,
    redemption_claim_value: 'ada@example.com',
    claims: { role: ['buyer'], team: 'blue' },
    ...more,
  });

  describe('a record that was prepared', () => {
    it('is found by what the provider calls the user, and its claims join those of the sign-in', async () => {
      const up = await trust({});
      await put({ user_id: `local-${up}`, up_party: up, link_claim_value: `${up}|ada`, claims: { role: ['buyer'] } });
      isSignedIn(await flow.signIn(up, { role: 'guest' }));
      expect(claims()).toMatchObject({ sub: `${up}|ada`, role: ['buyer', 'guest'], local_sub: `local-${up}` });
      expect(world.tokens.latest.user).toEqual({ user_id: `local-${up}`, epoch: 0 });
      expect(world.sessions.latest.user).toEqual({ user_id: `local-${up}`, epoch: 0 });
    });

    it('overwrites the provider’s claims where that is wanted', async () => {
      const up = await trust({ overwrite_claims: true });
      await put({ up_party: up, link_claim_value: `${up}|ada`, claims: { role: ['buyer'], name: 'Ada' } });
      isSignedIn(await flow.signIn(up, { role: 'guest', name: 'Countess', nickname: 'a' }));
      expect(claims()).toMatchObject({ role: ['buyer'], name: 'Ada', nickname: 'a' });
    });

    it('is redeemed by a verified address, once, and is that user’s from then on', async () => {
      const up = await trust({ redemption_claim_type: 'email' });
      await put(prepared(up));
      isSignedIn(await flow.signIn(up, ada));
      expect(claims()).toMatchObject({ team: 'blue' });
      const [record] = await recordsOf(up);
      expect(record).toMatchObject({ link_claim_value: `${up}|ada`, redemption_claim_value: 'ada@example.com' });
      // The user goes on with it under another address; nobody else gets it by that address.
      isSignedIn(await flow.signIn(up, { email: 'new@example.com', email_verified: true }));
      expect(claims()['local_sub']).toBe(record?.user_id);
      isSignedIn(await flow.signIn(up, { ...ada, sub: 'mallory' }));
      expect(claims()).not.toHaveProperty('team');
      expect(claims()).not.toHaveProperty('local_sub');
    });

    it.each<[string, object]>([
      ['that is not verified', { email: 'ada@example.com', email_verified: false }],
      ['of which the provider says nothing', { email: 'ada@example.com' }],
      ['that is another', { email: 'bob@example.com', email_verified: true }],
    ])('is not redeemed by an address %s', async (_what, said) => {
      const up = await trust({ redemption_claim_type: 'email', require_user: true });
      await put(prepared(up));
      expect(answerOf(await flow.signIn(up, said as never))).toMatchObject({ error: 'access_denied' });
      expect((await recordsOf(up))[0]).not.toHaveProperty('link_claim_value');
    });

    it('is one user’s, when several redeem it at the same moment', async () => {
      const up = await trust({ redemption_claim_type: 'email', require_user: true });
      await put(prepared(up));
      const pages = await Promise.all(
        Array.from({ length: 6 }, (_, index) => flow.signIn(up, { ...ada, sub: `user-${index}` })),
      );
      const answers = pages.map((page) => answerOf(page));
      expect(answers.filter((answer) => 'code' in answer)).toHaveLength(1);
      expect(answers.filter(({ error }) => error === 'access_denied')).toHaveLength(5);
    });

    it('of another up-party or another track is nobody’s here', async () => {
      const [here, there] = [await trust({ require_user: true }), await trust({ require_user: true })];
      await put({ up_party: there, link_claim_value: `${here}|ada` });
      expect(answerOf(await flow.signIn(here))).toMatchObject({ error: 'access_denied' });
    });
  });

  describe('a user without a record', () => {
    it('is refused where one is required, in the application’s own protocol, and the record of the journey says why', async () => {
      const up = await trust({ require_user: true });
      const browser = world.browser();
      const asked = await flow.begin(browser, up);
      const [sequence_id = ''] = (asked.get('state') ?? '').split('.');
      const page = await flow.redeem(browser, up, { asked, id_token: await op.idToken(asked) });
      expect(answerOf(page)).toMatchObject({
        error: 'access_denied',
        error_description: 'there is no user here for this account',
        state: 'state-of-shop',
      });
      const journeys = async () =>
        (await world.rig.ask('config', listJourneys, { ...place, sequence_id, limit: 1 })).journeys;
      await until(async () => (await journeys())[0]?.ended_ms !== undefined);
      const [journey] = await journeys();
      expect(journey?.outcome).toBe('failed');
      expect(journey?.events.find(({ kind }) => kind === 'external_user.refused')).toMatchObject({
        party: up,
        outcome: 'refused',
        detail: 'there is no user here for this account',
      });
    });

    it('signs in as before where none is required, and names no record of ours', async () => {
      const up = await trust({});
      isSignedIn(await flow.signIn(up, { local_sub: 'forged' }));
      expect(claims()['local_sub']).toBe(`${up}|forged`);
      expect(world.tokens.latest.user).toBeUndefined();
    });

    it('cannot claim to be a record of ours by an up-party without records either', async () => {
      const up = await flow.trust();
      isSignedIn(await flow.signIn(up, { local_sub: 'forged' }));
      expect(claims()['local_sub']).toBe(`${up}|forged`);
    });

    it('gets one at the first sign-in, with the claims that are to be kept, and the same one at the next', async () => {
      const up = await trust({
        auto_create_user: true,
        up_party_claims: ['department', 'sub', 'email'].filter((type) => type !== 'sub'),
        claim_transforms: [{ type: 'constant', action: 'add', transformation: 'newcomer', claim_out: 'role' }],
      });
      isSignedIn(await flow.signIn(up, { ...ada, department: 'sales' }));
      const first = claims()['local_sub'];
      expect(claims()).toMatchObject({ sub: `${up}|ada`, role: 'newcomer', department: 'sales' });
      isSignedIn(await flow.signIn(up));
      expect(claims()).toMatchObject({ local_sub: first, role: 'newcomer', department: 'sales' });
      expect(await recordsOf(up)).toHaveLength(1);
    });

    it('gets one only, however often the user signs in at the same moment', async () => {
      const up = await trust({ auto_create_user: true });
      const pages = await Promise.all(Array.from({ length: 6 }, () => flow.signIn(up)));
      pages.forEach(isSignedIn);
      expect(await recordsOf(up)).toHaveLength(1);
    });
  });

  describe('the page that completes a new record', () => {
    const elements = [
      { type: 'given_name' },
      { type: 'email' },
      {
        type: 'custom',
        claim: 'badge',
        display_name: 'Badge <no>',
        reg_ex: '^[0-9]{4}$',
        error_message: 'Four digits.',
      },
      { type: 'phone', required: false },
    ];

    it('is filled with what the provider said, says what is wrong, and makes the record', async () => {
      const up = await trust({ auto_create_user: true, elements });
      const browser = world.browser();
      const page = await flow.signIn(up, { given_name: 'Ada', ...ada }, { browser });
      expect(page.html).toContain('value="Ada"');
      expect(page.html).toContain('Badge &lt;no&gt;');
      expect(await recordsOf(up)).toHaveLength(0);
      const wrong = await browser.submit(page, { field_1: 'no address', field_2: 'abc', field_3: '' });
      expect(wrong.html).toContain('Four digits.');
      expect(wrong.html).toContain('aria-invalid="true"');
      const done = await browser.submit(wrong, { field_1: 'ada@example.com', field_2: '1234' });
      isSignedIn(done);
      expect(claims()).toMatchObject({
        given_name: 'Ada',
        badge: '1234',
        email: 'Ada@example.com',
        email_verified: true,
      });
      expect((await recordsOf(up))[0]?.claims).toEqual({
        given_name: 'Ada',
        badge: '1234',
        email: 'ada@example.com',
        email_verified: true,
      });
      isSignedIn(await flow.signIn(up));
      expect(claims()).toMatchObject({ badge: '1234' });
    });

    it('makes no address verified that the provider did not verify', async () => {
      const up = await trust({ auto_create_user: true, overwrite_claims: true, elements: [{ type: 'email' }] });
      const browser = world.browser();
      const page = await flow.signIn(up, ada, { browser });
      isSignedIn(await browser.submit(page, { field_0: 'victim@example.com' }));
      expect(claims()).toMatchObject({ email: 'victim@example.com', email_verified: false });
    });

    it('can be left, and then nothing is made', async () => {
      const up = await trust({ auto_create_user: true, elements });
      const browser = world.browser();
      const page = await flow.signIn(up, {}, { browser });
      expect(answerOf(await browser.submit(page, {}, 1))).toMatchObject({ error: 'access_denied' });
      expect(await recordsOf(up)).toHaveLength(0);
    });

    it('is not shown where nobody may be asked', async () => {
      const up = await trust({ auto_create_user: true, elements });
      const answer = answerOf(await flow.signIn(up, {}, { more: { prompt: 'none' } }));
      expect(answer).toMatchObject({ error: 'interaction_required' });
    });

    it('takes nothing from a browser that was not shown it', async () => {
      const up = await trust({ auto_create_user: true, elements });
      const page = await flow.signIn(up);
      expect((await world.browser().submit(page, { field_0: 'x', field_1: 'a@b.cd', field_2: '1234' })).status).toBe(
        400,
      );
      expect(await recordsOf(up)).toHaveLength(0);
    });
  });

  describe('a record that is disabled', () => {
    it('ends the sessions and grants that stand on it, and lets nobody in any more', async () => {
      const up = await trust({});
      const record = { user_id: `off-${up}`, up_party: up, link_claim_value: `${up}|ada` };
      await put(record);
      const browser = world.browser();
      isSignedIn(await flow.signIn(up, {}, { browser }));
      const { sid } = world.sessions.latest;
      await put({ ...record, disabled: true });
      await until(() => world.sessions.ended.some((ended) => ended.sid === sid && ended.cause === 'disabled'));
      await until(() => world.tokens.ended.includes(record.user_id));
      expect(answerOf(await flow.signIn(up, {}, { browser }))).toMatchObject({
        error: 'access_denied',
        error_description: 'the user is disabled',
      });
      await put({ ...record, disabled: false });
      isSignedIn(await flow.signIn(up, {}, { browser }));
      expect(world.tokens.latest.user).toEqual({ user_id: record.user_id, epoch: 1 });
    });

    it('is not passed by: who redeems it is refused and gets no other', async () => {
      const up = await trust({ redemption_claim_type: 'email', auto_create_user: true });
      await put(prepared(up, { disabled: true }));
      for (let time = 0; time < 2; time += 1)
        expect(answerOf(await flow.signIn(up, ada))).toMatchObject({ error: 'access_denied' });
      expect(await recordsOf(up)).toHaveLength(1);
    });
  });

  describe('administering records', () => {
    it('keeps whom a record was linked to when a file brings it again, and takes over only what changed', async () => {
      const up = await trust({ redemption_claim_type: 'email' });
      await put(prepared(up));
      isSignedIn(await flow.signIn(up, ada));
      expect(await put(prepared(up, { claims: { team: 'red' } }))).toEqual({ created: 0, updated: 1 });
      await put(prepared(up, { disabled: true, claims: { team: 'green' }, changed: ['claims'] }));
      expect((await recordsOf(up))[0]).toMatchObject({
        link_claim_value: `${up}|ada`,
        claims: { team: 'green' },
        disabled: false,
      });
    });

    it('makes no record of fields alone, and says whose they were', async () => {
      const up = await trust({});
      const fields = { up_party: up, link_claim_value: `${up}|gone`, changed: ['claims'] };
      expect(await put({ up_party: up, link_claim_value: `${up}|ada` }, fields)).toEqual({
        created: 1,
        updated: 0,
        unknown: [1],
      });
    });

    it('refuses a value that is another record’s', async () => {
      const up = await trust({ redemption_claim_type: 'email' });
      await put({ user_id: `a-${up}`, up_party: up, link_claim_value: 'x' }, prepared(up, { user_id: `b-${up}` }));
      const answer = await world.rig.busOf('config').ask(importExternalUsers, {
        ...place,
        users: [{ user_id: `a-${up}`, up_party: up, redemption_claim_value: 'ada@example.com' }] as never,
      });
      expect(answer).toMatchObject({ ok: false, error: { refusal: 'value_taken' } });
    });

    it('takes a link off, so that the record can be redeemed again, and ends what stood on it', async () => {
      const up = await trust({ redemption_claim_type: 'email', require_user: true });
      await put(prepared(up), { up_party: up, link_claim_value: `${up}|only` });
      isSignedIn(await flow.signIn(up, ada));
      const { sid } = world.sessions.latest;
      const [one, other] = (await recordsOf(up)).sort((a) => (a.redemption_claim_value ? -1 : 1));
      await world.rig.ask('config', unlinkExternalUser, { ...place, user_id: one!.user_id });
      await until(() => world.sessions.ended.some((ended) => ended.sid === sid));
      isSignedIn(await flow.signIn(up, { ...ada, sub: 'ada-anew' }));
      const refused = await world.rig.busOf('config').ask(unlinkExternalUser, { ...place, user_id: other!.user_id });
      expect(refused).toMatchObject({ error: { refusal: 'not_redeemable' } });
    });

    it('removes a record, and ends what stood on it', async () => {
      const up = await trust({ require_user: true });
      await put({ user_id: `gone-${up}`, up_party: up, link_claim_value: `${up}|ada` });
      isSignedIn(await flow.signIn(up));
      await world.rig.ask('config', removeExternalUser, { ...place, user_id: `gone-${up}` });
      await until(() => world.tokens.ended.includes(`gone-${up}`));
      expect(answerOf(await flow.signIn(up))).toMatchObject({ error: 'access_denied' });
      const again = await world.rig.busOf('config').ask(removeExternalUser, { ...place, user_id: `gone-${up}` });
      expect(again).toMatchObject({ error: { refusal: 'unknown_user' } });
    });
  });

  it('is found for a user who comes by a track link, in the track that has the record', async () => {
    const party = { type: 'oidc', name: 'op', authority: op.issuer, response_mode: 'query' };
    await world.trust(
      { ...party, client_secret: sealed(secretOfShop, 'other'), hrd_domains: ['example.com'] },
      'other',
    );
    await world.link({ auto_create_user: true });
    const browser = world.browser();
    const asked = await flow.begin(browser, 'linked', { login_hint: 'ada@example.com' });
    const code = op.codeFor(await op.idToken(asked));
    const query = new URLSearchParams({ code, state: asked.get('state') ?? '' }).toString();
    isSignedIn(await browser.go(`${flow.redirectOf('op', 'other')}?${query}`, { from: flow.from }));
    const [record] = await recordsOf('linked');
    expect(world.tokens.latest).toMatchObject({ sub: 'op|ada', user: { user_id: record?.user_id } });
    expect(world.sessions.kept.slice(-2).map(({ session }) => session.user?.user_id)).toEqual([
      record?.user_id,
      undefined,
    ]);
  });
});

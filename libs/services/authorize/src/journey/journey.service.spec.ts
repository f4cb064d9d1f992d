import { defaultTrackSettings } from '@corsac/model';
import { describeWith } from '@corsac/testing/backing';
import { FakeProvider } from '../fixtures/oidc-up-party/fake-provider.js';
import { Flow } from '../fixtures/oidc-up-party/flow.js';
import { base, sealed, secretOfShop, World } from '../fixtures/oidc-up-party/world.js';
import { recordOf, sequenceOf } from '../fixtures/links.js';
import { authorizePath, client, password, track, upParty, World as PasswordWorld } from '../fixtures/world.js';

/** Everything that was ever recorded in this database, as it is kept. */
const allRecorded = async (rig: World['rig']): Promise<string> => {
  const rows: unknown = await rig.parts.database.query('select * from journey_part');
  return JSON.stringify(rows);
};

describeWith('postgres', (databaseUrl) => {
  describe('the record of a journey through a link and a provider', () => {
    const world = new World();
    let op: FakeProvider;
    let flow: Flow;

    beforeAll(async () => {
      op = await new FakeProvider().start();
      flow = new Flow(world, op);
      await world.start(databaseUrl);
      await world.trust(
        {
          type: 'oidc',
          name: 'op',
          authority: op.issuer,
          response_mode: 'query',
          client_secret: sealed(secretOfShop, 'other'),
          hrd_domains: ['example.com'],
          claims: ['*', 'access_token'],
          claim_transforms: [
            {
              name: 'copy',
              order: 1,
              type: 'map',
              action: 'add',
              claims_in: ['access_token'],
              claim_out: 'copy_of_token',
            },
          ],
        },
        'other',
      );
      await world.link();
    }, 60_000);
    afterAll(async () => {
      await world.stop();
      await op.stop();
    });

    const there = `${base}/acme/other/(op)/oauth`;

    /** A sign-in and a logout, with everything in it that nobody else may know. */
    const wholeWay = async () => {
      const browser = world.browser();
      const asked = await flow.begin(browser, 'linked', { login_hint: 'hint-canary@example.com' });
      const id_token = await op.idToken(asked, { email: 'mail-canary@example.com', cpr_number: 'number-canary' });
      const code = op.codeFor(id_token);
      const state = asked.get('state') ?? '';
      const answer = new URLSearchParams({ code, state }).toString();
      const done = await browser.go(`${there}/authorizationresponse?${answer}`, { from: flow.from });
      const leaving = await browser.go(`${base}/acme/-/shop/oauth/endsession?client_id=shop&state=logout-canary`);
      const above = await browser.submit(leaving);
      const logoutState = new URL(above.url).searchParams.get('state') ?? '';
      const back = await browser.go(`${there}/endsessionresponse?state=${logoutState}`, { from: flow.from });
      await browser.submit(back);
      const [sequence_id = ''] = state.split('.');
      const [logout_id = ''] = logoutState.split('.');
      const secrets = {
        code,
        state,
        nonce: asked.get('nonce') ?? '',
        challenge: asked.get('code_challenge') ?? '',
        id_token,
        signature: id_token.split('.')[2] ?? '',
        access_token: 'access-token-of-the-provider',
        client_secret: secretOfShop,
        code_of_shop: new URL(done.url).searchParams.get('code') ?? '',
        state_of_shop: 'state-of-shop',
        nonce_of_shop: 'nonce-of-shop',
        logout_state: logoutState,
        hint: 'hint-canary',
        mail: 'mail-canary',
        number: 'number-canary',
        logout_canary: 'logout-canary',
        form_token: leaving.forms[0]?.fields['form_token'] ?? '',
      };
      return { sequence_id, logout_id, secrets };
    };

    const kindsOf = (events: readonly { kind: string; track: string; party?: string }[]): string[] =>
      events.map(({ kind, party, track: of }) => `${kind} ${party ?? ''} of ${of}`);

    it('has every hop of a sign-in in its order, with times, and the claims before and after each step', async () => {
      const { sequence_id } = await wholeWay();
      const events = await recordOf(world, { sequence_id, until: 'down_party.answered' });
      expect(kindsOf(events)).toEqual([
        'down_party.asked shop of -',
        'up_party.chosen linked of -',
        'track_link.requested linked of -',
        'track_link.opened link of other',
        'up_party.chosen op of other',
        'up_party.asked op of other',
        'claims.transformed op of other',
        'claims.forwarded op of other',
        'up_party.answered op of other',
        'claims.issued link of other',
        'claims.forwarded linked of -',
        'track_link.answered link of other',
        'up_party.answered linked of -',
        'down_party.answered shop of -',
      ]);
      const times = events.map(({ at_ms }) => at_ms);
      expect(times).toEqual([...times].sort((one, other) => one - other));
      const transformed = events.find(({ kind }) => kind === 'claims.transformed');
      expect(transformed?.claims_before).toEqual(expect.arrayContaining(['access_token', 'email', 'sub']));
      expect(transformed?.claims_before).not.toContain('copy_of_token');
      expect(transformed?.claims_after).toContain('copy_of_token');
      expect(transformed?.trace).toEqual([
        {
          rule: 'copy',
          type: 'map',
          action: 'add',
          claim_out: 'copy_of_token',
          values_before: 0,
          values_after: 1,
          changed: true,
        },
      ]);
    });

    it('has every hop of a logout: the question, the sessions of both tracks, the provider, the applications', async () => {
      const { logout_id } = await wholeWay();
      const events = await recordOf(world, { sequence_id: logout_id, until: 'logout.done' });
      expect(kindsOf(events)).toEqual(
        expect.arrayContaining([
          'logout.asked shop of -',
          'logout.sessions_ended shop of -',
          'up_party.asked op of other',
          'up_party.answered op of other',
          'logout.front_channel shop of -',
          'logout.front_channel_timed_out shop of -',
        ]),
      );
      expect(kindsOf(events).at(-1)).toBe('logout.done shop of -');
    });

    it('has no code, state, nonce, token, secret and no value of a claim in it', async () => {
      const { sequence_id, logout_id, secrets } = await wholeWay();
      await recordOf(world, { sequence_id, until: 'down_party.answered' });
      await recordOf(world, { sequence_id: logout_id, until: 'logout.done' });
      const recorded = await allRecorded(world.rig);
      expect(recorded).toContain(sequence_id);
      for (const [what, secret] of Object.entries(secrets)) {
        expect({ what, known: secret.length > 5 }).toEqual({ what, known: true });
        expect({ what, stands: recorded.includes(secret) }).toEqual({ what, stands: false });
      }
    });
  });

  describe('the record of a journey with a password', () => {
    let world: PasswordWorld;

    beforeAll(async () => {
      const quiet = { ...defaultTrackSettings, journey_retention: 0 };
      const brief = { ...defaultTrackSettings, journey_retention: 60 };
      world = await PasswordWorld.start(databaseUrl, {
        'acme/-': track({
          upParties: [upParty({ type: 'login', name: 'login' })],
          downParties: [client({ allow_up_parties: ['login'] })],
        }),
        'acme/quiet': track({ settings: quiet }),
        'acme/brief': track({ settings: brief }),
      });
      for (const name of ['-', 'quiet', 'brief'])
        await world.addUser({ user_id: 'ada', email: 'user-canary@example.com' }, name);
    }, 60_000);
    afterAll(async () => world?.stop());

    const way = async (name: string): Promise<string> => {
      const browser = world.browser();
      const first = await browser.open(authorizePath({}, `acme/${name}/shop(login)`));
      const wrong = await browser.submit(await browser.submit(first, { username: 'user-canary@example.com' }), {
        password: 'wrong-canary',
      });
      await browser.submit(wrong, { password });
      return sequenceOf(first);
    };

    it('has the wrong try and the right one, and neither password nor who typed it', async () => {
      const events = await recordOf(world, { sequence_id: await way('-'), until: 'down_party.answered' });
      expect(events.map(({ kind }) => kind)).toEqual([
        'down_party.asked',
        'up_party.chosen',
        'page.shown',
        'page.shown',
        'page.shown',
        'up_party.answered',
        'down_party.answered',
      ]);
      const recorded = await allRecorded(world.rig);
      for (const canary of ['wrong-canary', 'user-canary', password, world.seen.grants.at(-1)?.sid ?? 'sid'])
        expect(recorded).not.toContain(canary);
    });

    it('is not kept where a track wants none', async () => {
      const quiet = await way('quiet');
      await recordOf(world, { sequence_id: await way('-'), until: 'down_party.answered' });
      expect(await allRecorded(world.rig)).not.toContain(quiet);
    });

    it('is kept as long as the track says: journey_retention', async () => {
      const sequence_id = await way('brief');
      await recordOf(world, { sequence_id, until: 'down_party.answered', name: 'brief' });
      const rows = (await world.rig.parts.database.query(
        'select distinct ends_ms - at_ms as kept from journey_part where sequence_id = $1',
        [sequence_id],
      )) as { kept: string }[];
      expect(rows.map(({ kept }) => Number(kept))).toEqual([60_000]);
    });
  });
});

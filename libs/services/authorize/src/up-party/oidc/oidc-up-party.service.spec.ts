import { generateSigningKey } from '@corsac/jwt';
import { describeWith } from '@corsac/testing/backing';
import { FakeProvider } from '../../fixtures/oidc-up-party/fake-provider.js';
import { Flow } from '../../fixtures/oidc-up-party/flow.js';
import { answerOf, base, sealed, secretOfShop, World } from '../../fixtures/oidc-up-party/world.js';

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
    op.userInfo = {};
    op.access_token = 'access-token-of-the-provider';
    world.tokens.isAway = false;
  });

  describe('the request to a provider, OIDC Core 3.1.2.1', () => {
    it('has everything that the application wished, PKCE, and what the administrator added', async () => {
      const up = await flow.trust({
        client_id: 'corsac-there',
        scopes: ['profile', 'email'],
        additional_parameters: [{ name: 'tenant_hint', value: 'x' }],
      });
      const asked = await flow.begin(world.browser(), up, {
        prompt: 'login',
        max_age: '60',
        login_hint: 'ada@example.com',
        acr_values: 'mfa high',
        ui_locales: 'da en',
      });
      expect(Object.fromEntries(asked)).toMatchObject({
        client_id: 'corsac-there',
        redirect_uri: flow.redirectOf(up),
        response_type: 'code',
        scope: 'openid profile email',
        code_challenge_method: 'S256',
        prompt: 'login',
        max_age: '60',
        login_hint: 'ada@example.com',
        acr_values: 'mfa high',
        ui_locales: 'da en',
        tenant_hint: 'x',
      });
      expect(asked.get('state')).toMatch(/^[\w-]{32}\.[\w-]{24}$/);
      expect(asked.get('nonce')).toHaveLength(43);
      expect(asked.get('code_challenge')).toHaveLength(43);
    });

    it('is another one every time, and has no PKCE where that is off', async () => {
      const up = await flow.trust({ enable_pkce: false });
      const [one, other] = [await flow.begin(world.browser(), up), await flow.begin(world.browser(), up)];
      expect(one.get('state')).not.toBe(other.get('state'));
      expect(one.get('nonce')).not.toBe(other.get('nonce'));
      expect(one.has('code_challenge')).toBe(false);
    });

    it('passes prompt=none up when nobody is signed in here, and its answer down', async () => {
      const up = await flow.trust();
      const browser = world.browser();
      const asked = await flow.begin(browser, up, { prompt: 'none' });
      expect(asked.get('prompt')).toBe('none');
      const page = await flow.answer(browser, up, { error: 'login_required', state: asked.get('state') ?? '' });
      expect(answerOf(page)).toMatchObject({
        error: 'login_required',
        state: 'state-of-shop',
        iss: `${base}/acme/-/shop(${up})`,
      });
    });
  });

  describe('an answer of a provider', () => {
    it('signs the user in, with the claims in the words of the middle', async () => {
      const up = await flow.trust({ claims: ['email', 'access_token'] });
      const page = await flow.signIn(up, {
        email: 'ada@example.com',
        role: 'admin',
        sid: 'session-there',
        auth_time: 1_700_000_000,
        amr: ['pwd', 'otp'],
        acr: 'high',
        auth_method: 'forged',
        access_token: 'forged',
      });
      expect(answerOf(page)).toMatchObject({ code: expect.any(String), state: 'state-of-shop' });
      const { claims, sub, auth_time, amr, acr } = world.tokens.latest;
      expect({ sub, auth_time, amr, acr }).toEqual({
        sub: `${up}|ada`,
        auth_time: 1_700_000_000,
        amr: ['pwd', 'otp'],
        acr: 'high',
      });
      expect(claims).toEqual({
        sub: `${up}|ada`,
        sid: world.sessions.latest.sid,
        email: 'ada@example.com',
        access_token: `${up}|access-token-of-the-provider`,
        auth_method: up,
        auth_method_type: 'oidc',
        auth_method_issuer: `${up}|${op.issuer}`,
        up_party: up,
        up_party_type: 'oidc',
        auth_time: 1_700_000_000,
        amr: ['pwd', 'otp'],
        acr: 'high',
      });
      const { upstream } = world.sessions.latest;
      expect(upstream).toMatchObject({ issuer: op.issuer, sub: 'ada', sid: 'session-there' });
      expect(upstream?.id_token).toMatch(/^ey/);
    });

    it('gives its access token to applications only where the list names it', async () => {
      const up = await flow.trust();
      await flow.signIn(up, { role: 'admin' });
      expect(world.tokens.latest.claims).toMatchObject({ role: 'admin' });
      expect(world.tokens.latest.claims).not.toHaveProperty('access_token');
      expect(JSON.stringify(world.tokens.latest.claims)).not.toContain('access-token-of-the-provider');
    });

    it('runs through transforms before the forward list', async () => {
      const up = await flow.trust({
        claims: ['name'],
        claim_transforms: [{ type: 'map', action: 'add', claims_in: ['nick'], claim_out: 'name' }],
      });
      await flow.signIn(up, { nick: 'Ada' });
      expect(world.tokens.latest.claims).toMatchObject({ name: 'Ada' });
      expect(world.tokens.latest.claims).not.toHaveProperty('nick');
    });

    it('keeps no ID token for the logout that is longer than 10000 characters', async () => {
      const up = await flow.trust();
      await flow.signIn(up, { filler: 'x'.repeat(12_000) });
      expect(world.sessions.latest.upstream).not.toHaveProperty('id_token');
    });

    it('is asked for the session here first, and again by prompt=login', async () => {
      const up = await flow.trust();
      const browser = world.browser();
      await flow.signIn(up, {}, { browser });
      expect(answerOf(await browser.go(world.authorizeUrl(up)))).toHaveProperty('code');
      expect((await flow.begin(browser, up, { prompt: 'login' })).get('prompt')).toBe('login');
    });

    it('of another user than was asked for is refused to the application', async () => {
      const up = await flow.trust();
      const claims = JSON.stringify({ id_token: { sub: { value: `${up}|somebody` } } });
      expect(answerOf(await flow.signIn(up, {}, { more: { claims } }))).toMatchObject({ error: 'login_required' });
    });
  });

  describe('form_post over http, where cookies are SameSite=Lax', () => {
    it('takes a form that comes without cookies by sending the browser to itself', async () => {
      const up = await flow.trust({ response_mode: 'form_post' });
      const browser = world.browser();
      const asked = await flow.begin(browser, up);
      expect(asked.get('response_mode')).toBe('form_post');
      const code = op.codeFor(await op.idToken(asked));
      const page = await browser.go(flow.redirectOf(up), {
        form: { code, state: asked.get('state') ?? '' },
        from: flow.from,
      });
      expect(answerOf(page)).toHaveProperty('code');
      const bounced = browser.asked.find((line) => line.includes('bounced='));
      expect(bounced).toBeDefined();
      expect(bounced).not.toContain(code);
      const again = await browser.go(bounced!.slice(4));
      expect(again.status).toBe(409);
    });

    it('sends nobody else there, and keeps nothing that no journey waits for', async () => {
      const up = await flow.trust({ response_mode: 'form_post' });
      const browser = world.browser();
      const asked = await flow.begin(browser, up);
      const form = { code: op.codeFor(await op.idToken(asked)), state: asked.get('state') ?? '' };
      const other = await world.browser().go(flow.redirectOf(up), { form, from: flow.from });
      expect(other.status).toBe(400);
      const made = await browser.go(flow.redirectOf(up), {
        form: { ...form, state: `${form.state}x` },
        from: flow.from,
      });
      expect(made.status).toBe(400);
      const unknown = await browser.go(flow.redirectOf(up), {
        form: { ...form, state: `${'a'.repeat(32)}.${'b'.repeat(24)}` },
      });
      expect(unknown.status).toBe(400);
      expect(op.redeemed.some((one) => one.form['code'] === form.code)).toBe(false);
      expect(answerOf(await browser.go(flow.redirectOf(up), { form, from: flow.from }))).toHaveProperty('code');
    });

    it('takes the form at once when the cookies came along', async () => {
      const up = await flow.trust({ response_mode: 'form_post' });
      const browser = world.browser();
      const asked = await flow.begin(browser, up);
      const form = { code: op.codeFor(await op.idToken(asked)), state: asked.get('state') ?? '' };
      expect(answerOf(await browser.go(flow.redirectOf(up), { form }))).toHaveProperty('code');
      expect(browser.asked.some((line) => line.includes('bounced='))).toBe(false);
    });

    it('does not take a code by GET, but an error', async () => {
      const up = await flow.trust({ response_mode: 'form_post' });
      const browser = world.browser();
      const asked = await flow.begin(browser, up);
      const state = asked.get('state') ?? '';
      expect((await flow.answer(browser, up, { code: 'x', state })).status).toBe(400);
      expect(answerOf(await flow.answer(browser, up, { error: 'access_denied', state }))).toMatchObject({
        error: 'access_denied',
      });
    });

    it('does not take a form where query was asked', async () => {
      const up = await flow.trust();
      const browser = world.browser();
      const asked = await flow.begin(browser, up);
      const page = await browser.go(flow.redirectOf(up), { form: { code: 'x', state: asked.get('state') ?? '' } });
      expect(page.status).toBe(400);
    });
  });

  describe('whose answer it is', () => {
    it('is taken once: a replay is refused and redeems nothing', async () => {
      const up = await flow.trust();
      const browser = world.browser();
      const asked = await flow.begin(browser, up);
      const fields = { code: op.codeFor(await op.idToken(asked)), state: asked.get('state') ?? '' };
      expect(answerOf(await flow.answer(browser, up, fields))).toHaveProperty('code');
      const before = op.redeemed.length;
      const replayed = await flow.answer(browser, up, fields);
      expect(replayed.status).toBe(400);
      expect(op.redeemed).toHaveLength(before);
    });

    it('lets one of two at the same time win', async () => {
      const up = await flow.trust();
      const browser = world.browser();
      const asked = await flow.begin(browser, up);
      const fields = { code: op.codeFor(await op.idToken(asked)), state: asked.get('state') ?? '' };
      const pages = await Promise.all([1, 2, 3].map(() => flow.answer(browser, up, fields)));
      expect(pages.filter(({ status }) => status === 0)).toHaveLength(1);
      expect(pages.filter(({ status }) => status === 409 || status === 400)).toHaveLength(2);
      expect(op.redeemed.filter(({ form }) => form['code'] === fields.code)).toHaveLength(1);
    });

    it('does not take the state of another browser', async () => {
      const up = await flow.trust();
      const asked = await flow.begin(world.browser(), up);
      const attacker = world.browser();
      await flow.begin(attacker, up);
      const fields = { code: op.codeFor(await op.idToken(asked)), state: asked.get('state') ?? '' };
      expect((await flow.answer(attacker, up, fields)).status).toBe(400);
    });

    it('does not take the state of another up-party, nor of another track', async () => {
      const [up, other] = [await flow.trust(), await flow.trust()];
      await world.trust(
        { type: 'oidc', name: up, authority: op.issuer, client_secret: sealed(secretOfShop, 'other') },
        'other',
      );
      const browser = world.browser();
      const asked = await flow.begin(browser, up);
      const fields = { code: op.codeFor(await op.idToken(asked)), state: asked.get('state') ?? '' };
      expect((await flow.answer(browser, other, fields)).status).toBe(400);
      const query = new URLSearchParams(fields).toString();
      expect((await browser.go(`${flow.redirectOf(up, 'other')}?${query}`, { from: flow.from })).status).toBe(400);
      expect(answerOf(await flow.answer(browser, up, fields))).toHaveProperty('code');
    });

    it.each([
      ['no state', {}],
      ['a state of somebody else', { state: 'af0ifjsldkj' }],
      ['an empty state', { state: '' }],
    ])('does not take an answer with %s', async (_title, fields) => {
      const up = await flow.trust();
      const browser = world.browser();
      await flow.begin(browser, up);
      expect((await flow.answer(browser, up, { code: 'x', ...fields })).status).toBe(400);
    });

    it('is nowhere for up-parties that are not OpenID Connect, unknown, or in other words', async () => {
      const browser = world.browser();
      for (const place of ['-/(login)', '-/(nobody)', '-/shop(fixed)', '-/(FIXED)', 'nowhere/(fixed)'])
        expect((await browser.go(`${base}/acme/${place}/oauth/authorizationresponse?state=x`)).status).toBe(404);
      const put = await world.rig.fetch('/acme/-/(fixed)/oauth/authorizationresponse', { method: 'PUT' });
      expect(put.status).toBe(405);
    });

    it('asks again when the user comes back by hand from a provider chosen among several', async () => {
      await flow.trust({ hrd_display_name: 'First' });
      const second = await flow.trust({ hrd_display_name: 'Second' });
      const browser = world.browser();
      const choice = await browser.go(world.authorizeUrl('*', { prompt: 'select_account' }));
      expect(choice.status).toBe(200);
      const at = choice.forms.findIndex(({ buttons }) => buttons.includes('up_party'));
      const away = await browser.submit(choice, { up_party: second }, at);
      expect(away.url).toContain(`${op.issuer}/authorize`);
      const again = await browser.go(choice.forms[at]!.action);
      expect(again.status).toBe(200);
      expect(again.html).toContain('Second');
    });
  });

  describe('errors of a provider', () => {
    it.each([
      ['access_denied', 'access_denied', 'no'],
      ['login_required', 'login_required', 'no'],
      ['interaction_required', 'interaction_required', 'no'],
      ['temporarily_unavailable', 'temporarily_unavailable', 'no'],
      ['invalid_scope', 'server_error', 'invalid_scope: no'],
      ['unauthorized_client', 'server_error', 'unauthorized_client: no'],
      ['<script>', 'server_error', '<script>: no'],
    ])('%s reaches the application as %s, with the name of the up-party', async (error, mapped, text) => {
      const up = await flow.trust();
      const browser = world.browser();
      const state = (await flow.begin(browser, up)).get('state') ?? '';
      const page = await flow.answer(browser, up, { error, error_description: 'no', state });
      expect(answerOf(page)).toMatchObject({
        error: mapped,
        error_description: `${up}|${text}`,
        state: 'state-of-shop',
      });
      expect((await flow.answer(browser, up, { error, state })).status).toBe(400);
    });

    it('of the token endpoint are ours: the application learns no more than that', async () => {
      const up = await flow.trust();
      const browser = world.browser();
      const state = (await flow.begin(browser, up)).get('state') ?? '';
      const page = await flow.answer(browser, up, { code: 'never-issued', state });
      expect(answerOf(page)).toMatchObject({
        error: 'server_error',
        error_description: `${up}|the identity provider did not confirm the sign-in`,
      });
    });
  });

  describe('proving us to the token endpoint', () => {
    it.each(['client_secret_post', 'client_secret_basic', 'private_key_jwt', 'none'])('by %s', async (method) => {
      const up = await flow.trust({ token_endpoint_auth_method: method, client_id: 'us there' });
      expect(answerOf(await flow.signIn(up))).toHaveProperty('code');
      const { form, headers } = op.redeemed.at(-1)!;
      expect(form).toMatchObject({ grant_type: 'authorization_code', redirect_uri: flow.redirectOf(up) });
      expect(form['code_verifier']).toHaveLength(64);
      const basic = `Basic ${Buffer.from(`us+there:${secretOfShop}`).toString('base64')}`;
      expect(headers.authorization).toBe(method === 'client_secret_basic' ? basic : undefined);
      expect(form['client_secret']).toBe(method === 'client_secret_post' ? secretOfShop : undefined);
      if (method !== 'private_key_jwt') return;
      const assertion = JSON.parse(Buffer.from(form['client_assertion']!.split('.')[1]!, 'base64url').toString());
      expect(assertion).toMatchObject({ iss: 'us there', sub: 'us there', aud: `${op.issuer}/token` });
      expect(assertion.exp - assertion.iat).toBe(300);
    });

    it('waits for the token service, and takes the same answer when it is back', async () => {
      const up = await flow.trust({ token_endpoint_auth_method: 'private_key_jwt' });
      const browser = world.browser();
      const asked = await flow.begin(browser, up);
      const fields = { code: op.codeFor(await op.idToken(asked)), state: asked.get('state') ?? '' };
      world.tokens.isAway = true;
      const page = await flow.answer(browser, up, fields);
      expect(page.status).toBe(503);
      expect(page.headers.get('retry-after')).toBe('2');
      world.tokens.isAway = false;
      expect(answerOf(await flow.answer(browser, up, fields))).toHaveProperty('code');
    });

    it('tells nobody a secret that does not open: one sealed for another track', async () => {
      const up = await flow.trust({ client_secret: sealed(secretOfShop, 'other') });
      const before = op.redeemed.length;
      expect(answerOf(await flow.signIn(up))).toMatchObject({ error: 'server_error' });
      expect(op.redeemed).toHaveLength(before);
    });
  });

  describe('keys', () => {
    it('are read anew at once when a token names an unknown one', async () => {
      const up = await flow.trust();
      expect(answerOf(await flow.signIn(up))).toHaveProperty('code');
      op.keys = [await generateSigningKey('ES256')];
      expect(answerOf(await flow.signIn(up))).toHaveProperty('code');
    });

    it('are not read for every token that names an unknown one', async () => {
      const up = await flow.trust();
      await flow.signIn(up);
      const stranger = await generateSigningKey('ES256');
      const before = op.asked.filter((path) => path === '/keys').length;
      for (let time = 0; time < 3; time += 1) {
        const browser = world.browser();
        const asked = await flow.begin(browser, up);
        const code = op.codeFor(await op.idToken(asked, {}, { key: stranger }));
        expect(answerOf(await flow.answer(browser, up, { code, state: asked.get('state') ?? '' }))).toMatchObject({
          error: 'server_error',
        });
      }
      expect(op.asked.filter((path) => path === '/keys').length - before).toBe(1);
    });
  });
});

import { generateSigningKey } from '@corsac/jwt';
import { describeWith } from '@corsac/testing/backing';
import type { TestBrowser } from '../../fixtures/oidc-up-party/browser.js';
import { FakeProvider, type Script } from '../../fixtures/oidc-up-party/fake-provider.js';
import { Flow } from '../../fixtures/oidc-up-party/flow.js';
import { answerOf, sealed, secretOfShop, World } from '../../fixtures/oidc-up-party/world.js';

/** Longer than anything that is read of a provider. */
const tenMegabytes = `{"filler":"${'x'.repeat(10 * 1024 * 1024)}"}`;
/** An address that no rule allows, although the provider itself is on this machine. */
const privateAddress = 'http://10.0.0.1/keys';

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
  });

  const invalidToken = (up: string) => ({
    error: 'server_error',
    error_description: `${up}|the ID token of the identity provider is not valid`,
    state: 'state-of-shop',
  });

  describe('an ID token from the token endpoint, OIDC Core 3.1.3.7', () => {
    const now = (): number => Math.floor(Date.now() / 1000);
    it.each<[string, () => Record<string, unknown>]>([
      ['of another issuer', () => ({ iss: 'https://other.example' })],
      ['of its issuer with a slash more', () => ({ iss: `${op.issuer}/` })],
      ['for somebody else', () => ({ aud: 'somebody' })],
      ['for several without azp', () => ({ aud: ['somebody', '*'] })],
      ['for another authorised party', () => ({ azp: 'somebody' })],
      ['with another nonce', () => ({ nonce: 'another' })],
      ['without nonce', () => ({ nonce: undefined })],
      ['that is expired', () => ({ exp: now() - 120 })],
      ['without exp', () => ({ exp: undefined })],
      ['without iat', () => ({ iat: undefined })],
      ['without sub', () => ({ sub: undefined })],
      ['with an empty sub', () => ({ sub: '' })],
      ['with a sub of megabytes', () => ({ sub: 'x'.repeat(100_000) })],
      ['with a sub that is no text', () => ({ sub: { id: 1 } })],
      ['for another access token', () => ({ at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' })],
    ])('%s signs nobody in', async (_title, claims) => {
      const up = await flow.trust();
      const before = world.sessions.kept.length;
      expect(answerOf(await flow.signIn(up, claims()))).toMatchObject(invalidToken(up));
      expect(world.sessions.kept).toHaveLength(before);
    });

    const forged: [string, (id_token: string) => string | Promise<string>][] = [
      ['without signature (none)', (token) => op.forge(token, { alg: 'none' })],
      ['without signature, in odd case', (token) => op.forge(token, { alg: 'nOnE' })],
      ['signed with our own secret (HS256)', (token) => op.forge(token, { alg: 'HS256' }, secretOfShop)],
      [
        'signed with the public key as a secret',
        (token) => op.forge(token, { alg: 'HS256', kid: op.keys[0]?.kid }, JSON.stringify(op.keys[0]?.kid)),
      ],
      [
        'whose content was changed',
        (token) => token.replace(/\.[^.]*\./, `.${Buffer.from('{"sub":"eve"}').toString('base64url')}.`),
      ],
      ['with a key in its header', (token) => op.forge(token, { alg: 'ES256', jwk: { kty: 'EC' } }, 'x')],
      ['that is no token', () => 'nonsense'],
      ['that is encrypted', () => 'a.b.c.d.e'],
    ];
    it.each(forged)('%s signs nobody in', async (_title, forge) => {
      const up = await flow.trust();
      const browser = world.browser();
      const asked = await flow.begin(browser, up);
      const id_token = await forge(await op.idToken(asked));
      expect(answerOf(await flow.redeem(browser, up, { asked, id_token }))).toMatchObject(invalidToken(up));
    });

    it('of a key that is not the provider’s signs nobody in, also where it names none', async () => {
      const up = await flow.trust();
      const browser = world.browser();
      const asked = await flow.begin(browser, up);
      const stranger = { ...(await generateSigningKey('ES256')), kid: op.keys[0]?.kid ?? '' };
      const id_token = await op.idToken(asked, {}, { key: stranger });
      expect(answerOf(await flow.redeem(browser, up, { asked, id_token }))).toMatchObject(invalidToken(up));
    });

    it('of an algorithm that the provider does not name signs nobody in', async () => {
      op.metadata = { id_token_signing_alg_values_supported: ['RS256'] };
      const up = await flow.trust();
      expect(answerOf(await flow.signIn(up))).toMatchObject(invalidToken(up));
    });

    it('must be fresh enough for max_age', async () => {
      const up = await flow.trust();
      const more = { max_age: '60' };
      expect(answerOf(await flow.signIn(up, {}, { more }))).toMatchObject(invalidToken(up));
      expect(answerOf(await flow.signIn(up, { auth_time: now() - 600 }, { more }))).toMatchObject(invalidToken(up));
      expect(answerOf(await flow.signIn(up, { auth_time: now() - 10 }, { more }))).toHaveProperty('code');
    });
  });

  describe('an answer through the browser, OIDC Core 3.2.2.11 and 3.3.2.12', () => {
    const post = async (
      response_type: string,
      answer: (asked: URLSearchParams) => Promise<Record<string, string>>,
      more: object = {},
    ): Promise<Record<string, string>> => {
      const up = await flow.trust({ response_type, response_mode: 'form_post', ...more });
      const browser = world.browser();
      const asked = await flow.begin(browser, up);
      return answerOf(await flow.post(browser, up, { ...(await answer(asked)), state: asked.get('state') ?? '' }));
    };

    it('has an ID token alone', async () => {
      expect(await post('id_token', async (asked) => ({ id_token: await op.idToken(asked) }))).toHaveProperty('code');
    });

    it('has an ID token bound to the access token beside it', async () => {
      const access_token = 'beside';
      const good = async (asked: URLSearchParams) => ({
        access_token,
        token_type: 'Bearer',
        id_token: await op.idToken(asked, {}, { front: { access_token } }),
      });
      expect(await post('id_token token', good, { claims: ['access_token'] })).toHaveProperty('code');
      expect(world.tokens.latest.claims['access_token']).toMatch(/^op\d+\|beside$/);
      const unbound = async (asked: URLSearchParams) => ({ access_token, id_token: await op.idToken(asked) });
      expect(await post('id_token token', unbound)).toMatchObject({ error: 'server_error' });
    });

    it('has an ID token bound to the code beside it, and another of the same user for the code', async () => {
      const hybrid = (other: Record<string, unknown>, bind: boolean) => async (asked: URLSearchParams) => {
        const code = op.codeFor(await op.idToken(asked, other));
        return { code, id_token: await op.idToken(asked, {}, bind ? { front: { code } } : {}) };
      };
      expect(await post('code id_token', hybrid({}, true))).toHaveProperty('code');
      expect(await post('code id_token', hybrid({}, false))).toMatchObject({ error: 'server_error' });
      expect(await post('code id_token', hybrid({ sub: 'eve' }, true))).toMatchObject({ error: 'server_error' });
    });

    it('is refused when it lacks what was asked, or says something twice', async () => {
      expect(await post('code id_token', async () => ({ code: 'x' }))).toMatchObject({ error: 'server_error' });
      const up = await flow.trust();
      const browser = world.browser();
      const state = (await flow.begin(browser, up)).get('state') ?? '';
      const page = await browser.go(`${flow.redirectOf(up)}?code=a&code=b&state=${state}`, { from: flow.from });
      expect(answerOf(page)).toMatchObject({ error: 'server_error' });
    });
  });

  describe('mix-up of two providers, RFC 9207', () => {
    it('an answer that names another issuer is refused and no code is sent anywhere', async () => {
      const up = await flow.trust();
      const browser = world.browser();
      const asked = await flow.begin(browser, up);
      const before = op.redeemed.length;
      const fields = { code: op.codeFor('x'), state: asked.get('state') ?? '', iss: 'https://attacker.example' };
      expect(answerOf(await flow.answer(browser, up, fields))).toMatchObject({ error: 'server_error' });
      expect(op.redeemed).toHaveLength(before);
    });

    it('an answer without iss is refused when the provider always sends it, an error too', async () => {
      op.metadata = { authorization_response_iss_parameter_supported: true };
      const up = await flow.trust();
      expect(answerOf(await flow.signIn(up))).toMatchObject({ error: 'server_error' });
      const browser = world.browser();
      const asked = await flow.begin(browser, up);
      const state = asked.get('state') ?? '';
      expect(answerOf(await flow.answer(browser, up, { error: 'access_denied', state }))).toMatchObject({
        error: 'server_error',
      });
      const other = world.browser();
      const request = await flow.begin(other, up);
      const code = op.codeFor(await op.idToken(request));
      const named = { code, state: request.get('state') ?? '', iss: op.issuer };
      expect(answerOf(await flow.answer(other, up, named))).toHaveProperty('code');
    });

    it('a code is not shown to a provider that took the asked one’s place meanwhile', async () => {
      const up = await flow.trust();
      const browser = world.browser();
      const asked = await flow.begin(browser, up);
      const other = await new FakeProvider().start();
      try {
        const taken = { type: 'oidc', name: up, authority: other.issuer, client_secret: sealed(secretOfShop) };
        await world.trust({ ...taken, response_mode: 'query' });
        const page = await flow.redeem(browser, up, { asked, id_token: await op.idToken(asked) });
        expect(answerOf(page)).toMatchObject({ error: 'server_error' });
        expect(other.redeemed).toHaveLength(0);
      } finally {
        await other.stop();
      }
    });
  });

  describe('a provider that lies about itself', () => {
    const scripts: [string, string, Script][] = [
      [
        'names another issuer',
        'server_error',
        { metadata: (honest) => ({ json: { ...(honest as object), issuer: 'https://other.example' } }) },
      ],
      ['sends ten megabytes of metadata', 'server_error', { metadata: () => ({ raw: tenMegabytes }) }],
      ['sends ten megabytes of keys', 'server_error', { jwks: () => ({ raw: tenMegabytes }) }],
      ['sends metadata that is no JSON', 'server_error', { metadata: () => ({ raw: '<html>' }) }],
      ['sends metadata that is a list', 'server_error', { metadata: () => ({ json: [] }) }],
      [
        'has a script for an address',
        'server_error',
        { metadata: (honest) => ({ json: { ...(honest as object), authorization_endpoint: 'javascript:alert(1)' } }) },
      ],
      ['has no keys', 'server_error', { jwks: () => ({ json: { keys: [] } }) }],
      [
        'leads its metadata to a private address',
        'server_error',
        { metadata: () => ({ status: 302, location: privateAddress }) },
      ],
      [
        'has its keys at a private address',
        'server_error',
        { metadata: (honest) => ({ json: { ...(honest as object), jwks_uri: privateAddress } }) },
      ],
      [
        'leads in circles',
        'server_error',
        { metadata: () => ({ status: 302, location: '/.well-known/openid-configuration' }) },
      ],
      ['is broken', 'temporarily_unavailable', { metadata: () => ({ status: 503, json: {} }) }],
      ['says nothing', 'temporarily_unavailable', { metadata: () => ({ silent: true }) }],
      ['says nothing about its keys', 'temporarily_unavailable', { jwks: () => ({ silent: true }) }],
    ];
    it.each(scripts)('and %s is an error to the application: %s', async (_title, error, script) => {
      const up = await flow.trust();
      op.script = script;
      const page = await world.browser().go(world.authorizeUrl(up));
      expect(answerOf(page)).toMatchObject({ error, state: 'state-of-shop' });
      expect(answerOf(page)['error_description']).toMatch(new RegExp(`^${up}\\|the identity provider`));
    });

    it('is tried again a little later, not for every request', async () => {
      const up = await flow.trust();
      op.script = { metadata: () => ({ status: 500, json: {} }) };
      const before = op.asked.length;
      for (let time = 0; time < 3; time += 1) await world.browser().go(world.authorizeUrl(up));
      expect(op.asked.length - before).toBe(1);
    });

    const refused = 'the identity provider';
    const tokenScripts: [string, string, Script][] = [
      ['sends ten megabytes of tokens', 'server_error', { token: () => ({ raw: tenMegabytes }) }],
      ['sends tokens that are no JSON', 'server_error', { token: () => ({ raw: 'access_token=x' }) }],
      ['sends no ID token', 'server_error', { token: () => ({ json: { access_token: 'x', token_type: 'Bearer' } }) }],
      ['sends the tokens as an error', 'server_error', { token: (honest) => ({ status: 400, json: honest }) }],
      ['leads the code elsewhere', 'server_error', { token: () => ({ status: 307, location: privateAddress }) }],
      ['breaks down over the code', 'temporarily_unavailable', { token: () => ({ status: 500, json: {} }) }],
      ['never answers for the code', 'temporarily_unavailable', { token: () => ({ silent: true }) }],
    ];
    it.each(tokenScripts)('and %s is an error to the application: %s', async (_title, error, script) => {
      const up = await flow.trust();
      op.script = script;
      const answer = answerOf(await flow.signIn(up));
      expect(answer).toMatchObject({ error, state: 'state-of-shop' });
      expect(answer['error_description']).toContain(`${up}|${refused}`);
    });
  });

  describe('claims of UserInfo, OIDC Core 5.3.2', () => {
    const trust = (more: object = {}) => flow.trust({ claims_source: 'userinfo', ...more });

    it('count instead of the ID token’s, for the same subject', async () => {
      op.userInfo = { email: 'ada@example.com', address: { country: 'DK' }, nothing: null };
      const up = await trust();
      expect(answerOf(await flow.signIn(up, { role: 'from the token', acr: 'high' }))).toHaveProperty('code');
      expect(world.tokens.latest.claims).toMatchObject({
        email: 'ada@example.com',
        address: { country: 'DK' },
        acr: 'high',
      });
      expect(world.tokens.latest.claims).not.toHaveProperty('role');
      expect(world.tokens.latest.claims).not.toHaveProperty('nothing');
    });

    const scripts: [string, string, Script][] = [
      [
        'are of another subject',
        'server_error',
        { userinfo: (honest) => ({ json: { ...(honest as object), sub: 'eve' } }) },
      ],
      ['are of no subject', 'server_error', { userinfo: () => ({ json: { email: 'eve@example.com' } }) }],
      ['are a list', 'server_error', { userinfo: () => ({ json: [{ sub: 'ada' }] }) }],
      ['are ten megabytes', 'server_error', { userinfo: () => ({ raw: tenMegabytes }) }],
      ['lead elsewhere', 'server_error', { userinfo: () => ({ status: 302, location: privateAddress }) }],
      ['are refused', 'server_error', { userinfo: () => ({ status: 401, json: {} }) }],
      ['are not to be had', 'temporarily_unavailable', { userinfo: () => ({ status: 502, json: {} }) }],
      ['never come', 'temporarily_unavailable', { userinfo: () => ({ silent: true }) }],
    ];
    it.each(scripts)('that %s sign nobody in: %s', async (_title, error, script) => {
      op.script = script;
      expect(answerOf(await flow.signIn(await trust()))).toMatchObject({ error });
    });

    it('need an access token', async () => {
      op.access_token = undefined;
      expect(answerOf(await flow.signIn(await trust()))).toMatchObject({ error: 'server_error' });
    });
  });

  describe('claims over the limits', () => {
    const many = Object.fromEntries(Array.from({ length: 501 }, (_, index) => [`claim${index}`, 'x']));
    const deep = (depth: number): unknown => (depth === 0 ? 'x' : [deep(depth - 1)]);
    it.each<[string, Record<string, unknown>]>([
      ['too many', many],
      ['too large together', { one: 'x'.repeat(120_000), other: 'x'.repeat(120_000) }],
      ['too long a name', { ['x'.repeat(101)]: 'x' }],
      ['too many values', { roles: Array.from({ length: 1_001 }, () => 'x') }],
      ['nested too deeply', { deep: deep(40) }],
    ])('%s: the sign-in ends with an error', async (_title, claims) => {
      op.userInfo = claims;
      const up = await flow.trust({ claims_source: 'userinfo' });
      expect(answerOf(await flow.signIn(up))).toMatchObject({
        error: 'server_error',
        error_description: `${up}|the claims of the identity provider are too large`,
      });
    });

    it('cannot reach a prototype', async () => {
      op.script = { userinfo: () => ({ raw: '{"sub":"ada","__proto__":{"admin":true},"email":"ada@example.com"}' }) };
      const up = await flow.trust({ claims_source: 'userinfo' });
      expect(answerOf(await flow.signIn(up))).toHaveProperty('code');
      expect(world.tokens.latest.claims['email']).toBe('ada@example.com');
      expect(({} as { admin?: boolean }).admin).toBeUndefined();
      expect((world.tokens.latest.claims as { admin?: boolean }).admin).toBeUndefined();
    });
  });

  it('the address that providers answer to is no use to those who only guess', async () => {
    const browsers: TestBrowser[] = [world.browser(), world.browser()];
    const up = await flow.trust();
    for (const text of [
      '%',
      '%ff',
      'state=%00',
      `state=${'a'.repeat(5_000)}`,
      'state[]=x',
      'bounced=x',
      `bounced=${'a'.repeat(32)}.${'b'.repeat(24)}`,
    ])
      for (const browser of browsers) {
        const page = await browser.go(`${flow.redirectOf(up)}?${text}`);
        expect(page.status).toBeGreaterThanOrEqual(400);
        expect(page.status).toBeLessThan(500);
      }
    const json = await world.rig.fetch(`/acme/-/(${up})/oauth/authorizationresponse`, {
      method: 'POST',
      body: '{"state":"x"}',
      headers: { 'content-type': 'application/json' },
    });
    expect(json.status).toBe(415);
  });
});

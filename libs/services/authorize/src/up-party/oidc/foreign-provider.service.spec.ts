import { describeWith } from '@corsac/testing/backing';
import type { ClientMetadata } from 'oidc-provider';
import type { Page, TestBrowser } from '../../fixtures/oidc-up-party/browser.js';
import { ForeignProvider } from '../../fixtures/oidc-up-party/foreign-provider.js';
import { answerOf, base, sealed, secretOfShop, World } from '../../fixtures/oidc-up-party/world.js';

const methods = ['client_secret_post', 'client_secret_basic', 'private_key_jwt', 'none'] as const;

/** Names of the up-parties, one per way of proving ourselves, are their client ids there. */
const nameOf = (method: string): string => method.replace(/_/g, '-');

/** The track's public keys, which the token service shows. */
const keysOfTrack = `${base}/acme/-/.well-known/openid-configuration/keys`;

/** Somebody else's OpenID Provider, as it is: the npm package oidc-provider. */
describeWith('postgres', (databaseUrl) => {
  const world = new World();
  let op: ForeignProvider;

  beforeAll(async () => {
    await world.start(databaseUrl);
    const client = (method: (typeof methods)[number]): ClientMetadata => {
      const up = `${base}/acme/-/(${nameOf(method)})/oauth`;
      return {
        client_id: nameOf(method),
        token_endpoint_auth_method: method,
        redirect_uris: [`${up}/authorizationresponse`],
        post_logout_redirect_uris: [`${up}/endsessionresponse`],
        backchannel_logout_uri: `${up}/backchannellogout`,
        backchannel_logout_session_required: true,
        ...(method.startsWith('client_secret') && { client_secret: secretOfShop }),
        ...(method === 'private_key_jwt' && { jwks_uri: keysOfTrack }),
      };
    };
    op = await new ForeignProvider(methods.map(client), async (url, options) =>
      url === keysOfTrack
        ? new Response(JSON.stringify(await world.tokens.jwks()))
        : fetch(url.replace(base, world.rig.base), options),
    ).start();
    world.origins.add(op.issuer);
  }, 60_000);
  afterAll(async () => {
    await world.stop();
    await op.stop();
  });
  beforeEach(() => {
    op.visitor = { signs_in_as: 'ada' };
  });

  const trust = async (method: (typeof methods)[number], more: object = {}): Promise<string> => {
    const name = nameOf(method);
    await world.trust({
      type: 'oidc',
      name,
      authority: `${op.issuer}/`,
      token_endpoint_auth_method: method,
      scopes: ['profile', 'email'],
      ...(method.startsWith('client_secret') && { client_secret: sealed(secretOfShop) }),
      ...more,
    });
    return name;
  };
  const signIn = async (up: string, browser: TestBrowser, more: Record<string, string> = {}): Promise<Page> =>
    browser.through(await browser.go(world.authorizeUrl(up, more)));

  it.each(methods)('signs users in, proving us by %s, by form_post', async (method) => {
    const up = await trust(method);
    const browser = world.browser();
    expect(answerOf(await signIn(up, browser))).toMatchObject({ code: expect.any(String), state: 'state-of-shop' });
    expect(browser.asked.some((line) => line.startsWith('POST') && line.includes('/oauth/authorizationresponse'))).toBe(
      true,
    );
    expect(world.tokens.latest).toMatchObject({ sub: `${up}|ada`, up_party: up });
    expect(world.tokens.latest.claims).toMatchObject({
      name: 'Ada',
      email: 'ada@example.com',
      email_verified: true,
      groups: ['staff', 'admin'],
      auth_method_issuer: `${up}|${op.issuer}`,
    });
  });

  it('signs users in by query, with claims of UserInfo and the access token', async () => {
    const up = await trust('client_secret_basic', {
      response_mode: 'query',
      claims_source: 'userinfo',
      claims: ['email', 'access_token'],
    });
    expect(answerOf(await signIn(up, world.browser()))).toHaveProperty('code');
    const { claims } = world.tokens.latest;
    expect(claims).toMatchObject({
      email: 'ada@example.com',
      access_token: expect.stringMatching(new RegExp(`^${up}\\|.{20}`)),
    });
    expect(claims).not.toHaveProperty('groups');
  });

  it('passes prompt=none up and the answer down, with and without a session there', async () => {
    const up = await trust('none');
    const browser = world.browser();
    expect(answerOf(await signIn(up, browser, { prompt: 'none' }))).toMatchObject({ error: 'login_required' });
    await signIn(up, browser);
    world.sessions.kept.length = 0;
    expect(answerOf(await signIn(up, browser, { prompt: 'none' }))).toHaveProperty('code');
  });

  it('passes max_age up and sees that it was kept', async () => {
    const up = await trust('none');
    expect(answerOf(await signIn(up, world.browser(), { max_age: '100' }))).toHaveProperty('code');
    expect(world.tokens.latest.auth_time).toBeGreaterThan(Date.now() / 1000 - 60);
  });

  it('tells the application that the user refused', async () => {
    const up = await trust('none');
    op.visitor = { refuses: true };
    expect(answerOf(await signIn(up, world.browser()))).toMatchObject({
      error: 'access_denied',
      error_description: `${up}|the visitor does not want to`,
      state: 'state-of-shop',
    });
  });

  it('goes on when the provider takes another key into use without a word', async () => {
    const up = await trust('client_secret_post');
    expect(answerOf(await signIn(up, world.browser()))).toHaveProperty('code');
    op.rollKeys();
    expect(answerOf(await signIn(up, world.browser()))).toHaveProperty('code');
  });

  it('is answered with an error when the secret is not the one there', async () => {
    const up = await trust('client_secret_post', { client_secret: sealed('another secret') });
    expect(answerOf(await signIn(up, world.browser()))).toMatchObject({ error: 'server_error' });
  });

  it('logs out there too, and comes back', async () => {
    const up = await trust('none');
    const browser = world.browser();
    await signIn(up, browser);
    const { sid } = world.sessions.latest;
    const asked = await browser.go(`${base}/acme/-/shop/oauth/endsession?client_id=shop`);
    const there = await browser.submit(asked);
    expect(there.url).toContain(`${op.issuer}/session/end`);
    const back = await browser.submit(there, { logout: 'yes' });
    expect(back.url).toContain(`/acme/-/(${up})/oauth/endsessionresponse?state=`);
    expect(back.html).toContain(`https://shop.test/frontchannel?sid=${sid}`);
    world.sessions.kept.length = 0;
    expect(answerOf(await signIn(up, browser, { prompt: 'none' }))).toMatchObject({ error: 'login_required' });
  });

  it('ends the session here when the user logs out there: back-channel logout', async () => {
    const up = await trust('none');
    const browser = world.browser();
    await signIn(up, browser);
    const { sid, upstream } = world.sessions.latest;
    expect(upstream?.sid).toBeDefined();
    const there = await browser.go(`${op.issuer}/session/end`);
    await browser.submit(there, { logout: 'yes' });
    for (let tries = 0; tries < 100 && world.sessions.ended.every((one) => one.sid !== sid); tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(world.sessions.ended.find((one) => one.sid === sid)).toMatchObject({ cause: 'upstream' });
  });
});

import { randomBytes } from 'node:crypto';
import * as oauth from 'oauth4webapi';
import { Browser } from '../browser/browser.js';
import { shopOf } from '../journeys/sign-in.js';
import { ada } from '../party/relying-party.js';
import { untilUsersAreThere } from '../world/until-there.js';
import { embeddedWorld, type World } from '../world/world.js';
import { judgeAtApi, StrictClient } from './strict-client.js';

jest.setTimeout(30_000);

const redirect_uri = 'http://localhost:4419/callback';
const home = 'http://localhost:4419/';
const secret = randomBytes(24).toString('base64url');

const partiesWith = (jwk: object): string => `
tenant: acme
track: '-'
down_parties:
  - name: strict
    type: oidc
    allow_up_parties: [login]
    redirect_uris: [${redirect_uri}]
    post_logout_redirect_uris: [${home}]
    secrets: ['${secret}']
    grant_types: [authorization_code, refresh_token, 'urn:ietf:params:oauth:grant-type:token-exchange']
    resource_scopes:
      - resource: strict
      - resource: orders
        scopes: [read, write]
  - name: bound
    type: oidc
    allow_up_parties: [login]
    redirect_uris: [${redirect_uri}]
    token_endpoint_auth_method: none
    dpop_bound_access_tokens: true
    resource_scopes:
      - resource: bound
      - resource: orders
        scopes: [read]
  - name: keyed
    type: oidc
    allow_up_parties: [login]
    redirect_uris: [${redirect_uri}]
    token_endpoint_auth_method: private_key_jwt
    require_pushed_authorization_requests: true
    grant_types: [authorization_code, refresh_token, client_credentials]
    jwks: { keys: [${JSON.stringify(jwk)}] }
    resource_scopes:
      - resource: keyed
      - resource: orders
        scopes: [read]
  - name: tv
    type: oidc
    allow_up_parties: [login]
    token_endpoint_auth_method: none
    response_types: []
    require_pkce: false
    grant_types: ['urn:ietf:params:oauth:grant-type:device_code', refresh_token]
`;

const calling = (access_token: string, headers: Record<string, string> = {}): Request =>
  new Request('http://localhost:4412/orders', { headers: { authorization: `Bearer ${access_token}`, ...headers } });

describe('oauth4webapi with its defaults', () => {
  let world: World;
  let keys: Awaited<ReturnType<typeof oauth.generateKeyPair>>;

  beforeAll(async () => {
    keys = await oauth.generateKeyPair('ES256', { extractable: true });
    const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', keys.publicKey);
    world = await embeddedWorld({}, partiesWith({ kty, crv, x, y, kid: 'k1', alg: 'ES256', use: 'sig' }));
    await untilUsersAreThere(world, await shopOf(world));
  }, 120_000);
  afterAll(() => world?.stop());

  const newBrowser = (): Browser => new Browser(world.base);
  const strict = (address = 'strict(login)') => StrictClient.discover(world, address, oauth.ClientSecretBasic(secret));
  const keyed = () =>
    StrictClient.discover(world, 'keyed(login)', oauth.PrivateKeyJwt({ key: keys.privateKey, kid: 'k1' }));
  const orders = () => StrictClient.discover(world, 'orders', oauth.ClientSecretBasic(world.secrets['ORDERS'] ?? ''));

  it('signs in, gets the claims and the user info', async () => {
    const client = await strict();
    const { tokens, claims } = await client.signIn(newBrowser(), redirect_uri);
    expect(claims).toMatchObject({ iss: `${world.base}/acme/-/strict(login)`, email: ada.username });
    expect(await client.userInfo(tokens.access_token, claims.sub)).toMatchObject({
      sub: claims.sub,
      name: 'Ada Lovelace',
    });
  });

  it('refreshes, and is refused the token that it used', async () => {
    const client = await strict();
    const { tokens, claims } = await client.signIn(newBrowser(), redirect_uri, {
      parameters: { scope: 'openid offline_access' },
    });
    const next = await client.refresh(tokens.refresh_token!);
    expect((await client.userInfo(next.access_token, claims.sub)).sub).toBe(claims.sub);
    await expect(client.refresh(tokens.refresh_token!)).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('finds what comes back by the wrong issuer, and an error of the request', async () => {
    const client = await strict();
    const other = await strict('strict');
    const refused = await newBrowser().open(
      `${client.as.authorization_endpoint}?${new URLSearchParams({
        client_id: 'strict',
        redirect_uri,
        response_type: 'code',
        scope: 'openid',
        state: 's',
        code_challenge: 'c'.repeat(43),
        code_challenge_method: 'S256',
        prompt: 'none',
      }).toString()}`,
    );
    const answer = new URL(refused.url);
    expect(() => oauth.validateAuthResponse(client.as, client.client, answer, 's')).toThrow(
      expect.objectContaining({ error: 'login_required' }),
    );
    expect(() => oauth.validateAuthResponse(other.as, other.client, answer, 's')).toThrow(/iss/);
  });

  it('gets tokens for an API, which takes them by RFC 9068', async () => {
    const client = await strict();
    const { tokens, claims } = await client.signIn(newBrowser(), redirect_uri, {
      parameters: { scope: 'openid orders.read', resource: 'orders' },
    });
    const judged = await judgeAtApi(world, calling(tokens.access_token), 'orders');
    expect(judged).toMatchObject({
      client_id: 'strict',
      sub: claims.sub,
      scope: expect.stringContaining('orders.read'),
    });
    await expect(judgeAtApi(world, calling(tokens.access_token), 'billing')).rejects.toThrow(/aud/);
  });

  it('gets tokens by client credentials, with a secret and with a key', async () => {
    const worker = await StrictClient.discover(
      world,
      'orders-worker',
      oauth.ClientSecretPost(world.secrets['WORKER'] ?? ''),
    );
    for (const client of [worker, await keyed()]) {
      const { access_token } = await client.clientCredentials({ scope: 'orders.read' });
      const judged = await judgeAtApi(world, calling(access_token), 'orders');
      expect(judged).toMatchObject({ client_id: client.client.client_id, scope: 'orders.read' });
    }
  });

  it('pushes its request, as the client with a key must', async () => {
    const client = await keyed();
    const { claims } = await client.signIn(newBrowser(), redirect_uri, { pushed: true });
    expect(claims.aud).toBe('keyed');
    await expect(client.signIn(newBrowser(), redirect_uri)).rejects.toMatchObject({ error: 'invalid_request' });
  });

  it('gets tokens that are bound to its key, of no use without it', async () => {
    const client = await StrictClient.discover(world, 'bound(login)');
    const pair = await oauth.generateKeyPair('ES256');
    const DPoP = oauth.DPoP(client.client, pair);
    const { tokens, claims } = await client.signIn(newBrowser(), redirect_uri, {
      DPoP,
      parameters: { scope: 'openid offline_access', dpop_jkt: await DPoP.calculateThumbprint() },
    });
    expect(tokens.token_type).toBe('dpop');
    expect((await client.userInfo(tokens.access_token, claims.sub, { DPoP })).sub).toBe(claims.sub);
    await expect(client.userInfo(tokens.access_token, claims.sub)).rejects.toMatchObject({ status: 401 });
    const next = await client.refresh(tokens.refresh_token!, { DPoP });
    expect(next.token_type).toBe('dpop');
    const thief = oauth.DPoP(client.client, await oauth.generateKeyPair('ES256'));
    await expect(client.refresh(next.refresh_token!, { DPoP: thief })).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });

  it('shows its bound token to an API with a proof', async () => {
    const client = await StrictClient.discover(world, 'bound(login)');
    const DPoP = oauth.DPoP(client.client, await oauth.generateKeyPair('ES256'));
    const { tokens } = await client.signIn(newBrowser(), redirect_uri, {
      DPoP,
      parameters: { scope: 'openid orders.read', resource: 'orders' },
    });
    const seen: Request[] = [];
    await oauth.protectedResourceRequest(
      tokens.access_token,
      'GET',
      new URL('http://localhost:4412/orders'),
      undefined,
      undefined,
      {
        DPoP,
        [oauth.allowInsecureRequests]: true,
        [oauth.customFetch]: async (url, { headers, method }) => {
          seen.push(new Request(url, { headers, method }));
          return new Response();
        },
      },
    );
    const judged = await judgeAtApi(world, seen[0]!, 'orders', { requireDPoP: true });
    expect(judged.cnf?.jkt).toBe(await DPoP.calculateThumbprint());
  });

  it('exchanges the token of its caller for one of the next API', async () => {
    const client = await strict();
    const { tokens, claims } = await client.signIn(newBrowser(), redirect_uri, {
      parameters: { scope: 'openid orders.read', resource: 'orders' },
    });
    const exchanged = await (await orders()).exchange(tokens.access_token, { scope: 'billing.read' });
    expect(exchanged['issued_token_type']).toBe('urn:ietf:params:oauth:token-type:access_token');
    const judged = await judgeAtApi(world, calling(exchanged.access_token), 'billing');
    expect(judged).toMatchObject({ sub: claims.sub, client_id: 'orders', act: { sub: 'c_orders' } });
  });

  it('introspects and revokes', async () => {
    const client = await strict();
    const { tokens, claims } = await client.signIn(newBrowser(), redirect_uri, {
      parameters: { scope: 'openid offline_access orders.read', resource: 'orders' },
    });
    expect(await (await orders()).introspect(tokens.access_token)).toMatchObject({ active: true, sub: claims.sub });
    expect(await client.introspect(tokens.refresh_token!)).toMatchObject({ active: true, client_id: 'strict' });
    await client.revoke(tokens.refresh_token!);
    expect(await client.introspect(tokens.refresh_token!)).toEqual({ active: false });
    expect(await (await orders()).introspect(tokens.access_token)).toEqual({ active: false });
    await expect(client.refresh(tokens.refresh_token!)).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('signs in a user on a device, by the pages', async () => {
    const client = await StrictClient.discover(world, 'tv(login)');
    const begun = await client.beginDevice({ scope: 'openid email offline_access' });
    await expect(client.pollDevice(begun.device_code)).rejects.toMatchObject({ error: 'authorization_pending' });
    const browser = newBrowser();
    const typed = await browser.open(begun.verification_uri);
    const username = await browser.submit(typed, { user_code: begun.user_code });
    const password = await browser.submit(username, { username: ada.username });
    const consent = await browser.submit(password, { password: ada.password });
    const done = await browser.submit(consent);
    expect(done.status).toBe(200);
    expect(done.forms).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, (begun.interval ?? 5) * 1000));
    const tokens = await client.pollDevice(begun.device_code);
    const claims = oauth.getValidatedIdTokenClaims(tokens);
    expect(claims).toMatchObject({ email: ada.username, aud: 'tv' });
    expect((await client.userInfo(tokens.access_token, claims!.sub)).email).toBe(ada.username);
    expect((await client.refresh(tokens.refresh_token!)).access_token).toMatch(/^ey/);
  });

  it('hears that the user did not allow a device', async () => {
    const client = await StrictClient.discover(world, 'tv(login)');
    const begun = await client.beginDevice({ scope: 'openid' });
    const browser = newBrowser();
    await (await strict()).signIn(browser, redirect_uri);
    const shown = await browser.open(begun.verification_uri_complete!);
    const consent = await browser.submit(shown);
    await browser.submit(consent, {}, 'consent_deny');
    await expect(client.pollDevice(begun.device_code)).rejects.toMatchObject({ error: 'access_denied' });
  });

  it('signs out, and comes back with its state', async () => {
    const client = await strict();
    const browser = newBrowser();
    const { tokens } = await client.signIn(browser, redirect_uri);
    const back = await browser.open(
      client.endSessionUrl({ id_token_hint: tokens.id_token!, post_logout_redirect_uri: home, state: 'x' }),
    );
    expect(back.url).toBe(`${home}?state=x`);
    await expect(client.signIn(browser, redirect_uri, { parameters: { prompt: 'none' } })).rejects.toMatchObject({
      error: 'login_required',
    });
  });
});

import { describeWith } from '@corsac/testing/backing';
import { decodeJwt } from 'jose';
import { Browser } from '../browser/browser.js';
import { RelyingParty, signInOnPages } from '../party/relying-party.js';
import { askForToken } from '../exchange/exchange-request.js';
import { complaintsAbout } from '../security/judge.js';
import { bytesOf, sendRaw, type RawRequest } from '../security/raw-http.js';
import { untilUsersAreThere } from '../world/until-there.js';
import { distributedWorld, embeddedWorld, type OwnWorld } from '../world/world.js';
import { shopOf } from './sign-in.js';

jest.setTimeout(30_000);

const userOf = (name: string) => ({ username: `${name}@example.com`, password: 'Corsac-demo-1' });

/** Control as the application that it is: a client of the tenant's `master` track that nobody has written. */
const controlOf = (world: OwnWorld): Promise<RelyingParty> =>
  RelyingParty.discover(world, {
    client_id: 'corsac_control',
    tenant: 'acme',
    track: 'master',
    redirect_uri: `${world.base}/control/callback`,
    scope: 'openid corsac_control_api.corsac:tenant',
  });

const signIn = async (world: OwnWorld, name: string, scope?: string) => {
  const control = await controlOf(world);
  const browser = new Browser(world.base);
  const begun = await control.begin(scope === undefined ? {} : { scope });
  const callback = await signInOnPages(browser, await browser.open(begun.url), userOf(name));
  const tokens = await control.redeem(callback.url, begun);
  return { control, browser, tokens, token: tokens.access_token };
};

interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

interface Sent {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const call = async (
  { base }: Pick<OwnWorld, 'base'>,
  token: string | undefined,
  path: string,
  { method = 'GET', body, headers = {} }: Sent = {},
): Promise<Answered> => {
  const answer = await fetch(`${base}/api/${path}`, {
    method,
    headers: {
      ...headers,
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text === '' ? {} : JSON.parse(text) };
};

const tracksIn = ({ body }: Answered): string[] =>
  (body['tracks'] as { items: { name: string }[] }).items.map(({ name }) => name).sort();

/** What administrators and their programs do, with tokens that they got as anybody would. */
const controlApiJourneys = (of: () => OwnWorld): void => {
  describe('an administrator', () => {
    it('signs in at Control, which nobody has configured, and sees the tenant with all its tracks', async () => {
      const { token, tokens } = await signIn(of(), 'admin');
      expect(decodeJwt(token)).toMatchObject({
        iss: `${of().base}/acme/master`,
        aud: 'corsac_control_api',
        client_id: 'corsac_control',
        scope: 'openid corsac_control_api.corsac:tenant',
        role: ['corsac:tenant'],
        name: 'Demo administrator',
      });
      expect(tokens.claims()).toMatchObject({ aud: 'corsac_control', email: 'admin@example.com' });
      const tenant = await call(of(), token, 'acme');
      expect(tenant).toMatchObject({ status: 200, body: { name: 'acme', display_name: 'Acme' } });
      expect(tracksIn(tenant)).toEqual(['-', 'legacy', 'master', 'partner']);
    });

    it('may ask for the scope in its other spelling, and for less than everything', async () => {
      const alias = await signIn(of(), 'admin', 'openid corsac_control_api:corsac:tenant:track.read');
      expect(decodeJwt(alias.token)['scope']).toBe('openid corsac_control_api:corsac:tenant:track.read');
      expect(tracksIn(await call(of(), alias.token, 'acme'))).toEqual(['-', 'legacy', 'partner']);
      expect(await call(of(), alias.token, 'acme/-/up_parties/login')).toMatchObject({ status: 200 });
      expect(await call(of(), alias.token, 'acme/master/up_parties/login')).toMatchObject({ status: 403 });
      const rename = { method: 'PUT', body: { type: 'login', title: 'No' } };
      expect(await call(of(), alias.token, 'acme/-/up_parties/login', rename)).toMatchObject({ status: 403 });
    });

    it('changes an up-party as they have seen it, which people see at once, and the audit log tells it', async () => {
      const { token } = await signIn(of(), 'admin');
      const path = 'acme/-/up_parties/login';
      const seen = await call(of(), token, path);
      const etag = seen.headers.get('etag') ?? '';
      expect(seen).toMatchObject({ status: 200, body: { name: 'login', title: 'Acme' } });
      const put = (title: string, match: string): Promise<Answered> =>
        call(of(), token, path, { method: 'PUT', body: { ...seen.body, title }, headers: { 'if-match': match } });
      const changed = await put('Acme for everybody', etag);
      expect(changed).toMatchObject({ status: 200, body: { title: 'Acme for everybody' } });
      // Somebody else who has seen it before does not undo it unknowingly.
      expect(await put('Another', etag)).toMatchObject({ status: 412 });
      const pageOfShop = async (): Promise<string> =>
        (await new Browser(of().base).open((await (await shopOf(of())).begin()).url)).html;
      for (let tries = 0; !(await pageOfShop()).includes('Acme for everybody'); tries += 1) {
        if (tries === 50) throw new Error('the page does not show the new title');
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      expect(await put('Acme', changed.headers.get('etag') ?? '')).toMatchObject({ status: 200, body: seen.body });
      const audit = await call(of(), token, 'acme/-/audit?limit=3');
      const actor = { client_id: 'corsac_control', name: 'Demo administrator' };
      const change = (before: string, after: string) => ({
        operation: 'putUpParty',
        outcome: 'done',
        actor,
        changes: [{ target: 'up-party login', kind: 'updated', fields: [{ field: 'title', before, after }] }],
      });
      expect(audit.body['items']).toMatchObject([
        change('Acme for everybody', 'Acme'),
        { outcome: 'refused', actor, changes: [] },
        change('Acme', 'Acme for everybody'),
      ]);
      expect(JSON.stringify(audit.body)).not.toContain(token);
    });

    it('loses the right with the session', async () => {
      const { control, browser, tokens, token } = await signIn(of(), 'admin');
      expect(await call(of(), token, 'acme')).toMatchObject({ status: 200 });
      const ending = control.endSessionUrl({ id_token_hint: tokens.id_token!, client_id: 'corsac_control' });
      await browser.open(ending);
      const refused = await call(of(), token, 'acme');
      expect(refused).toMatchObject({ status: 401, body: { detail: 'The session is over; sign in again.' } });
      expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer realm=".*", error="invalid_token"/);
    });
  });

  describe('an administrator who may only read', () => {
    it('sees everything that is no secret, and changes nothing', async () => {
      const { token } = await signIn(of(), 'reader');
      const tenant = await call(of(), token, 'acme');
      expect(tracksIn(tenant)).toEqual(['-', 'legacy', 'master', 'partner']);
      for (const path of ['acme/-', 'acme/-/up_parties', 'acme/-/down_parties/shop', 'acme/master/audit'])
        expect({ path, status: (await call(of(), token, path)).status }).toEqual({ path, status: 200 });
      const shop = await call(of(), token, 'acme/-/down_parties/shop');
      expect(JSON.stringify(shop.body)).not.toContain(of().secrets['SHOP']);
      expect(JSON.stringify(shop.body)).not.toMatch(/hash|fingerprint|\$argon2/);
      const login = { type: 'login', name: 'login', title: 'Mine' };
      const changes: [string, Sent][] = [
        ['acme/-/export', { method: 'GET' }],
        ['acme', { method: 'PUT', body: { name: 'acme' } }],
        ['acme/-', { method: 'PUT', body: { name: '-' } }],
        ['acme/new', { method: 'PUT', body: {} }],
        ['acme/-', { method: 'DELETE' }],
        ['acme/-/up_parties', { method: 'POST', body: { ...login, name: 'mine' } }],
        ['acme/-/up_parties/login', { method: 'PUT', body: login }],
        ['acme/-/up_parties/login', { method: 'DELETE' }],
        ['acme/-/down_parties/shop', { method: 'DELETE' }],
        ['acme/master/up_parties/login', { method: 'PUT', body: login }],
      ];
      for (const [path, sent] of changes) {
        const { status, headers } = await call(of(), token, path, sent);
        expect({ path, method: sent.method, status }).toEqual({ path, method: sent.method, status: 403 });
        expect(headers.get('content-type')).toContain('application/problem+json');
      }
      expect(await call(of(), token, 'acme/-/up_parties/login')).toMatchObject({ body: { title: 'Acme' } });
    });
  });

  describe('somebody without a right', () => {
    it('is no administrator for being a user of the track', async () => {
      const { token } = await signIn(of(), 'ada');
      for (const path of ['acme', 'acme/-', 'acme/-/up_parties/login'])
        expect(await call(of(), token, path)).toMatchObject({ status: 403 });
    });

    it('gets a challenge, whatever else they send', async () => {
      const bare = await call(of(), undefined, 'acme');
      expect(bare.status).toBe(401);
      expect(bare.headers.get('www-authenticate')).toBe(`Bearer realm="${of().base}/acme/master"`);
      const { token, tokens } = await signIn(of(), 'admin');
      const shop = await (await shopOf(of())).signIn(new Browser(of().base));
      const wrong: [string, string][] = [
        ['acme', 'nonsense'],
        ['acme', tokens.id_token!],
        ['acme', shop.tokens.access_token],
        ['acme', `${token.slice(0, -4)}AAAA`],
        ['master', token],
        ['master/master/tenants', token],
        ['nobody', token],
      ];
      for (const [path, one] of wrong) {
        const { status, headers } = await call(of(), one, path);
        expect({ path, status }).toEqual({ path, status: 401 });
        expect(headers.get('www-authenticate')).toMatch(/error="invalid_token"/);
      }
      expect(await call(of(), undefined, `acme?access_token=${token}`)).toMatchObject({ status: 401 });
    });

    it('is refused the scopes of Control at other applications', async () => {
      const begun = await (await shopOf(of())).begin({ scope: 'openid corsac_control_api.corsac:tenant' });
      const page = await new Browser(of().base).open(begun.url);
      expect(new URL(page.url).searchParams.get('error')).toBe('invalid_scope');
    });
  });

  describe('a program', () => {
    it('administers with client credentials, as far as the role goes that its client is given', async () => {
      const { token } = await signIn(of(), 'admin');
      const secret = 'a secret of the robot that is long enough';
      const robot = {
        name: 'robot',
        type: 'oauth2',
        grant_types: ['client_credentials'],
        secrets: [secret],
        resource_scopes: [{ resource: 'corsac_control_api', scopes: ['corsac:tenant:track'] }],
        claims: [{ claim: 'role', values: ['corsac:tenant:track[partner]:party'] }],
      };
      const made = await call(of(), token, 'acme/master/down_parties', { method: 'POST', body: robot });
      expect(made.status).toBe(201);
      const form = { grant_type: 'client_credentials', client_id: 'robot', client_secret: secret };
      let given = await askForToken(of(), 'acme/master/robot', form);
      for (let tries = 0; given.status !== 200 && tries < 50; tries += 1) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        given = await askForToken(of(), 'acme/master/robot', form);
      }
      const own = given.body.access_token!;
      expect(decodeJwt(own)).toMatchObject({
        sub: 'c_robot',
        aud: 'corsac_control_api',
        scope: 'corsac_control_api.corsac:tenant:track',
      });
      expect(tracksIn(await call(of(), own, 'acme'))).toEqual(['partner']);
      expect(await call(of(), own, 'acme/partner/up_parties/login')).toMatchObject({ status: 200 });
      for (const path of [
        'acme/partner',
        'acme/-/up_parties/login',
        'acme/master/up_parties/login',
        'acme/partner/audit',
      ])
        expect({ path, status: (await call(of(), own, path)).status }).toEqual({ path, status: 403 });
      expect(await call(of(), token, 'acme/master/down_parties/robot', { method: 'DELETE' })).toMatchObject({
        status: 204,
      });
    });

    it('without browser lets a person sign in by the device grant', async () => {
      const address = `${of().base}/acme/master/corsac_control(login)/oauth`;
      const client_id = 'corsac_control';
      const scope = 'corsac_control_api.corsac:tenant.read';
      const begun = (await (
        await fetch(`${address}/device_authorization`, {
          method: 'POST',
          body: new URLSearchParams({ client_id, scope }),
        })
      ).json()) as { device_code: string; user_code: string; verification_uri: string };
      const browser = new Browser(of().base);
      const asked = await browser.submit(await browser.open(begun.verification_uri), { user_code: begun.user_code });
      await browser.submit(await signInOnPages(browser, asked, userOf('reader')), {}, 'consent');
      const { body } = await askForToken(of(), 'acme/master/corsac_control(login)', {
        grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
        device_code: begun.device_code,
        client_id,
      });
      expect(await call(of(), body.access_token, 'acme/-')).toMatchObject({ status: 200, body: { name: '-' } });
    });
  });

  it('describes itself to anybody', async () => {
    const description = await call(of(), undefined, 'openapi.json');
    expect(description).toMatchObject({ status: 200, body: { openapi: '3.1.0' } });
    expect(Object.keys(description.body['paths'] as object)).toContain('/api/{tenant}/{track}/up_parties/{name}');
  });
};

const hostileNames = [
  ...['%00', '%0a', '%27', '%ff', '__proto__', 'constructor', '..%2f..', '%7B%7D', '*', '%', '%F0%9F%98%80', '-1'],
  'x'.repeat(3_000),
];
const hostileQueries = [
  ...['limit=-1', 'limit=1e9', 'limit=', 'limit=NaN', 'limit=5&limit=6', 'cursor=%00', "cursor='", 'cursor=__proto__'],
  ...['filter=%00', 'filter=%25_', 'sub=%00', 'sid=%ff', '__proto__=1', 'constructor=1', 'unknown=1', '%zz', 'a[b]=c'],
  `cursor=${'9'.repeat(400)}`,
  `filter=${'x'.repeat(5_000)}`,
];
const hostileBodies = [
  ...['', 'null', '[]', '"text"', '1', '{', '{"name":1}', '{"name":null}', '{"type":"login","name":"\\u0000"}'],
  ...['{"__proto__":{"name":"x"}}', '{"constructor":{"prototype":{}}}', '{"unknown":1}', '{"name":"\\ud800"}'],
  '{"email":"a@b.c\\u0000","claims":{"__proto__":"x","a\\u0000":"\\u0000"},"password":"\\u0000\\u0000\\u0000\\u0000aA1"}',
  '{"type":"oidc","name":"x","claims":[{"claim":"*","values":[{}]}],"redirect_uris":["javascript:alert(1)"]}',
  `{"type":"login","name":"x","title":"${'x'.repeat(50_000)}"}`,
  `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
  `${'['.repeat(50_000)}`,
];

/** Requests that mean harm, by somebody who has every right: one for each hostile name, query and body, never a right one. */
const hostileCalls = (paths: Readonly<Record<string, object>>, token: string): RawRequest[] => {
  const authorized = [`Authorization: Bearer ${token}`];
  const json = [...authorized, 'Content-Type: application/json'];
  return Object.entries(paths).flatMap(([pattern, operations]) => {
    const filled = (name: string): string =>
      pattern
        .replace('{tenant}', 'acme')
        .replace('{track}', '-')
        .replace(/\{[^}]+\}/g, name);
    const bent = pattern.replace('{tenant}', 'acme').replace(/\{(?!tenant)[^}]+\}/g, '%00');
    return Object.keys(operations).flatMap((method): RawRequest[] => {
      const verb = method.toUpperCase();
      if (verb === 'GET')
        return [...hostileNames.map(filled), ...hostileQueries.map((query) => `${filled('login')}?${query}`), bent].map(
          (target) => ({ target, headers: authorized }),
        );
      // What has no name of its own in the address is not taken away here: later requests want it.
      const hasName = /\{(?!tenant|track)/.test(pattern);
      const removals = verb === 'DELETE' && !hasName ? [] : hostileNames.map(filled);
      return [
        ...[...removals, bent].map((target) => ({ method: verb, target, headers: authorized })),
        ...(verb === 'DELETE' ? [] : hostileBodies).flatMap((body) =>
          ['new', ...(hasName ? ['%00'] : [])].map((name) => ({
            method: verb,
            target: filled(name),
            headers: json,
            body,
          })),
        ),
      ];
    });
  });
};

const misuseByAdministrators = (of: () => OwnWorld): void => {
  it('bears whatever administrators send: nothing is a bug, and no answer tells how it is made', async () => {
    const { token } = await signIn(of(), 'admin');
    const description = await call(of(), undefined, 'openapi.json');
    const requests = hostileCalls(description.body['paths'] as Record<string, object>, token);
    expect(requests.length).toBeGreaterThan(500);
    const place = { base: of().base, proven: [], secrets: [...Object.values(of().secrets), token] };
    const port = Number(new URL(of().base).port);
    const found: string[] = [];
    const rest = requests.values();
    const work = async (): Promise<void> => {
      for (const request of rest) {
        const { method = 'GET', target, body = '' } = request;
        // An export is made to be applied elsewhere: who may change the track gets the hashes of its secrets.
        const complaints = complaintsAbout(await sendRaw(port, bytesOf(request)), place).filter(
          (complaint) => !(complaint.includes('argon2') && target.startsWith('/api/acme/-/export')),
        );
        if (complaints.length > 0)
          found.push(`${complaints.join(', ')}: ${method} ${target.slice(0, 200)} ${body.slice(0, 100).toString()}`);
      }
    };
    await Promise.all(Array.from({ length: 8 }, work));
    expect(found).toEqual([]);
    expect(await call(of(), token, 'acme')).toMatchObject({ status: 200 });
    expect(of().log()).not.toMatch(/a request ended in a bug|unhandledRejection|uncaughtException/);
    expect(of().log()).not.toContain(token);
  }, 120_000);
};

const journeys = (begin: () => Promise<OwnWorld>, more: (of: () => OwnWorld) => void = () => undefined): void => {
  let world: OwnWorld;
  beforeAll(async () => {
    world = await begin();
    await untilUsersAreThere(world, await shopOf(world));
    for (let tries = 0; ; tries += 1) {
      const there = await signIn(world, 'reader').catch((error: unknown) => {
        if (tries === 40) throw error;
      });
      if (there) break;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }, 180_000);
  afterAll(async () => world?.stop(), 30_000);
  controlApiJourneys(() => world);
  more(() => world);
};

describe('the Control API, everything in one process', () => journeys(() => embeddedWorld(), misuseByAdministrators));

describe('the Control API, a process per service', () => {
  describeWith('postgres', (database) => {
    describeWith('redis', (redis) => {
      describeWith('nats', (nats) => journeys(() => distributedWorld({ database, redis, nats })));
    });
  });
});

import { describeWith } from '@corsac/testing/backing';
import * as client from 'openid-client';
import { Browser } from '../browser/browser.js';
import { RelyingParty, signInOnPages } from '../party/relying-party.js';
import { untilTracksAreThere, untilUsersAreThere } from '../world/until-there.js';
import { distributedWorld, embeddedWorld, type OwnWorld } from '../world/world.js';
import { shopOf } from './sign-in.js';

jest.setTimeout(60_000);

const password = 'Correct-horse-9';
const userOf = (name: string) => ({ email: `${name}@example.com`, email_verified: true, password });
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 100));

interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown> & { readonly items?: readonly Record<string, unknown>[] };
}

type Call = (what: string, body?: object, headers?: Readonly<Record<string, string>>) => Promise<Answered>;

/** The API as one of the demo's administrators calls it, on the track `-`: `GET users`. */
const administrator = async (world: OwnWorld, name: string): Promise<Call> => {
  const control = await RelyingParty.discover(world, {
    client_id: 'corsac_control',
    track: 'master',
    redirect_uri: `${world.base}/control/callback`,
    scope: 'openid corsac_control_api.corsac:tenant',
  });
  const browser = new Browser(world.base);
  const begun = await control.begin();
  const user = { username: `${name}@example.com`, password: 'Corsac-demo-1' };
  const callback = await signInOnPages(browser, await browser.open(begun.url), user);
  const { access_token } = await control.redeem(callback.url, begun);
  return async (what, body, headers = {}) => {
    const [method, path] = what.split(' ');
    const type = body && { 'content-type': 'application/json' };
    const answer = await fetch(`${world.base}/api/acme/-/${path}`, {
      method: method!,
      headers: { authorization: `Bearer ${access_token}`, ...type, ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const told = (text === '' ? {} : JSON.parse(text)) as Answered['body'];
    return { status: answer.status, headers: answer.headers, body: told };
  };
};

/** Waits until a call answers as it is to; changes reach the other services within seconds. */
const until = async (call: () => Promise<Answered>, isSo: (answered: Answered) => boolean): Promise<Answered> => {
  for (let tries = 0; ; tries += 1) {
    const answered = await call();
    if (isSo(answered)) return answered;
    if (tries === 100) throw new Error(`still ${answered.status} ${JSON.stringify(answered.body)}`);
    await pause();
  }
};

/** Signs somebody in at the shop, and gives what came of it: an application's answer or a page. */
const visitShop = async (world: OwnWorld, username: string, typed = password) => {
  const shop = await shopOf(world);
  const begun = await shop.begin({ scope: 'openid offline_access' });
  const browser = new Browser(world.base);
  const page = await signInOnPages(browser, await browser.open(begun.url), { username, password: typed });
  const isIn = page.url.startsWith(shop.options.redirect_uri);
  return { isIn, tokens: isIn ? await shop.redeem(page.url, begun) : undefined };
};

const peopleJourneys = (of: () => OwnWorld): void => {
  let call: Call;
  beforeAll(async () => {
    call = await administrator(of(), 'admin');
  });

  it('makes a user who can sign in at once, and nobody beside them', async () => {
    const body = { email: 'Eve@Example.com', email_verified: true, password, roles: ['buyer'] };
    const made = await call('POST users', body);
    const user_id = made.body['user_id'] as string;
    expect(made).toMatchObject({ status: 201, body: { email: 'eve@example.com', has_password: true } });
    expect(made.headers.get('location')).toBe(`/api/acme/-/users/${user_id}`);
    expect(await call('POST users', body)).toMatchObject({ status: 409 });
    expect(await call('POST users', { username: 'eve-2', user_id, password })).toMatchObject({ status: 409 });
    expect(await call('POST users', { username: 'zoe', password: 'short' })).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'password' }, { field: 'password' }] },
    });
    expect((await visitShop(of(), 'eve@example.com')).isIn).toBe(true);
    expect((await call('GET users?filter=eve@')).body.items).toEqual([made.body]);
    const audit = await call('GET audit?limit=10');
    expect(JSON.stringify(audit.body)).toContain('user eve@example.com');
    expect(JSON.stringify(audit.body)).not.toContain(password);
    expect(of().log()).not.toContain(password);
  });

  it('changes a user only as it was seen, keeps the password, and disabling ends what the user had', async () => {
    const { body: made } = await call('POST users', userOf('finn'));
    const path = `users/${made['user_id'] as string}`;
    const { tokens } = await visitShop(of(), 'finn@example.com');
    const seen = await call(`GET ${path}`);
    const match = { 'if-match': seen.headers.get('etag') ?? '' };
    const changed = await call(`PUT ${path}`, { ...seen.body, claims: { name: 'Finn' } }, match);
    expect(changed).toMatchObject({ status: 200, body: { claims: { name: 'Finn' }, has_password: true } });
    expect(await call(`PUT ${path}`, { email: 'other@example.com' }, match)).toMatchObject({ status: 412 });
    expect(await call(`DELETE ${path}`, undefined, match)).toMatchObject({ status: 412 });
    expect((await visitShop(of(), 'finn@example.com')).isIn).toBe(true);
    const sub = tokens!.claims()!.sub;
    expect((await call(`GET sessions?sub=${sub}`)).body.items).toHaveLength(2);
    expect((await call(`GET grants?sub=${sub}`)).body.items).toHaveLength(2);
    expect(await call(`PUT ${path}`, { ...changed.body, disabled: true })).toMatchObject({ status: 200 });
    await until(
      () => call(`GET sessions?sub=${sub}`),
      ({ body }) => body.items?.length === 0,
    );
    await until(
      () => call(`GET grants?sub=${sub}`),
      ({ body }) => body.items?.length === 0,
    );
    expect((await visitShop(of(), 'finn@example.com')).isIn).toBe(false);
    expect(await call(`DELETE ${path}`)).toMatchObject({ status: 204 });
    expect(await call(`DELETE ${path}`)).toMatchObject({ status: 404 });
  });

  it('ends a session, which the applications are told and which ends its grants', async () => {
    await call('POST users', userOf('gil'));
    const sub = (await visitShop(of(), 'gil@example.com')).tokens!.claims()!.sub;
    const [session] = (await call(`GET sessions?sub=${sub}`)).body.items!;
    expect(session).toMatchObject({ sub, up_party: 'login', parties: [{ party: 'shop' }] });
    expect(session).not.toHaveProperty('browser_id');
    const ended = await call(`DELETE sessions/${session!['sid'] as string}`);
    const job_id = ended.body['job_id'] as string;
    expect(ended).toMatchObject({ status: 200, body: { ended: [{ track: '-', sid: session!['sid'] }] } });
    const jobs = await until(
      () => call('GET logout_jobs?limit=1'),
      ({ body }) => body.items?.[0]?.['job_id'] === job_id,
    );
    expect(jobs.body.items?.[0]).toMatchObject({ cause: 'administrator', receipts: [{ party: 'shop' }] });
    await until(
      () => call(`GET grants?sub=${sub}`),
      ({ body }) => body.items?.length === 0,
    );
    expect(await call(`DELETE sessions/${session!['sid'] as string}`)).toMatchObject({ status: 404 });
  });

  it('ends refresh grants one by one and all of a subject, and their tokens are good for nothing', async () => {
    await call('POST users', userOf('hal'));
    const visits = [
      await visitShop(of(), 'hal@example.com'),
      await visitShop(of(), 'hal@example.com'),
      await visitShop(of(), 'hal@example.com'),
    ];
    const sub = visits[0]!.tokens!.claims()!.sub;
    const [first] = (await call(`GET grants?sub=${sub}&client_id=shop&limit=1`)).body.items!;
    const one = `grants/${first!['grant_id'] as string}`;
    expect(await call(`GET ${one}`)).toMatchObject({ status: 200, body: { client_id: 'shop', sub } });
    expect(await call(`DELETE ${one}`)).toMatchObject({ status: 204 });
    expect(await call(`GET ${one}`)).toMatchObject({ status: 404 });
    expect(await call(`DELETE grants?sub=${sub}`)).toMatchObject({ status: 200, body: { ended: 2 } });
    const shop = await shopOf(of());
    for (const { tokens } of visits)
      await expect(client.refreshTokenGrant(shop.configuration, tokens!.refresh_token!)).rejects.toMatchObject({
        error: 'invalid_grant',
      });
  });

  it('lets somebody try again who has to wait', async () => {
    await call('POST users', userOf('ivy'));
    const ivy = async () => (await call('GET locks')).body.items!.filter(({ value }) => value === 'ivy@example.com');
    for (let tries = 0; tries < 20 && (await ivy()).length === 0; tries += 1)
      await visitShop(of(), 'ivy@example.com', 'wrong password');
    expect(await ivy()).toEqual([{ of: 'user', guessed: 'password', value: 'ivy@example.com' }]);
    expect((await visitShop(of(), 'ivy@example.com')).isIn).toBe(false);
    expect(await call('DELETE locks?of=user&guessed=password&value=ivy@example.com')).toMatchObject({ status: 204 });
    expect((await visitShop(of(), 'ivy@example.com')).isIn).toBe(true);
    expect(await call('DELETE locks?of=user&guessed=password&value=ivy@example.com')).toMatchObject({ status: 404 });
  });

  it('rotates keys, whose private halves nobody sees', async () => {
    const before = await call('GET keys');
    const current = ({ body }: Answered) =>
      body.items!.find(({ alg, state }) => alg === 'RS256' && state === 'current')?.['kid'];
    const rotated = await call('POST keys/rotate', { alg: 'RS256', at_once: true });
    const [key] = rotated.body['rotated'] as { kid: string }[];
    expect(rotated.status).toBe(200);
    expect(key!.kid).not.toBe(current(before));
    const after = await until(
      () => call('GET keys'),
      (answered) => current(answered) === key!.kid,
    );
    expect(JSON.stringify([before.body, after.body])).not.toMatch(/"(d|p|q|dp|dq|qi)":/);
  });

  it('shows journeys page by page, and each of them whole', async () => {
    await visitShop(of(), 'ada@example.com', 'Corsac-demo-1');
    const first = await until(
      () => call('GET journeys?limit=1'),
      ({ body }) => typeof body['next'] === 'string',
    );
    const second = await call(`GET journeys?limit=1&cursor=${String(first.body['next'])}`);
    const [newest, older] = [first.body.items![0]!, second.body.items![0]!];
    expect(newest['sequence_id']).not.toBe(older['sequence_id']);
    const whole = await call(`GET journeys/${older['sequence_id'] as string}`);
    expect(whole).toMatchObject({ status: 200, body: { sequence_id: older['sequence_id'], kind: older['kind'] } });
    expect((whole.body['events'] as unknown[]).length).toBeGreaterThan(0);
  });

  it('lets an administrator who may only read change nothing', async () => {
    const reader = await administrator(of(), 'reader');
    const [ada] = (await reader('GET users?filter=ada@')).body.items!;
    const path = `users/${ada!['user_id'] as string}`;
    for (const [what, body] of [
      ['POST users', { username: 'x', password }],
      [`PUT ${path}`, { username: 'x' }],
      [`DELETE ${path}`, undefined],
      [`DELETE sessions?sub=x`, undefined],
      [`DELETE grants?sub=x`, undefined],
      ['POST keys/rotate', { at_once: true }],
    ] as const)
      expect({ what, status: (await reader(what, body)).status }).toEqual({ what, status: 403 });
  });
};

const journeys = (begin: () => Promise<OwnWorld>): void => {
  let world: OwnWorld;
  beforeAll(async () => {
    world = await begin();
    await untilTracksAreThere(world, ['acme/-', 'acme/master']);
    await untilUsersAreThere(world, await shopOf(world));
    for (let tries = 0; ; tries += 1) {
      const there = await administrator(world, 'reader').catch((error: unknown) => {
        if (tries === 100) throw error;
      });
      if (there) break;
      await pause();
    }
  }, 180_000);
  afterAll(async () => world?.stop(), 30_000);
  peopleJourneys(() => world);
};

describe('people over the Control API, everything in one process', () => journeys(() => embeddedWorld()));

describe('people over the Control API, a process per service', () => {
  describeWith('postgres', (database) => {
    describeWith('redis', (redis) => {
      describeWith('nats', (nats) => journeys(() => distributedWorld({ database, redis, nats })));
    });
  });
});

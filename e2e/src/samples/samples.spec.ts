import { freePort } from '@corsac/testing/backing';
import { Browser } from '../browser/browser.js';
import { RelyingParty, signInOnPages } from '../party/relying-party.js';
import { embeddedWorld, type World } from '../world/world.js';
import { runSample, startSample } from './sample.js';

jest.setTimeout(60_000);

const freeAddress = async (): Promise<string> => `http://localhost:${await freePort()}`;

describe('sample applications', () => {
  let world: World;
  let spa: string;
  let orders: string;
  let billing: string;
  let legacy: string;
  const stops: (() => void)[] = [];
  const addresses = () => ({ ORDERS_URL: orders, BILLING_URL: billing, SPA_URL: spa });

  beforeAll(async () => {
    [spa, orders, billing, legacy] = await Promise.all([freeAddress(), freeAddress(), freeAddress(), freeAddress()]);
    world = await embeddedWorld({ 'http://localhost:4411': spa, 'http://localhost:4414': legacy });
    stops.push(await startSample('billing', billing, world));
    stops.push(await startSample('orders', orders, world, addresses()));
    stops.push(await startSample('legacy', legacy, world));
  });
  afterAll(async () => {
    for (const stop of stops) stop();
    await world?.stop();
  });

  const shopToken = async (scope: string): Promise<string> => {
    const redirect_uri = `${world.shop}/callback`;
    const shop = await RelyingParty.discover(world, {
      client_id: 'shop',
      binding: '(login)',
      secret: world.secrets['SHOP'] ?? '',
      redirect_uri,
      scope,
    });
    return (await shop.signIn(new Browser(world.base))).tokens.access_token;
  };

  const call = (url: string, token?: string, init: RequestInit = {}): Promise<Response> =>
    fetch(url, { ...init, headers: { ...init.headers, ...(token && { authorization: `Bearer ${token}` }) } });

  it('the worker reaches billing through orders, which acts for it', async () => {
    const { code, text } = await runSample('worker', world, addresses());
    expect({ code, text }).toMatchObject({ code: 0 });
    const last = JSON.parse(text.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
    expect(last['GET /orders']).toMatchObject({
      of: 'c_orders-worker',
      billing: { of: 'c_orders-worker', act: { sub: 'c_orders' }, acting: ['c_orders'] },
    });
  });

  it('a user reaches billing through shop and orders, as the same user', async () => {
    const answer = await call(`${orders}/orders`, await shopToken('openid orders.read'));
    expect(answer.status).toBe(200);
    const body = (await answer.json()) as { of: string; billing: { of: string } };
    expect(body).toMatchObject({ billing: { act: { sub: 'c_orders' } } });
    expect(body.billing.of).toBe(body.of);
  });

  it('orders refuses a caller without token, without audience and without scope', async () => {
    const nobody = await call(`${orders}/orders`);
    expect([nobody.status, nobody.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    const elsewhere = await call(`${orders}/orders`, await shopToken('openid'));
    expect([elsewhere.status, elsewhere.headers.get('www-authenticate')]).toEqual([
      401,
      'Bearer error="invalid_token"',
    ]);
    const reader = await call(`${orders}/orders`, await shopToken('openid orders.read'), { method: 'POST' });
    expect([reader.status, reader.headers.get('www-authenticate')]).toEqual([
      403,
      'Bearer error="insufficient_scope", scope="orders.write"',
    ]);
  });

  it('billing refuses the token that orders was called with', async () => {
    expect((await call(`${billing}/invoices`, await shopToken('openid orders.read'))).status).toBe(401);
  });

  it('orders lets only the page in the browser ask across origins', async () => {
    const preflight = (origin: string): Promise<Response> =>
      fetch(`${orders}/orders`, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'GET' } });
    expect((await preflight(spa)).headers.get('access-control-allow-origin')).toBe(spa);
    expect((await preflight('http://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
  });

  it('the legacy application signs in by SAML, and its assertion becomes an access token', async () => {
    const browser = new Browser(world.base);
    const asked = await fetch(`${legacy}/login`, { redirect: 'manual' });
    const posting = await signInOnPages(browser, await browser.open(asked.headers.get('location') ?? ''));
    const { action = '', fields } = posting.forms[0] ?? {};
    expect(action).toBe(`${legacy}/acs`);
    const back = await fetch(action, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
    const cookie = back.headers.get('set-cookie')?.split(';')[0] ?? '';
    const home = await (await fetch(`${legacy}/`, { headers: { cookie } })).text();
    expect(home).toContain('ada@example.com');
    const exchanged = await (await fetch(`${legacy}/exchange`, { method: 'POST', headers: { cookie } })).text();
    expect(exchanged).toContain('legacy-api');
    expect(exchanged).toContain('Claims of the access token');
    const out = await fetch(`${legacy}/logout`, { headers: { cookie }, redirect: 'manual' });
    const answer = await browser.open(out.headers.get('location') ?? '');
    const form = answer.forms[0];
    expect(form?.action).toBe(`${legacy}/slo`);
    const confirmed = await fetch(`${legacy}/slo`, {
      method: 'POST',
      body: new URLSearchParams(form?.fields),
      redirect: 'manual',
    });
    expect([confirmed.status, confirmed.headers.get('location')]).toEqual([303, '/']);
  });
});

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@corsac/testing/backing';
import { Browser, type Page } from '../browser/browser.js';
import { RelyingParty, signInOnPages } from '../party/relying-party.js';
import { untilTracksAreThere } from '../world/until-there.js';
import { embeddedWorld, type OwnWorld } from '../world/world.js';
import { Howto } from './howto.js';

jest.setTimeout(60_000);

const secret = 'one-secret-for-all-of-them-0123456789';
const password = 'Rye-bread-1';
const redirect_uri = 'http://localhost:5000/callback';
const values = {
  TILL_SECRET: secret,
  OVEN_SECRET: secret,
  GRACE_PASSWORD: password,
  MARY_PASSWORD: password,
  SMTP_PASSWORD: secret,
};
const grace = { username: 'grace@example.com', password };
const miller = { username: 'miller@mill.example', password };

const pages = {
  first: new Howto('first-application'),
  realms: new Howto('home-realm-discovery'),
  claims: new Howto('claim-transforms'),
  look: new Howto('login-pages'),
  mail: new Howto('mail'),
};

/** Each page has a tenant to itself, so that they do not change what another one says. */
const of = (tenant: string, text: string): string => text.replaceAll('bakery', tenant);
const millerIn = (tenant: string): string =>
  `{ tenant: ${tenant}, track: suppliers, users: [{ email: ${miller.username}, password: ${password} }] }`;

const suppliers = pages.realms.file('suppliers.yaml', values);
const [, suppliersTrack = ''] = suppliers.split('---');
const application = `{ tenant: bakery, track: '-', down_parties: [{ name: oven, type: oidc, allow_up_parties: [login], redirect_uris: ['${redirect_uri}'] }] }`;
const loginParty = `{ tenant: claims, track: '-', up_parties: [{ name: login, type: login }] }`;

const files = [
  pages.first.file('bakery.yaml', values),
  pages.first.file('users.yaml', values),
  pages.mail.file('mail.yaml', values),
  of('realms', suppliers),
  millerIn('realms'),
  of('claims', pages.claims.file('claims.yaml', values)),
  of('claims', suppliersTrack),
  loginParty,
  millerIn('claims'),
  of('look', pages.look.file('look.yaml')),
  of('look', pages.look.file('texts.yaml')),
  of('look', application),
];

describe('pages about a tenant of your own', () => {
  let world: OwnWorld;
  let port = 0;

  beforeAll(async () => {
    port = await freePort();
    const [first = '', ...others] = files;
    // The page's application listens on a port that may be taken here.
    const second = first.replace(redirect_uri, `${redirect_uri}, ${redirect_uri.replace('5000', `${port}`)}`);
    world = await embeddedWorld({}, [second, ...others]);
    await untilTracksAreThere(world, ['bakery/-', 'realms/-', 'realms/suppliers', 'claims/-', 'claims/suppliers']);
    const till = await at('bakery', 'till', '(login)');
    await untilSignedIn(async () => till.redeem((await signIn(till, grace)).url, begun));
  }, 120_000);
  afterAll(() => world?.stop());

  let begun: Awaited<ReturnType<RelyingParty['begin']>>;
  const at = (tenant: string, client_id: string, binding: string): Promise<RelyingParty> =>
    RelyingParty.discover(world, { tenant, client_id, binding, secret, redirect_uri });
  const signIn = async (party: RelyingParty, user: typeof grace, browser = new Browser(world.base)): Promise<Page> => {
    begun = await party.begin();
    return signInOnPages(browser, await browser.open(begun.url), user);
  };
  /** Users are handed over to the service that owns them a moment after the start. */
  const untilSignedIn = async <T>(attempt: () => Promise<T>): Promise<T> => {
    for (let tries = 0; ; tries += 1) {
      try {
        return await attempt();
      } catch (error) {
        if (tries === 30) throw error;
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    }
  };
  const claimsOf = async (party: RelyingParty, user: typeof grace) =>
    untilSignedIn(async () => (await party.redeem((await signIn(party, user)).url, begun)).claims());

  it('first-application.md: its user signs in, and so does one of another file', async () => {
    const till = await at('bakery', 'till', '(login)');
    expect(await claimsOf(till, grace)).toMatchObject({ name: 'Grace Baker', email: grace.username });
    expect(await claimsOf(till, { username: 'mary@example.com', password })).toMatchObject({
      email: 'mary@example.com',
    });
  });

  it('first-application.md: its little application shows the tokens', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'corsac-app-'));
    const file = join(folder, 'app.mjs');
    const text = pages.first.file('app.mjs').replace('http://localhost:4400', world.base).replaceAll('5000', `${port}`);
    await writeFile(file, text);
    const child = spawn(process.execPath, [file], { env: { ...process.env, TILL_SECRET: secret } });
    try {
      const browser = new Browser(world.base, {}, [`http://localhost:${port}`]);
      const login = (await firstLine(child)).replace('Open ', '');
      const shown = await signInOnPages(browser, await browser.open(login), grace);
      expect(JSON.parse(shown.html)).toMatchObject({ token_type: 'Bearer', id_token: expect.any(String) });
    } finally {
      child.kill();
      await rm(folder, { recursive: true });
    }
  });

  it('home-realm-discovery.md: the domain of the address decides, and others have their password here', async () => {
    const oven = await at('realms', 'oven', '');
    expect(await claimsOf(oven, miller)).toMatchObject({ email: miller.username });
    const browser = new Browser(world.base);
    const here = await browser.submit(await browser.open((await oven.begin()).url), { username: grace.username });
    expect(here.url).toContain('/realms/-/(login)/login/');
  });

  it('claim-transforms.md: a supplier has a role, and by it a door', async () => {
    const oven = await at('claims', 'oven', '(suppliers)');
    expect(await claimsOf(oven, miller)).toMatchObject({ role: 'supplier', door: 'back' });
  });

  it('login-pages.md: title, style and texts are the own ones', async () => {
    const address = new URL(
      `${world.base}/look/-/oven(login)/oauth/authorize?client_id=oven&response_type=code&scope=openid&redirect_uri=${encodeURIComponent(redirect_uri)}&code_challenge=${'a'.repeat(43)}&code_challenge_method=S256`,
    );
    const open = (language: string): Promise<Page> =>
      new Browser(world.base, { 'accept-language': language }).open(address);
    expect((await open('nds')).html).toContain('<h1>Kumm rin</h1>');
    expect((await open('en')).html).toContain('<h1>Come in</h1>');
    const { html } = await open('xx');
    expect(html).toContain('lang="de"');
    expect(html).toContain('<title>Anmelden · Bakery</title>');
    const style = /href="(\/assets\/style\/[^"]+)"/.exec(html)?.[1] ?? '';
    expect(await (await fetch(world.base + style)).text()).toContain('body { background: #fed; }');
  });
});

const firstLine = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (data: Buffer) => {
      text += data.toString();
      if (text.includes('\n')) resolve(text.split('\n')[0] ?? '');
    });
    child.once('exit', (code) => reject(new Error(`the application ended with ${code}`)));
  });

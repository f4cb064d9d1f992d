import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeWithInstalled } from '@corsac/testing/backing';
import { Browser, type Page } from '../browser/browser.js';
import { shopOf } from '../journeys/sign-in.js';
import { signInOnPages } from '../party/relying-party.js';
import { untilUsersAreThere } from '../world/until-there.js';
import { embeddedWorld, type World } from '../world/world.js';
import {
  apacheFiles,
  holdSite,
  newApacheFolder,
  startApache,
  variablesOf,
  type Apache,
  type ApacheFolder,
} from './apache.js';
import {
  createMellonMetadata,
  mellonProgram,
  readSpMetadata,
  type MellonFiles,
  type SpMetadata,
} from './mellon-metadata.js';

jest.setTimeout(30_000);

/** The application as its metadata has it. Its endpoint for logout takes messages by Redirect alone. */
const partyOf = ({ entity_id, acs, slo, certificate }: SpMetadata): string => `
tenant: acme
track: '-'
down_parties:
  - name: mellon
    type: saml2
    allow_up_parties: [login]
    issuer: ${entity_id}
    acs_urls: [${acs}]
    single_logout_url: ${slo}
    logout_request_binding: redirect
    logout_response_binding: redirect
    require_signed_authn_requests: true
    keys: ['${certificate}']
    claims: [{ claim: email }, { claim: name }, { claim: role }]
`;

const siteAt = (site: string, { key, certificate, metadata }: MellonFiles, idpMetadata: string): string => `
Listen ${new URL(site).host}
<Location />
  MellonEnable info
  MellonEndpointPath /mellon
  MellonSPPrivateKeyFile ${key}
  MellonSPCertFile ${certificate}
  MellonSPMetadataFile ${metadata}
  MellonIdPMetadataFile ${idpMetadata}
</Location>
<Location /protected>
  AuthType Mellon
  MellonEnable auth
  Require valid-user
</Location>
`;

const framesOf = ({ html }: Page): string[] =>
  [...html.matchAll(/<iframe [^>]*src="([^"]*)"/g)].map(([, src = '']) => src.replaceAll('&amp;', '&'));

describeWithInstalled('libapache2-mod-auth-mellon', [...apacheFiles('auth_mellon'), mellonProgram], () => {
  let world: World;
  let files: ApacheFolder;
  let apache: Apache;
  let site: string;

  beforeAll(async () => {
    const held = await holdSite('localhost');
    site = held.site;
    files = await newApacheFolder(['protected', '.']);
    const own = await createMellonMetadata(files.folder, `${site}/mellon/metadata`, `${site}/mellon`);
    world = await embeddedWorld({}, partyOf(await readSpMetadata(own.metadata)));
    await untilUsersAreThere(world, await shopOf(world));
    const idpMetadata = join(files.folder, 'idp.xml');
    const answer = await fetch(`${world.base}/acme/-/mellon(login)/saml/idpmetadata`);
    await writeFile(idpMetadata, await answer.text());
    apache = await startApache(files, ['auth_mellon'], {
      sites: [held],
      configuration: siteAt(site, own, idpMetadata),
    });
  }, 120_000);
  afterAll(async () => {
    await apache?.stop();
    await files?.remove();
    await world?.stop();
  });

  const newBrowser = (): Browser => new Browser(world.base, {}, [site]);
  const protectedPage = (browser: Browser): Promise<Page> => browser.open(`${site}/protected/`);
  const isSignedIn = async (browser: Browser): Promise<boolean> =>
    (await protectedPage(browser)).url === `${site}/protected/`;

  /** Posts what would post itself until a page is for people. */
  const onward = async (browser: Browser, page: Page): Promise<Page> => {
    let current = page;
    for (let hop = 0; hop < 10 && 'SAMLResponse' in (current.forms[0]?.fields ?? {}); hop += 1)
      current = await browser.submit(current);
    return current;
  };

  const signIn = async (browser: Browser): Promise<Readonly<Record<string, string>>> => {
    const posting = await signInOnPages(browser, await protectedPage(browser));
    const page = await onward(browser, posting);
    if (page.url !== `${site}/protected/`) throw new Error(`at ${page.url}: ${page.html}\n${await apache.log()}`);
    return variablesOf(page.html);
  };

  const claim = (name: string): string => `MELLON_http://schemas.xmlsoap.org/ws/2005/05/identity/claims/${name}`;

  it('signs in at a protected page, which sees the attributes', async () => {
    expect(await signIn(newBrowser())).toMatchObject({
      AUTH_TYPE: 'Mellon',
      REMOTE_USER: expect.stringMatching(/./),
      [claim('emailaddress')]: 'ada@example.com',
      [claim('name')]: 'Ada Lovelace',
      'MELLON_http://schemas.microsoft.com/ws/2008/06/identity/claims/role': 'customer',
    });
  });

  it('signs in without asking whom the shop has signed in, in the same session', async () => {
    const browser = newBrowser();
    const { claims } = await (await shopOf(world)).signIn(browser);
    const page = await onward(browser, await protectedPage(browser));
    expect(page.url).toBe(`${site}/protected/`);
    expect(Object.values(variablesOf(page.html))).toContain(claims['sid']);
  });

  it('signs out everywhere from the application, and comes back to it', async () => {
    const browser = newBrowser();
    await signIn(browser);
    const shop = await shopOf(world);
    await shop.signInSilently(browser);
    const told = await browser.open(`${site}/mellon/logout?ReturnTo=${encodeURIComponent(`${site}/`)}`);
    expect(framesOf(told)).toEqual([expect.stringContaining(`${world.shop}/frontchannel-logout?`)]);
    expect((await browser.submit(told)).url).toBe(`${site}/`);
    expect(await isSignedIn(browser)).toBe(false);
    const silent = await browser.open((await shop.begin({ prompt: 'none' })).url);
    expect(silent.url).toContain('error=login_required');
  });

  it('comes back at once when there is nobody else to tell', async () => {
    const browser = newBrowser();
    await signIn(browser);
    const back = await browser.open(`${site}/mellon/logout?ReturnTo=${encodeURIComponent(`${site}/`)}`);
    expect(back.url).toBe(`${site}/`);
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('hears in a frame that the user signed out at an OpenID Connect application, and says so', async () => {
    const browser = newBrowser();
    await signIn(browser);
    const shop = await shopOf(world);
    const { tokens } = await shop.signInSilently(browser);
    const told = await browser.open(
      shop.endSessionUrl({ id_token_hint: tokens.id_token!, post_logout_redirect_uri: `${world.shop}/` }),
    );
    expect(told.headers.get('content-security-policy')).toContain(site);
    const [frame = ''] = framesOf(told).filter((address) => address.includes('/saml/'));
    expect(await isSignedIn(browser)).toBe(true);
    const answered = await browser.open(frame);
    expect(answered.html).toContain('data-told="confirmed"');
    expect(await isSignedIn(browser)).toBe(false);
    expect((await browser.submit(told)).url).toBe(`${world.shop}/`);
  });
});

import { Browser, type Page } from '../browser/browser.js';
import { Howto } from '../docs/howto.js';
import { ada, RelyingParty, signInOnPages } from '../party/relying-party.js';
import { untilTracksAreThere, untilUsersAreThere } from '../world/until-there.js';
import { embeddedWorld, type OwnWorld } from '../world/world.js';
import { Application, filledIn, loadFrames } from './application.js';

jest.setTimeout(60_000);

const secret = 'portal-secret-of-a-test-0123456789';

/** What the page takes for granted: the own track, and the parallel one with users and an application of their own. */
const before = {
  own: `
tenants:
  - name: globex
    tracks:
      - name: dev
`,
  parallel: `
tenants:
  - name: globex
    tracks:
      - name: dev2
        up_parties: [{ name: login, type: login, title: Parallel }]
        down_parties:
          - name: desk
            type: oidc
            allow_up_parties: [login]
            redirect_uris: [https://desk.example.com/callback]
            post_logout_redirect_uris: [https://desk.example.com/]
            frontchannel_logout_uri: https://desk.example.com/frontchannel-logout
            secrets: ['${secret}']
        users: [{ email: ${ada.username}, password: ${ada.password}, roles: [clerk], claims: { given_name: Ada } }]
`,
};

/**
 * Between whom, and what the page's example is then called; `apart`: the parallel track is in another installation. Cookies
 * know no ports, so two installations on one machine have tenants of different names.
 */
const variants = [
  { between: 'two tracks', own: 'globex', parallel: 'globex', apart: false },
  { between: 'two tenants', own: 'initech', parallel: 'hooli', apart: false },
  { between: 'two installations', own: 'umbrella', parallel: 'stark', apart: true },
] as const;
type Variant = (typeof variants)[number];

const payloadOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;

/** The page, followed step by step, between tracks, tenants and installations. */
describe('docs/howto/connect-corsac.md', () => {
  const page = new Howto('connect-corsac');
  let here: OwnWorld;
  let there: OwnWorld;
  let portal: Application;
  let desk: Application;

  const baseOf = ({ apart }: Variant): string => (apart ? there.base : here.base);
  const words = (variant: Variant): Record<string, string> => ({
    'https://parallel.example.com/globex': `${baseOf(variant)}/${variant.parallel}`,
    'https://mine.example.com/globex': `${here.base}/${variant.own}`,
    'https://portal.example.com': portal.base,
    'https://desk.example.com': desk.base,
    '${PORTAL_SECRET}': secret,
    '${DEV_SECRET}': `${secret}-dev`,
  });
  const ownFile = (text: string, variant: Variant): string =>
    filledIn(text, { ...words(variant), globex: variant.own });
  const parallelFile = (text: string, variant: Variant): string =>
    filledIn(text, { ...words(variant), globex: variant.parallel });

  const ownSide = (variant: Variant): string[] =>
    [before.own, page.file('dev.yaml'), page.file('portal.yaml')].map((text) => ownFile(text, variant));
  const parallelSide = (variant: Variant): string[] =>
    [before.parallel, page.file('dev2.yaml')].map((text) => parallelFile(text, variant));

  beforeAll(async () => {
    [portal, desk] = [await Application.start(), await Application.start()];
    [here, there] = await Promise.all([embeddedWorld(), embeddedWorld()]);
    // Between two tracks the own side is there first, elsewhere the parallel one.
    await here.configure(variants.flatMap((variant) => (variant.apart ? [] : firstOf(variant))));
    await there.configure(variants.filter(({ apart }) => apart).flatMap(parallelSide));
  }, 240_000);
  afterAll(async () => {
    await Promise.all([here?.stop(), there?.stop()]);
    await Promise.all([portal.stop(), desk.stop()]);
  });
  const firstOf = (variant: Variant): string[] =>
    variant.between === 'two tracks' ? ownSide(variant) : parallelSide(variant);

  const portalAt = ({ own }: Variant): Promise<RelyingParty> =>
    RelyingParty.discover(here, {
      client_id: 'portal',
      tenant: own,
      track: 'dev',
      binding: '(dev2)',
      secret,
      redirect_uri: portal.callback,
    });
  const deskAt = (variant: Variant): Promise<RelyingParty> =>
    RelyingParty.discover(
      { base: baseOf(variant) },
      {
        client_id: 'desk',
        tenant: variant.parallel,
        track: 'dev2',
        binding: '(login)',
        secret,
        redirect_uri: desk.callback,
      },
    );
  const newBrowser = (): Browser => new Browser(here.base, {}, [there.base]);
  const stranger = (): Browser => new Browser(here.base, {}, [there.base, portal.base, desk.base]);

  /** Lets the form post itself by which the parallel track answers. */
  const onward = async (browser: Browser, from: Page): Promise<Page> => {
    let current = from;
    for (let hop = 0; hop < 5 && current.forms[0]?.action.includes('/oauth/authorizationresponse'); hop += 1)
      current = await browser.submit(current);
    return current;
  };
  const signIn = async (browser: Browser, variant: Variant) => {
    const rp = await portalAt(variant);
    const begun = await rp.begin();
    const callback = await onward(browser, await signInOnPages(browser, await browser.open(begun.url)));
    if (!callback.url.startsWith(portal.callback)) throw new Error(`${callback.url}: ${callback.html.slice(0, 800)}`);
    const tokens = await rp.redeem(callback.url, begun);
    return { rp, tokens, claims: tokens.claims()! };
  };
  const silently = async (browser: Browser, rp: RelyingParty): Promise<Page> =>
    onward(browser, await browser.open((await rp.begin({ prompt: 'none' })).url));

  it('the own side may be there first: until the parallel one is, a sign-in says that it cannot be used', async () => {
    await untilTracksAreThere(here, ['globex/dev']);
    const answer = await newBrowser().open((await (await portalAt(variants[0])).begin()).url);
    expect(answer.url.startsWith(portal.callback)).toBe(true);
    const { error, error_description } = Object.fromEntries(new URL(answer.url).searchParams);
    expect(error).toMatch(/^(server_error|temporarily_unavailable)$/);
    expect(error_description).toMatch(/^dev2\|the identity provider/);
  });

  it('the parallel side may be there first: its own application works', async () => {
    await untilUsersAreThere(here, await deskAt(variants[1]));
    expect((await (await deskAt(variants[1])).signIn(newBrowser())).claims['email']).toBe(ada.username);
  });

  describe.each(variants)('between $between', (variant) => {
    beforeAll(async () => {
      if (variant !== variants[0]) return;
      const all = variants.flatMap((one) => [...ownSide(one), ...(one.apart ? [] : parallelSide(one))]);
      await here.configure(all);
      for (const one of variants) {
        await untilTracksAreThere(here, [`${one.own}/dev`]);
        await untilTracksAreThere({ ...there, base: baseOf(one) }, [`${one.parallel}/dev2`]);
        await untilUsersAreThere({ ...there, base: baseOf(one) }, await deskAt(one));
      }
    }, 120_000);

    it('a login is done in the parallel track, and claims and its access token come along', async () => {
      const { tokens, claims } = await signIn(newBrowser(), variant);
      expect(claims).toMatchObject({
        email: ada.username,
        given_name: 'Ada',
        role: ['clerk'],
        auth_method: 'dev2',
        auth_method_type: 'oidc',
      });
      expect(claims.sub).toMatch(/^dev2\|/);
      const { access_token } = payloadOf(tokens.access_token);
      expect(String(access_token)).toMatch(/^dev2\|ey/);
      const theirs = payloadOf(String(access_token).split('|')[1] ?? '');
      expect(theirs).toMatchObject({
        iss: `${baseOf(variant)}/${variant.parallel}/dev2/dev-client(login)`,
        client_id: 'dev-client',
      });
    });

    it('an RP-initiated logout ends the parallel track’s session too, tells its applications, and comes back', async () => {
      const browser = newBrowser();
      const { rp, tokens, claims } = await signIn(browser, variant);
      const atDesk = await (await deskAt(variant)).signInSilently(browser);
      const home = `${portal.base}/`;
      const above = await browser.open(
        rp.endSessionUrl({ id_token_hint: tokens.id_token!, post_logout_redirect_uri: home, state: 's2' }),
      );
      expect(above.url.startsWith(`${baseOf(variant)}/${variant.parallel}/dev2/`)).toBe(true);
      await loadFrames(above, stranger());
      expect(desk.loggedOut).toContain(atDesk.claims['sid']);
      const back = await browser.submit(above);
      await loadFrames(back, stranger());
      expect(portal.loggedOut).toContain(claims['sid']);
      expect((await browser.submit(back)).url).toBe(`${home}?state=s2`);
      expect((await silently(browser, rp)).url).toContain('error=login_required');
    });

    it('a front-channel logout of the parallel track arrives at the application here, in frames without cookies', async () => {
      const browser = newBrowser();
      const { rp, claims } = await signIn(browser, variant);
      const atDesk = await deskAt(variant);
      const { tokens } = await atDesk.signInSilently(browser);
      const home = `${desk.base}/`;
      const shown = await browser.open(
        atDesk.endSessionUrl({ id_token_hint: tokens.id_token!, post_logout_redirect_uri: home }),
      );
      const frames = await loadFrames(shown, stranger());
      expect(frames[0]).toContain('iss=');
      expect(
        frames.some((frame) => frame.startsWith(`${here.base}/${variant.own}/dev/(dev2)/oauth/frontchannellogout`)),
      ).toBe(true);
      expect(portal.loggedOut).toContain(claims['sid']);
      expect((await browser.submit(shown)).url).toBe(home);
      expect((await silently(browser, rp)).url).toContain('error=login_required');
    });
  });
});

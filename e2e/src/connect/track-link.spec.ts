import { Browser } from '../browser/browser.js';
import { Howto } from '../docs/howto.js';
import { ada, RelyingParty } from '../party/relying-party.js';
import { untilTracksAreThere, untilUsersAreThere } from '../world/until-there.js';
import { embeddedWorld, type OwnWorld } from '../world/world.js';
import { Application, filledIn, loadFrames } from './application.js';

jest.setTimeout(60_000);

const secret = 'portal-secret-of-a-test-0123456789';

/** What the page takes for granted: two tracks, users in `track_y` with an application of their own. */
const before = `
tenants:
  - name: globex
    tracks:
      - name: track_x
        up_parties: [{ name: login, type: login }]
      - name: track_y
        up_parties: [{ name: login, type: login, title: Track Y }]
        down_parties:
          - name: desk
            type: oidc
            allow_up_parties: [login]
            redirect_uris: [https://desk.example.com/callback]
            post_logout_redirect_uris: [https://desk.example.com/]
            frontchannel_logout_uri: https://desk.example.com/frontchannel-logout
            secrets: ['${secret}']
        users: [{ email: ${ada.username}, password: ${ada.password} }]
`;

/** The page, followed step by step: in tenant globex `track_x` comes first, in initech `track_y`. */
describe('docs/howto/connect-track-link.md', () => {
  const page = new Howto('connect-track-link');
  let world: OwnWorld;
  let portal: Application;
  let desk: Application;

  const fileOf = (text: string, tenant: string): string =>
    filledIn(text, {
      globex: tenant,
      'https://portal.example.com': portal.base,
      'https://desk.example.com': desk.base,
      '${PORTAL_SECRET}': secret,
    });
  const beforeOf = (tenant: string): string => fileOf(before, tenant);
  const stepOf = (name: 'track_x' | 'track_y' | 'portal', tenant: string): string =>
    fileOf(page.file(`${name}.yaml`), tenant);
  const trackX = (tenant: string): string[] => [stepOf('track_x', tenant), stepOf('portal', tenant)];
  const tracks = ['globex', 'initech'].flatMap((tenant) => [`${tenant}/track_x`, `${tenant}/track_y`]);

  beforeAll(async () => {
    [portal, desk] = [await Application.start(), await Application.start()];
    world = await embeddedWorld({}, [
      ...['globex', 'initech'].map(beforeOf),
      ...trackX('globex'),
      stepOf('track_y', 'initech'),
    ]);
    await untilTracksAreThere(world, tracks);
  }, 120_000);
  afterAll(async () => {
    await world?.stop();
    await Promise.all([portal.stop(), desk.stop()]);
  });

  const portalAt = (tenant: string, binding = '(track_y-connection)'): Promise<RelyingParty> =>
    RelyingParty.discover(world, {
      client_id: 'portal',
      tenant,
      track: 'track_x',
      binding,
      secret,
      redirect_uri: portal.callback,
    });
  const deskAt = (tenant: string): Promise<RelyingParty> =>
    RelyingParty.discover(world, {
      client_id: 'desk',
      tenant,
      track: 'track_y',
      binding: '(login)',
      secret,
      redirect_uri: desk.callback,
    });
  const stranger = (): Browser => new Browser(world.base, {}, [portal.base, desk.base]);

  it('track_x may be there first: until track_y is, a sign-in says what is missing', async () => {
    const begun = await (await portalAt('globex')).begin();
    const answer = await new Browser(world.base).open(begun.url);
    expect(answer.url.startsWith(portal.callback)).toBe(true);
    expect(Object.fromEntries(new URL(answer.url).searchParams)).toMatchObject({
      error: 'server_error',
      error_description:
        'the track link does not fit: down-party track_x-connection of track track_y does not exist; up-party track_y-connection of track track_x names it',
    });
  });

  it('track_y may be there first: it is complete, and its own application works', async () => {
    await untilUsersAreThere(world, await deskAt('initech'));
    const { claims } = await (await deskAt('initech')).signIn(new Browser(world.base));
    expect(claims['email']).toBe(ada.username);
  });

  describe.each(['globex', 'initech'])('when both sides are there (tenant %s)', (tenant) => {
    beforeAll(async () => {
      if (tenant === 'initech') return;
      const all = ['globex', 'initech'].flatMap((name) => [beforeOf(name), ...trackX(name), stepOf('track_y', name)]);
      await world.configure(all);
      await untilUsersAreThere(world, await portalAt('globex'));
      await untilUsersAreThere(world, await portalAt('initech'));
    }, 120_000);

    it('a login at the application of track_x is done in track_y', async () => {
      const browser = new Browser(world.base);
      const { claims } = await (await portalAt(tenant)).signIn(browser);
      expect(claims).toMatchObject({
        email: ada.username,
        auth_method: 'track_y-connection',
        auth_method_type: 'track_link',
      });
      expect(browser.requests.slice(1).every((line) => line.includes(`/${tenant}/track_y/(login)/login/`))).toBe(true);
      const silent = await (await deskAt(tenant)).signInSilently(browser);
      expect(silent.claims.sub).toBe(claims.sub);
    });

    it('an RP-initiated logout at track_x ends track_y too, and its front-channel logout arrives there', async () => {
      const browser = new Browser(world.base);
      const rp = await portalAt(tenant);
      const { tokens, claims } = await rp.signIn(browser);
      const atDesk = await (await deskAt(tenant)).signInSilently(browser);
      const home = `${portal.base}/`;
      const frames = await browser.open(
        rp.endSessionUrl({ id_token_hint: tokens.id_token!, post_logout_redirect_uri: home, state: 's1' }),
      );
      await loadFrames(frames, stranger());
      expect(desk.loggedOut).toContain(atDesk.claims['sid']);
      expect(portal.loggedOut).toContain(claims['sid']);
      expect((await browser.submit(frames)).url).toBe(`${home}?state=s1`);
      for (const application of [rp, await deskAt(tenant)]) {
        const silent = await browser.open((await application.begin({ prompt: 'none' })).url);
        expect(silent.url).toContain('error=login_required');
      }
    });

    it('a logout at track_y ends track_x too, and its front-channel logout arrives at the application there', async () => {
      const browser = new Browser(world.base);
      const { claims } = await (await portalAt(tenant)).signIn(browser);
      const atDesk = await deskAt(tenant);
      const { tokens } = await atDesk.signInSilently(browser);
      const home = `${desk.base}/`;
      const frames = await browser.open(
        atDesk.endSessionUrl({ id_token_hint: tokens.id_token!, post_logout_redirect_uri: home }),
      );
      await loadFrames(frames, stranger());
      expect(portal.loggedOut).toContain(claims['sid']);
      expect((await browser.submit(frames)).url).toBe(home);
      const silent = await browser.open((await (await portalAt(tenant)).begin({ prompt: 'none' })).url);
      expect(silent.url).toContain('error=login_required');
    });
  });
});

import { describeWith } from '@corsac/testing/backing';
import { Browser, type Page } from '../browser/browser.js';
import { ada, signInOnPages } from '../party/relying-party.js';
import { untilTracksAreThere, untilUsersAreThere } from '../world/until-there.js';
import { distributedWorld, type OwnWorld } from '../world/world.js';
import { Application, loadFrames } from './application.js';
import { chainOf, deskOf, portalOf } from './chain.js';

jest.setTimeout(120_000);

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface Replica {
  readonly pid: number;
  readonly port: number;
}

const isAlive = ({ pid }: Replica): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** The two that live, as the supervisor names them; who was killed is started again. */
const twoReplicas = async (world: OwnWorld): Promise<readonly [Replica, Replica]> => {
  for (let tries = 0; tries < 300; tries += 1) {
    const named = [...world.log().matchAll(/^authorize ready, pid (\d+), port (\d+)/gm)];
    const [one, other] = named.map(([, pid, port]) => ({ pid: Number(pid), port: Number(port) })).filter(isAlive);
    if (one && other) return [one, other];
    await pause(100);
  }
  throw new Error(`there are not two replicas of authorize:\n${world.log()}`);
};

/** A request that was with the killed one is answered 503 with Retry-After: then its user presses again. */
const pressAgain = async (press: () => Promise<Page>): Promise<Page> => {
  for (let tries = 0; tries < 5; tries += 1) {
    const page = await press();
    if (page.status !== 503) return page;
    expect(page.headers.get('retry-after')).toBe('1');
    await pause(1000);
  }
  throw new Error('503 for five seconds');
};

/** Track links where every request and every hop may meet another replica, over NATS. */
describe('track links with two replicas of every service', () => {
  describeWith('postgres', (database) => {
    describeWith('redis', (redis) => {
      describeWith('nats', (nats) => {
        let world: OwnWorld;
        let portal: Application;
        let desk: Application;

        beforeAll(async () => {
          [portal, desk] = [await Application.start(), await Application.start()];
          world = await distributedWorld({ database, redis, nats }, 2, chainOf(portal, desk));
          await untilTracksAreThere(
            world,
            ['a', 'b', 'c', 'd'].map((track) => `chain/${track}`),
          );
          await untilUsersAreThere(world, await deskOf(world, desk, '(login)'));
        }, 240_000);
        afterAll(async () => {
          await world?.stop();
          await Promise.all([portal.stop(), desk.stop()]);
        }, 60_000);
        const stranger = (): Browser => new Browser(world.base, {}, [portal.base, desk.base]);

        it('a sign-in by three links takes as many requests as a direct one', async () => {
          const counts = [];
          for (const binding of ['(login)', '(one)', '(three)']) {
            const browser = new Browser(world.base);
            const { claims } = await (await portalOf(world, portal, binding)).signIn(browser);
            expect(claims['email']).toBe(ada.username);
            counts.push(browser.requests.length);
          }
          expect(counts).toEqual([3, 3, 3]);
        });

        it('a logout at the near end goes through the chain, and each application is told once', async () => {
          const browser = new Browser(world.base);
          const rp = await portalOf(world, portal, '(three)');
          const { tokens, claims } = await rp.signIn(browser);
          const far = await (await deskOf(world, desk, '(login)')).signInSilently(browser);
          const home = `${portal.base}/`;
          const frames = await browser.open(
            rp.endSessionUrl({ id_token_hint: tokens.id_token!, post_logout_redirect_uri: home }),
          );
          await loadFrames(frames, stranger());
          expect(desk.loggedOut.filter((sid) => sid === far.claims['sid'])).toHaveLength(1);
          expect(portal.loggedOut.filter((sid) => sid === claims['sid'])).toHaveLength(1);
          expect((await browser.submit(frames)).url).toBe(home);
        });

        it('a logout at the far end goes back through the chain', async () => {
          const browser = new Browser(world.base);
          const rp = await portalOf(world, portal, '(three)');
          const { claims } = await rp.signIn(browser);
          const atDesk = await deskOf(world, desk, '(login)');
          const { tokens } = await atDesk.signInSilently(browser);
          const frames = await browser.open(
            atDesk.endSessionUrl({ id_token_hint: tokens.id_token!, post_logout_redirect_uri: `${desk.base}/` }),
          );
          await loadFrames(frames, stranger());
          expect(portal.loggedOut).toContain(claims['sid']);
          const silent = await browser.open((await rp.begin({ prompt: 'none' })).url);
          expect(silent.url).toContain('error=login_required');
        });

        /** Presses a button at one replica alone, whatever becomes of it. */
        const press = (page: Page, up_party: string, { port }: Replica, browser: Browser): Promise<Response> => {
          const form = page.forms.find(({ fields }) => fields['step'] === 'home_realm');
          const at = new URL(form?.action ?? '');
          return fetch(`http://127.0.0.1:${port}${at.pathname}`, {
            method: 'POST',
            redirect: 'manual',
            headers: { cookie: browser.cookiesFor(at.href) },
            body: new URLSearchParams({ ...form?.fields, up_party }),
          });
        };

        it('a replica that is killed in the middle of a hop leaves the journey to the other one', async () => {
          const rp = await portalOf(world, portal, '');
          for (let tries = 0; ; tries += 1) {
            if (tries === 12) throw new Error('no hop of twelve sign-ins went to the other replica');
            const browser = new Browser(world.base);
            const begun = await rp.begin();
            const choice = await browser.open(begun.url);
            const [one, other] = await twoReplicas(world);
            // The other one hears of the hop, if it is the one that NATS chooses, but cannot act yet.
            process.kill(other.pid, 'SIGSTOP');
            const pressed = press(choice, 'three', one, browser).then(
              () => 'answered',
              () => 'broken',
            );
            const early = await Promise.race([pressed, pause(700).then(() => 'in the middle')]);
            if (early === 'in the middle') process.kill(one.pid, 'SIGKILL');
            process.kill(other.pid, 'SIGCONT');
            if (early !== 'in the middle') continue;
            expect(await pressed).toBe('broken');
            const page = await pressAgain(() => browser.submit(choice, { up_party: 'three' }));
            expect(page.forms[0]?.action).toContain('/chain/d/(login)/login/');
            const callback = await signInOnPages(browser, page);
            const tokens = await rp.redeem(callback.url, begun);
            expect(tokens.claims()).toMatchObject({ email: ada.username, auth_method: 'three' });
            return;
          }
        });

        it('a replica that is killed while the user types leaves the journey to the other one', async () => {
          const rp = await portalOf(world, portal, '(three)');
          const browser = new Browser(world.base);
          const begun = await rp.begin();
          const first = await browser.open(begun.url);
          const [one] = await twoReplicas(world);
          process.kill(one.pid, 'SIGKILL');
          const second = await pressAgain(() => browser.submit(first, { username: ada.username }));
          const callback = await browser.submit(second, { password: ada.password });
          expect((await rp.redeem(callback.url, begun)).claims()?.['auth_method']).toBe('three');
        });
      });
    });
  });
});

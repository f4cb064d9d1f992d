import { Browser, type Page } from '../browser/browser.js';
import { Howto } from '../docs/howto.js';
import { ada, RelyingParty, signInOnPages } from '../party/relying-party.js';
import type { OwnWorld } from '../world/world.js';

const page = new Howto('external-users');
const callback = 'https://helpdesk.example.com/callback';
const grete = { username: 'grete@example.com', password: ada.password };
const nextPassword = 'A-password-of-her-own-7';

/** A user of the track itself, whose entry stays while others change. */
const ownUser = JSON.stringify({
  tenant: 'acme',
  track: '-',
  users: [{ email: grete.username, password: grete.password }],
});

/** What the page says, as declarative files. */
export const externalUsersFiles = (): string[] => [
  page.file('guests.yaml'),
  page.file('members.yaml'),
  page.file('partner.yaml', { PASSWORD: ada.password }),
  page.file('helpdesk.yaml'),
  ownUser,
];

/** The same, with Ada's record switched off. */
const withAdaDisabled = (): string[] =>
  externalUsersFiles().map((file) =>
    file.replace(
      'redemption_claim_value: ada@example.com\n',
      'redemption_claim_value: ada@example.com\n    disabled: true\n',
    ),
  );

const helpdesk = (world: OwnWorld, binding: string): Promise<RelyingParty> =>
  RelyingParty.discover(world, { client_id: 'helpdesk', redirect_uri: callback, binding });

/** The way to the application by an up-party, as far as it goes. */
const walk = async (
  world: OwnWorld,
  binding: string,
  user: { username: string; password: string },
  browser = new Browser(world.base),
) => {
  const application = await helpdesk(world, binding);
  const begun = await application.begin();
  const end = await signInOnPages(browser, await browser.open(begun.url), user);
  const claims = async (at: Page = end) => (await application.redeem(at.url, begun)).claims();
  return { application, browser, end, claims };
};

const userOf = (name: string) => ({ username: `${name}@example.com`, password: ada.password });

/** Users come from the configuration to the service that owns them a moment after a start. */
const until = async (what: string, isTrue: () => Promise<boolean>): Promise<void> => {
  for (let tries = 0; tries < 40; tries += 1) {
    if (await isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`${what} did not come true within 20 seconds`);
};

/**
 * Users of the partner whom production has records of.
 * @param others what else the installation is configured with
 */
export const externalUsersJourneys = (of: () => OwnWorld, others: () => readonly string[]): void => {
  describe('external users', () => {
    it('lets a guest in who was invited, by a verified address, with the claims of the record', async () => {
      await until('Ada is invited', async () => (await walk(of(), '(guests)', ada)).end.url.includes('code='));
      const first = await (await walk(of(), '(guests)', ada)).claims();
      expect(first).toMatchObject({ role: ['supporter', 'customer'], local_sub: expect.any(String) as string });
      expect(first?.sub).not.toBe(first?.['local_sub']);
      expect(await (await walk(of(), '(guests)', ada)).claims()).toMatchObject({ local_sub: first?.['local_sub'] });
    });

    it.each([
      ['whom nobody invited', 'carl'],
      ['who comes with an address that is not verified', 'dora'],
    ])('refuses %s, at the application', async (_what, name) => {
      const { end } = await walk(of(), '(guests)', userOf(name));
      expect(end.url.startsWith(callback)).toBe(true);
      expect(new URL(end.url).searchParams.get('error')).toBe('access_denied');
    });

    it('makes a member’s record at the first sign-in, with what the member says', async () => {
      const { browser, end, claims } = await walk(of(), '(members)', userOf('carl'));
      const wrong = await browser.submit(end, { field_0: 'Carlsen', field_1: '42' });
      expect(wrong.html).toContain('Letters only, please.');
      const done = await browser.submit(wrong, { field_1: 'sales' });
      expect(await claims(done)).toMatchObject({ department: 'sales', family_name: 'Carlsen' });
      expect(await (await walk(of(), '(members)', userOf('carl'))).claims()).toMatchObject({ department: 'sales' });
    });

    it('ends what a disabled guest had, and a file that is applied again changes nobody else', async () => {
      const browser = new Browser(of().base);
      const { application } = await walk(of(), '(guests)', ada, browser);
      const silently = async () =>
        (await browser.open((await application.begin({ prompt: 'none' })).url)).url.includes('code=');
      expect(await silently()).toBe(true);
      await changePassword(of());
      await of().configure([...others(), ...withAdaDisabled()]);
      await until('Ada is signed out', async () => !(await silently()));
      const { end } = await walk(of(), '(guests)', ada);
      expect(new URL(end.url).searchParams.get('error_description')).toBe('the user is disabled');
      expect((await walk(of(), '(login)', { ...grete, password: nextPassword })).end.url).toContain('code=');
    }, 120_000);
  });
};

/** Grete takes a password of her own, on the page where whoever is signed in does so. */
const changePassword = async (world: OwnWorld): Promise<void> => {
  const browser = new Browser(world.base);
  const form = await signInOnPages(browser, await browser.open(`${world.base}/acme/-/account`), grete);
  const fields = { password: grete.password, new_password: nextPassword, repeat_password: nextPassword };
  const done = await browser.submit(form, fields);
  if (done.status !== 200 || done.forms.length > 0) throw new Error(`${done.url}: ${done.html.slice(0, 800)}`);
};

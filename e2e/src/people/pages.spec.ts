import { describeWithInstalled } from '@corsac/testing/backing';
import { Client } from 'pg';
import type { Page } from 'playwright-core';
import { Chromium, chromiumPath, hurdlesOf, type Screen } from '../browser/chromium.js';
import { embeddedWorld, type OwnWorld } from '../world/world.js';
import { AuthenticatorApp, step } from './authenticator-app.js';
import { gadgetsFile, gadgetUser, Television, vaultOf } from './gadgets.js';
import { untilGadgetsAreThere } from './people.js';

jest.setTimeout(90_000);

const now = (): number => Math.floor(Date.now() / 1000);
/** Who sets up two steps on which screen: it is done once per person. */
const people = { phone: 'bob', desktop: 'cid' } as const;

describeWithInstalled('chromium', [chromiumPath], () => {
  let world: OwnWorld;
  let chromium: Chromium;
  beforeAll(async () => {
    world = await embeddedWorld({}, gadgetsFile);
    await untilGadgetsAreThere(world);
    chromium = await Chromium.start();
  }, 120_000);
  afterAll(async () => {
    await chromium?.stop();
    await world?.stop();
  });
  afterEach(() => chromium.closePages());

  const submit = async (page: Page, field: string, value: string): Promise<void> => {
    await page.fill(`input[name=${field}]`, value);
    await page.click('button[type=submit]');
  };
  const signIn = async (page: Page, { username, password } = gadgetUser('ada')): Promise<void> => {
    await submit(page, 'username', username);
    await submit(page, 'password', password);
  };

  /** Lets ten minutes pass for all open requests of devices: their end is moved in the journal, which is read at the next start. */
  const letRunOut = async (): Promise<void> => {
    const client = new Client({ connectionString: await world.database() });
    await client.connect();
    const { rows } = await client.query<{ lines: string }>('select lines from items.item_journal order by number');
    const late = new Map<string, unknown[]>();
    for (const line of rows.flatMap(({ lines }) => lines.split('\n')).filter((each) => each.startsWith('token '))) {
      const [kind, key, version, until, value] = JSON.parse(line.slice('token '.length));
      if (kind === 'value' && key.includes('user-code/gadgets/')) late.set(key, ['gone', key]);
      else if (kind === 'value' && key.includes('device/gadgets/'))
        late.set(key, [kind, key, version, until, { ...value, expires_at: 1 }]);
    }
    const lines = [...late.values()].map((change) => `token ${JSON.stringify(change)}`).join('\n');
    await client.query('insert into items.item_journal (lines) values ($1)', [lines]);
    await client.end();
    await world.restart('token');
  };

  describe.each<Screen>(['phone', 'desktop'])('pages for people with codes, on a %s', (screen) => {
    const begun = async () => {
      const tv = new Television(world);
      await tv.begin();
      const { page, errors } = await chromium.newPage(screen);
      return { tv, page, errors, hurdles: [] as string[] };
    };

    it('a device is let in', async () => {
      const { tv, page, errors, hurdles } = await begun();
      await page.goto(tv.codes.verification_uri);
      hurdles.push(...(await hurdlesOf(page, 'device-1-code')));
      await submit(page, 'user_code', 'BBBB-BBBB');
      hurdles.push(...(await hurdlesOf(page, 'device-2-wrong')));
      await submit(page, 'user_code', tv.codes.user_code);
      await signIn(page);
      hurdles.push(...(await hurdlesOf(page, 'device-3-consent')));
      await page.click('text="Allow"');
      await page.waitForSelector('text="Your device is connected"');
      hurdles.push(...(await hurdlesOf(page, 'device-4-connected')));
      expect(await tv.poll()).toMatchObject({ status: 200 });
      expect({ hurdles, errors }).toEqual({ hurdles: [], errors: [] });
    });

    it('a device is denied', async () => {
      const { tv, page, errors, hurdles } = await begun();
      await page.goto(tv.codes.verification_uri_complete);
      hurdles.push(...(await hurdlesOf(page, 'device-5-compare')));
      await page.click('button[type=submit]');
      await signIn(page);
      await page.click('text="Do not allow"');
      await page.waitForSelector('text="Your device is not connected"');
      hurdles.push(...(await hurdlesOf(page, 'device-6-denied')));
      expect(await tv.poll()).toMatchObject({ status: 400, error: 'access_denied' });
      expect({ hurdles, errors }).toEqual({ hurdles: [], errors: [] });
    });

    it('a device waited too long', async () => {
      const { tv, page, hurdles } = await begun();
      await page.goto(tv.codes.verification_uri);
      await submit(page, 'user_code', tv.codes.user_code);
      await signIn(page);
      await letRunOut();
      await page.click('text="Allow"');
      await page.waitForSelector('text="The code is wrong or too old."');
      hurdles.push(...(await hurdlesOf(page, 'device-7-too-late')));
      expect(await tv.poll()).toMatchObject({ status: 400, error: 'expired_token' });
      expect(hurdles).toEqual([]);
    });

    it('two steps are set up, asked for, and recovered from', async () => {
      const { page, errors } = await chromium.newPage(screen);
      const hurdles: string[] = [];
      const vault = await vaultOf(world);
      const user = gadgetUser(people[screen]);
      await page.route('https://vault.example.com/**', (route) => route.fulfill({ body: 'signed in' }));
      await page.goto((await vault.begin({ acr_values: 'mfa' })).url.href);
      await signIn(page, user);
      hurdles.push(...(await hurdlesOf(page, 'two-steps-1-set-up')));
      const app = AuthenticatorApp.from(await page.content());
      await submit(page, 'code', '000000');
      hurdles.push(...(await hurdlesOf(page, 'two-steps-2-wrong')));
      const at = now();
      await submit(page, 'code', app.code(at));
      await page.waitForSelector('ul.codes');
      hurdles.push(...(await hurdlesOf(page, 'two-steps-3-recovery-codes')));
      const [recovery = ''] = await page.locator('ul.codes code').allTextContents();
      await page.click('button[type=submit]');
      await page.waitForURL(/^https:\/\/vault\.example\.com\/callback\?code=/);

      await page.goto((await vault.begin({ acr_values: 'mfa', prompt: 'login' })).url.href);
      if ((await page.locator('input[name=username]').count()) > 0) await submit(page, 'username', user.username);
      await submit(page, 'password', user.password);
      hurdles.push(...(await hurdlesOf(page, 'two-steps-4-code')));
      await submit(page, 'code', app.code(at));
      expect(await page.textContent('main')).toContain('The code is wrong or too old.');
      await submit(page, 'code', app.code(Math.max(now(), at + step)));
      await page.waitForURL(/^https:\/\/vault\.example\.com\/callback\?code=/);

      await page.goto((await vault.begin({ acr_values: 'mfa', prompt: 'login' })).url.href);
      if ((await page.locator('input[name=username]').count()) > 0) await submit(page, 'username', user.username);
      await submit(page, 'password', user.password);
      await page.click('text="Use a recovery code"');
      hurdles.push(...(await hurdlesOf(page, 'two-steps-5-recovery')));
      await submit(page, 'code', recovery);
      await page.waitForURL(/^https:\/\/vault\.example\.com\/callback\?code=/);
      expect({ hurdles, errors }).toEqual({ hurdles: [], errors: [] });
    });
  });
});

import { describeWithInstalled } from '@corsac/testing/backing';
import type { Page } from 'playwright-core';
import { embeddedWorld, type OwnWorld } from '../world/world.js';
import { Chromium, chromiumPath, hurdlesOf, type Screen } from './chromium.js';

jest.setTimeout(120_000);

const password = 'Corsac-demo-1';

describeWithInstalled('chromium', [chromiumPath], () => {
  let world: OwnWorld;
  let chromium: Chromium;
  beforeAll(async () => {
    world = await embeddedWorld();
    chromium = await Chromium.start();
  }, 120_000);
  afterAll(async () => {
    await chromium?.stop();
    await world?.stop();
  });
  afterEach(() => chromium.closePages());

  /** Signs in at the console and comes to the parties of the first track. */
  const signIn = async (page: Page, username: string): Promise<void> => {
    await page.goto(`${world.base}/control/`);
    await page.getByLabel('Tenant').fill('acme');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.fill('input[name=username]', username);
    await page.click('button[type=submit]');
    await page.fill('input[name=password]', password);
    await page.click('button[type=submit]');
    await page.getByRole('heading', { name: 'Down-parties' }).waitFor();
  };

  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

  const signOut = async (page: Page): Promise<void> => {
    await page.getByRole('button', { name: /^Signed in as/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    const confirm = page.locator('form button[type=submit]');
    await page.getByLabel('Tenant').or(confirm).first().waitFor();
    if (!page.url().endsWith('/control/')) await confirm.first().click();
    await page.getByLabel('Tenant').waitFor();
  };

  describe.each<Screen>(['phone', 'desktop'])('the console, on a %s', (screen) => {
    it('an administrator makes an application, gives it a secret, mends a mistake, and signs out', async () => {
      const { page, errors } = await chromium.newPage(screen);
      const hurdles: string[] = [];
      const name = `journey-${screen}`;
      await signIn(page, 'admin@example.com');
      hurdles.push(...(await hurdlesOf(page, 'console-1-parties')));

      await button(page, 'Create down-party').click();
      await page.getByRole('menuitem', { name: /^OpenID Connect/ }).click();
      await page.getByRole('textbox', { name: 'Name', exact: false }).first().fill(name);
      expect(await page.getByLabel('Addresses').textContent()).toContain(`${world.base}/acme/-/${name}`);
      await page.getByRole('combobox', { name: 'Allowed up-parties' }).click();
      await page.getByRole('option', { name: 'login', exact: true }).click();
      await page.keyboard.press('Escape');
      await button(page, 'Add to Redirect URIs').click();
      await page.getByLabel('Redirect URIs 1', { exact: true }).fill('javascript:alert(1)');
      await button(page, 'Create').click();
      await page.getByRole('alert').waitFor();
      hurdles.push(...(await hurdlesOf(page, 'console-2-refused')));
      const uri = page.getByLabel('Redirect URIs 1', { exact: true });
      expect(await uri.getAttribute('aria-invalid')).toBe('true');
      await uri.fill('https://journey.example.com/callback');
      await button(page, 'Create').click();

      await button(page, 'Add secret').click();
      const secrets = page.getByLabel('Secrets').first();
      await secrets.getByText('Copy the new secret now').waitFor();
      expect(await secrets.locator('code.address').textContent()).toMatch(/^[\w-]{43}$/);
      hurdles.push(...(await hurdlesOf(page, 'console-3-secret')));
      await button(page, 'I have it').click();

      await button(page, 'Show advanced settings').click();
      await page.getByLabel('ID token lifetime').fill('1');
      await button(page, 'Save').click();
      await page.getByRole('alert').waitFor();
      expect(await page.getByLabel('ID token lifetime').getAttribute('aria-invalid')).toBe('true');
      await page.getByLabel('ID token lifetime').fill('600');
      await button(page, 'Save').click();
      await page.getByRole('alert').waitFor({ state: 'detached' });
      await page.reload();
      await button(page, 'Show advanced settings').click();
      expect(await page.getByLabel('ID token lifetime').inputValue()).toBe('600');
      hurdles.push(...(await hurdlesOf(page, 'console-4-party')));

      await button(page, 'Delete').click();
      await page
        .getByRole('group', { name: `Delete the down-party ${name}?` })
        .getByRole('button', { name: 'Delete' })
        .click();
      await page.getByRole('heading', { name: 'Down-parties' }).waitFor();
      await signOut(page);
      expect(await page.evaluate('Object.keys(sessionStorage).length')).toBe(0);
      // What was refused on purpose is all that the browser complains of.
      const unexpected = errors.filter((error) => !error.includes('422'));
      expect({ hurdles, unexpected }).toEqual({ hurdles: [], unexpected: [] });
    });

    it('every tab shows what it is for, without hurdles', async () => {
      const { page, errors } = await chromium.newPage(screen);
      const hurdles: string[] = [];
      await signIn(page, 'admin@example.com');
      const look = async (path: string, seen: string): Promise<void> => {
        await page.goto(`${world.base}/control/acme/${path}`);
        await page.getByText(seen).first().waitFor();
        hurdles.push(...(await hurdlesOf(page, `console-5-${path.replaceAll('/', '-')}`)));
      };
      await look('-/parties/up', 'partner-saml');
      await look('-/users/users', 'Ada Lovelace');
      await look('-/users/sessions', 'Find sessions');
      await look('-/keys', 'Rotate at once');
      await look('master/logs/journeys', 'corsac_control');
      await look('-/logs/logouts', 'Logouts');
      await look('master/logs/audit', 'Audit');
      await look('-/settings', 'Sequence lifetime');
      expect({ hurdles, errors }).toEqual({ hurdles: [], errors: [] });
    });
  });

  it('addresses of a new up-party follow its name and the track that is chosen', async () => {
    const { page } = await chromium.newPage('desktop');
    await signIn(page, 'admin@example.com');
    await page.goto(`${world.base}/control/acme/-/parties/up/new/oidc`);
    await page.getByRole('textbox', { name: 'Name', exact: false }).first().fill('azure');
    const addresses = page.getByLabel('Addresses');
    await addresses.getByText(`${world.base}/acme/-/(azure)/oauth/authorizationresponse`).waitFor();
    await page.getByRole('button', { name: /^Track Production/ }).click();
    await page.getByLabel('Filter tracks').fill('part');
    await page.getByRole('link', { name: 'Partner (partner)' }).click();
    for (const end of ['authorizationresponse', 'endsessionresponse', 'frontchannellogout'])
      await addresses.getByText(`${world.base}/acme/partner/(azure)/oauth/${end}`).waitFor();
  });

  it('a reader sees all and can change nothing', async () => {
    const { page } = await chromium.newPage('desktop');
    await signIn(page, 'reader@example.com');
    expect(await button(page, 'Create down-party').isDisabled()).toBe(true);
    await page.getByRole('link', { name: /^Shop shop/ }).click();
    await page.getByText('You may read this, but not change it.').waitFor();
    for (const name of ['Save', 'Add secret', 'Rename', 'Delete'])
      expect(await button(page, name).isDisabled()).toBe(true);
    expect(await page.getByLabel('Display name').isDisabled()).toBe(true);
  });
});

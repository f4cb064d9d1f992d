import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Browser } from '../browser/browser.js';
import { signInOnPages } from '../party/relying-party.js';
import { untilTracksAreThere } from '../world/until-there.js';
import { embeddedWorld, type OwnWorld } from '../world/world.js';
import { Howto } from './howto.js';

jest.setTimeout(60_000);

const page = new Howto('use-the-control-api');
const admin = { username: 'admin@example.com', password: 'Corsac-demo-1' };
const DEPLOYER_SECRET = 'a secret of the deployer that is long enough';

describe('use-the-control-api.md', () => {
  let world: OwnWorld;
  let token = '';

  beforeAll(async () => {
    world = await embeddedWorld();
    await untilTracksAreThere(world, ['acme/-', 'acme/master']);
  }, 120_000);
  afterAll(() => world?.stop());

  /** What a person does with the address that the page's commands print; true when they have allowed it. */
  const allow = async (address: string): Promise<boolean> => {
    const browser = new Browser(world.base);
    const shown = await browser.open(address);
    const [, user_code = ''] = /user_code=([A-Z-]+)/.exec(address) ?? [];
    const asked = await signInOnPages(browser, await browser.submit(shown, { user_code }), admin);
    if (!asked.html.includes('consent')) return false;
    await browser.submit(asked, {}, 'consent');
    return true;
  };

  /** Runs the commands of the first call as they stand there. @returns the token, unless the user was not there yet */
  const firstCall = async (): Promise<string | undefined> => {
    // Its standard input is a socket, which has Bash take itself for a remote shell and read its settings.
    const child = spawn('/bin/bash', ['--norc', '-euo', 'pipefail', '-c', page.commands('bash')], {
      env: { PATH: process.env['PATH'], CORSAC_BASE_URL: world.base },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    try {
      const allowed = await allow(String((await lines.next()).value));
      if (!allowed) return undefined;
      child.stdin.write('\n');
      return String((await lines.next()).value);
    } finally {
      child.kill();
    }
  };

  it('lets an administrator in by the device grant', async () => {
    // Users are handed over to the service that owns them a moment after the start.
    for (let tries = 0; token === '' && tries < 20; tries += 1) token = (await firstCall()) ?? '';
    expect(token).toMatch(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/);
  });

  it('changes, is refused, lets a program in, and tells who did it, as its commands stand there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'corsac-control-'));
    try {
      const printed = await page.run({ CORSAC_BASE_URL: world.base, TOKEN: token, DEPLOYER_SECRET }, folder);
      expect(printed).toMatch(/^\{"name":"acme",.*"tracks":\{"items":\[\{"name":"-"/);
      expect(printed).toMatch(/"title":"Acme for everybody".*\n200\n/);
      expect(printed).toMatch(/"title":"It has been changed meanwhile\.".*\n412\n/);
      expect(printed).toContain('"status":422');
      expect(printed).toContain('"field":"redirect_uris[0]"');
      expect(printed).toMatch(/\{"items":\[\{[^\n]*"name":"shop"/);
      const entry = '"operation":"putUpParty"[^\\n]*"field":"title","before":"Acme","after":"Acme for everybody"';
      expect(printed).toMatch(new RegExp(entry));
      expect(printed).not.toContain(DEPLOYER_SECRET);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

import { existsSync } from 'node:fs';
import { describeWithInstalled } from '@corsac/testing/backing';
import { chromium, type Browser, type Page } from 'playwright-core';
import { checkIdToken, checkTokens, leftHalfHash } from './checks.js';
import { ModuleRun } from './module-run.js';
import type { Variant } from './module.js';
import { backOf, longState } from './modules/logout.js';
import type { ConformanceWorld } from './provider.js';
import type { Received } from './suite-server.js';

const places = [
  process.env['CHROMIUM'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const executablePath = places.find((path) => path !== '' && existsSync(path));

const variantOf = (client_id: string, response_type: string): Variant => ({
  client_id,
  response_type,
  response_mode: 'form_post',
  client_auth: 'client_secret_basic',
});

/** Sends the user off and types what the pages ask for, as the suite's robot does. */
const signIn = async (page: Page, run: ModuleRun, parameters: Record<string, string>): Promise<Received> => {
  const { username, password } = run.world.user;
  const query = new URLSearchParams(parameters).toString();
  await page.goto(`${run.provider.metadata.authorization_endpoint}?${query}`);
  await page.fill('input[name=username]', username);
  await page.click('button[type=submit]');
  await page.fill('input[name=password]', password);
  await page.click('button[type=submit]');
  await page.waitForURL((url) => url.href.startsWith(run.redirect_uri));
  return run.world.server.until('the answer', ({ path, query: at, body }) =>
    [path === 'callback', [at.get('state'), body.get('state')].includes(parameters['state'] ?? '')].every(Boolean),
  );
};

type RunOf = (variant: Variant) => Promise<ModuleRun>;
/** Uses a page of a new profile; it must have nothing to complain of. */
type InPage = (use: (page: Page) => Promise<void>) => Promise<void>;

const formPostRules = (runOf: RunOf, inPage: InPage): void => {
  it.each([
    ['code', 'basic'],
    ['id_token', 'implicit'],
    ['id_token token', 'implicit'],
    ['code id_token', 'hybrid'],
    ['code token', 'hybrid'],
    ['code id_token token', 'hybrid'],
  ])('form_post: the answer of %s posts itself to the application', async (response_type, client_id) => {
    const run = await runOf(variantOf(client_id, response_type));
    const parameters = run.parameters();
    await inPage(async (page) => {
      const { method, headers, query, body } = await signIn(page, run, parameters);
      expect([method, [...query]]).toEqual(['POST', []]);
      expect(headers['content-type']).toBe('application/x-www-form-urlencoded');
      expect(body.get('iss')).toBe(run.provider.metadata.issuer);
      const came = [body.has('code'), body.has('access_token'), body.has('id_token')];
      expect(came).toEqual([run.has('code'), run.has('token'), run.has('id_token')]);
      expect(await page.textContent('h1')).toBe('suite');
      if (!run.has('id_token')) return;
      const claims = await checkIdToken(run, body.get('id_token') ?? '', parameters);
      const code = body.get('code');
      expect(claims['c_hash']).toBe(code === null ? undefined : leftHalfHash(code));
    });
  });
};

const frontChannelRules = (runOf: RunOf, inPage: InPage): void => {
  it('front-channel logout: the script goes on as soon as the frame has loaded, and says so', async () => {
    const run = await runOf({ ...variantOf('front-logout', 'code'), response_mode: 'default' });
    const parameters = run.parameters();
    await inPage(async (page) => {
      const { query } = await signIn(page, run, parameters);
      const code = query.get('code') ?? '';
      const { redirect_uri } = run;
      const { id_token = '' } = await checkTokens(
        await run.token({ grant_type: 'authorization_code', code, redirect_uri }),
      );
      const { sid } = await checkIdToken(run, id_token, parameters);
      const state = longState();
      const logout = { id_token_hint: id_token, post_logout_redirect_uri: backOf(run), state };
      const reports: string[] = [];
      page.on('request', (request) => request.method() === 'POST' && reports.push(request.postData() ?? ''));
      await page.goto(`${run.provider.metadata.end_session_endpoint}?${new URLSearchParams(logout).toString()}`);
      await page.waitForURL(`${backOf(run)}?state=${state}`);
      // By the clock alone, after three seconds, nothing would stand there.
      expect(reports.map((report) => new URLSearchParams(report).get('loaded'))).toEqual([expect.stringMatching(/./)]);
      const told = run.world.server.received.filter(({ path, query: at }) =>
        [path === 'frontchannel_logout', at.get('sid') === sid].every(Boolean),
      );
      expect(told.map(({ query: at }) => at.get('iss'))).toEqual([run.provider.metadata.issuer]);
    });
  });
};

/** What only a browser with script shows: that the policies of the pages strand neither forms nor frames. */
export const inChromium = (of: () => ConformanceWorld): void => {
  describeWithInstalled('Chromium', [executablePath ?? '/usr/bin/chromium'], () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
    });
    afterAll(async () => browser?.close());

    const runOf: RunOf = async (variant) =>
      new ModuleRun(of(), variant, await of().provider(variant.client_id), () => Promise.resolve());
    const inPage: InPage = async (use) => {
      const context = await browser.newContext();
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      await use(page);
      expect(complaints.filter((text) => !text.includes('favicon'))).toEqual([]);
      await context.close();
    };
    formPostRules(runOf, inPage);
    frontChannelRules(runOf, inPage);
  });
};

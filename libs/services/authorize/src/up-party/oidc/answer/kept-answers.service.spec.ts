import { describeWith } from '@corsac/testing/backing';
import { FakeProvider } from '../../../fixtures/oidc-up-party/fake-provider.js';
import { Flow } from '../../../fixtures/oidc-up-party/flow.js';
import { answerOf, base, sealed, secretOfShop, World } from '../../../fixtures/oidc-up-party/world.js';
import type { TestBrowser } from '../../../fixtures/oidc-up-party/browser.js';

describeWith('postgres', (databaseUrl) => {
  const world = new World();
  let op: FakeProvider;
  let flow: Flow;

  beforeAll(async () => {
    op = await new FakeProvider().start();
    flow = new Flow(world, op);
    await world.start(databaseUrl);
  }, 60_000);
  afterAll(async () => {
    await world.stop();
    await op.stop();
  });
  beforeEach(() => {
    world.tokens.isAway = false;
    world.sessions.isAway = false;
  });

  /** The answer of the provider comes in while somebody is away, and its code is spent. */
  const answerWhileAway = async (browser: TestBrowser, who: 'tokens' | 'sessions', more: object = {}) => {
    const up = await flow.trust(more);
    const asked = await flow.begin(browser, up);
    const fields = { code: op.codeFor(await op.idToken(asked)), state: asked.get('state') ?? '' };
    world[who].isAway = true;
    const page = await flow.answer(browser, up, fields);
    expect(page.status).toBe(503);
    expect(page.headers.get('retry-after')).toBe('2');
    return { up, fields, page };
  };
  const retryIn = (html: string): string => {
    const href = /<a class="button main" href="([^"]+)"/.exec(html)?.[1];
    if (href === undefined) throw new Error(html);
    return base + href;
  };

  describe('an answer of a provider that came while another service was away', () => {
    it.each(['tokens', 'sessions'] as const)('is kept until %s are back: a reload goes on from there', async (who) => {
      const browser = world.browser();
      const redeemed = op.redeemed.length;
      const { up, fields } = await answerWhileAway(browser, who);
      expect((await flow.answer(browser, up, fields)).status).toBe(503);
      world[who].isAway = false;
      expect(answerOf(await flow.answer(browser, up, fields))).toHaveProperty('code');
      expect(op.redeemed).toHaveLength(redeemed + 1);
    });

    it('goes on from the page as well, which leads to our own address', async () => {
      const browser = world.browser();
      const { page } = await answerWhileAway(browser, 'sessions');
      world.sessions.isAway = false;
      expect(answerOf(await browser.go(retryIn(page.html)))).toHaveProperty('code');
    });

    it('stands on one session, however often it is tried', async () => {
      const browser = world.browser();
      const before = world.sessions.kept.length;
      const { up, fields } = await answerWhileAway(browser, 'tokens');
      world.tokens.isAway = false;
      expect(answerOf(await flow.answer(browser, up, fields))).toHaveProperty('code');
      expect(world.sessions.kept).toHaveLength(before + 1);
    });

    it('does not exist for another browser', async () => {
      const { up, fields, page } = await answerWhileAway(world.browser(), 'sessions');
      world.sessions.isAway = false;
      expect((await flow.answer(world.browser(), up, fields)).status).toBe(400);
      expect((await world.browser().go(retryIn(page.html))).status).toBe(400);
    });

    it('is good for one answer to the application', async () => {
      const browser = world.browser();
      const { up, fields, page } = await answerWhileAway(browser, 'tokens');
      world.tokens.isAway = false;
      expect(answerOf(await flow.answer(browser, up, fields))).toHaveProperty('code');
      expect((await flow.answer(browser, up, fields)).status).toBe(400);
      expect((await browser.go(retryIn(page.html))).status).toBe(400);
    });

    it('by a form without cookies is kept too, whether the form or the way back to us is reloaded', async () => {
      for (const again of ['form', 'way back'] as const) {
        const up = await flow.trust({ response_mode: 'form_post' });
        const browser = world.browser();
        const asked = await flow.begin(browser, up);
        const form = { code: op.codeFor(await op.idToken(asked)), state: asked.get('state') ?? '' };
        world.sessions.isAway = true;
        const page = await flow.post(browser, up, form);
        expect(page.status).toBe(503);
        world.sessions.isAway = false;
        const next = again === 'form' ? await flow.post(browser, up, form) : await browser.go(page.url);
        expect(answerOf(next)).toHaveProperty('code');
      }
    });

    it('is kept where it has gone down a track link as well', async () => {
      const party = { type: 'oidc', name: 'op', authority: op.issuer, response_mode: 'query' };
      const secret = { client_secret: sealed(secretOfShop, 'other') };
      await world.trust({ ...party, ...secret, hrd_domains: ['example.com'] }, 'other');
      await world.link();
      const browser = world.browser();
      const asked = await flow.begin(browser, 'linked', { login_hint: 'ada@example.com' });
      const code = op.codeFor(await op.idToken(asked));
      const query = new URLSearchParams({ code, state: asked.get('state') ?? '' }).toString();
      const address = `${base}/acme/other/(op)/oauth/authorizationresponse?${query}`;
      world.sessions.isAway = true;
      const page = await browser.go(address, { from: flow.from });
      expect(page.status).toBe(503);
      expect(new URL(retryIn(page.html)).pathname).toMatch(/^\/acme\/-\/\(linked\)\/login\//);
      world.sessions.isAway = false;
      expect(answerOf(await browser.go(address, { from: flow.from }))).toHaveProperty('code');
    });
  });
});

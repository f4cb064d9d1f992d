import { randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Page } from '../../browser/browser.js';
import { checkRefusal, flow, type Flow } from '../checks.js';
import { moduleOf } from '../module.js';
import type { Changes, ModuleRun } from '../module-run.js';

/** Where a logout came to: back at the application, or at a page. */
export interface LoggedOut {
  readonly back?: URL;
  readonly page: Page;
  /** Pages on the way on which the user pressed a button. */
  readonly pressed: number;
}

export const backOf = (run: ModuleRun): string => `${run.world.suite}/post_logout_redirect`;

/** 128 characters, as the suite sends: a provider must not shorten it. */
export const longState = (): string => randomBytes(64).toString('hex');

/** Sends the user to the end-session endpoint, loads frames as a browser would, and presses main buttons. */
export const logOut = async (run: ModuleRun, changes: Changes): Promise<LoggedOut> => {
  const query = Object.entries(changes).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const endpoint = run.provider.metadata.end_session_endpoint;
  let page = await run.browser.open(`${endpoint}?${new URLSearchParams(query).toString()}`);
  let pressed = 0;
  while (page.status === 200 && page.forms[0]?.method === 'post') {
    const frames = [...page.html.matchAll(/<iframe\b[^>]*\ssrc="([^"]*)"[^>]*\sdata-receipt="([^"]*)"/g)];
    const loaded: string[] = [];
    for (const [, src = '', receipt = ''] of frames)
      if ((await fetch(src.replaceAll('&amp;', '&'))).ok) loaded.push(receipt);
    page = await run.browser.submit(page, frames.length > 0 ? { loaded: loaded.join(' ') } : {});
    pressed += frames.length > 0 ? 0 : 1;
  }
  const isBack = page.url.startsWith(run.world.suite);
  return { page, pressed, ...(isBack && { back: new URL(page.url) }) };
};

/** The parameters with which the suite begins every logout. */
export const logoutOf = (run: ModuleRun, { idToken }: Flow, changes: Changes = {}): Changes => ({
  id_token_hint: idToken?.raw,
  post_logout_redirect_uri: backOf(run),
  state: longState(),
  ...changes,
});

export const expectSignedOut = async (run: ModuleRun): Promise<void> =>
  void checkRefusal(run, await run.ask({ prompt: 'none' }), ['login_required', 'interaction_required']);

const expectSignedIn = async (run: ModuleRun): Promise<void> =>
  expect((await flow(run, { prompt: 'none' })).answer.passwords).toBe(0);

/** Back where it was registered, with the state as it was sent and nothing more. */
export const expectBack = (run: ModuleRun, { back }: LoggedOut, state: string | undefined): void => {
  expect(back && `${back.origin}${back.pathname}`).toBe(backOf(run));
  expect([...(back?.searchParams ?? [])]).toEqual(state === undefined ? [] : [['state', state]]);
};

/** The page that the suite wants a picture of: one is signed out. */
const expectEndPage = ({ page, back }: LoggedOut): void => {
  expect(back).toBeUndefined();
  expect([page.status, page.forms]).toEqual([200, []]);
  expect(page.html).toContain('<h1>You are signed out</h1>');
};

/** A page that says what is wrong; nothing was ended and nobody was sent back. */
const expectRefused = async (run: ModuleRun, { page, back }: LoggedOut, says: string): Promise<void> => {
  expect(back).toBeUndefined();
  expect(page.status).toBe(400);
  expect(page.html).toContain(says);
  await expectSignedIn(run);
};

/** A token of this issuer, client and user that somebody else signed. */
const foreignHint = async (run: ModuleRun, { idToken }: Flow): Promise<string> => {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const { raw: _raw, ...claims } = idToken ?? { raw: '' };
  const { kid } = run.provider.keySet.keys[0] ?? {};
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256', kid: kid ?? '', jwk: await exportJWK(publicKey) })
    .sign(privateKey);
};

/** The signed content under a header that says that it is not signed. */
const unsignedHint = ({ idToken }: Flow): string => {
  const [, payload = ''] = idToken?.raw.split('.') ?? [];
  return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
};

/** A hint that cannot be believed: the user is asked at most, and is not sent back. */
const expectNoWayBack = async (run: ModuleRun, changes: Changes): Promise<void> => {
  const state = longState();
  const outcome = await logOut(run, { post_logout_redirect_uri: backOf(run), state, ...changes });
  expect(outcome.back).toBeUndefined();
  expect(outcome.pressed).toBe(1);
  expectEndPage(outcome);
  await expectSignedOut(run);
};

/** RP-Initiated Logout 1.0. */
export const logoutModules = [
  moduleOf(
    'oidcc-rp-initiated-logout',
    'with hint, address and state the user is signed out at once and is back with the state',
    async (run) => {
      const state = longState();
      const outcome = await logOut(run, logoutOf(run, await flow(run), { state }));
      expect(outcome.pressed).toBe(0);
      expectBack(run, outcome, state);
      await expectSignedOut(run);
    },
  ),
  moduleOf('oidcc-rp-initiated-logout-no-state', 'without state the user is back without one', async (run) => {
    const outcome = await logOut(run, logoutOf(run, await flow(run), { state: undefined }));
    expectBack(run, outcome, undefined);
    await expectSignedOut(run);
  }),
  moduleOf(
    'oidcc-rp-initiated-logout-bad-post-logout-redirect-uri',
    'an address that is not registered is refused before anything ends',
    async (run) => {
      const post_logout_redirect_uri = `${backOf(run)}/${randomBytes(4).toString('hex')}`;
      const outcome = await logOut(run, logoutOf(run, await flow(run), { post_logout_redirect_uri }));
      await expectRefused(run, outcome, 'post_logout_redirect_uri');
    },
  ),
  moduleOf(
    'oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri',
    'a query added to a registered address is refused before anything ends',
    async (run) => {
      const post_logout_redirect_uri = `${backOf(run)}?foo=bar`;
      const outcome = await logOut(run, logoutOf(run, await flow(run), { post_logout_redirect_uri }));
      await expectRefused(run, outcome, 'post_logout_redirect_uri');
    },
  ),
  moduleOf(
    'oidcc-rp-initiated-logout-modified-id-token-hint',
    'a hint changed to alg none counts as no hint: the user is asked, and stays here',
    async (run) => expectNoWayBack(run, { id_token_hint: unsignedHint(await flow(run)) }),
  ),
  moduleOf(
    'oidcc-rp-initiated-logout-bad-id-token-hint',
    'a hint that somebody else signed counts as no hint: the user is asked, and stays here',
    async (run) => expectNoWayBack(run, { id_token_hint: await foreignHint(run, await flow(run)) }),
  ),
  moduleOf(
    'oidcc-rp-initiated-logout-no-id-token-hint',
    'an address without hint: the user is asked, and stays here',
    async (run) => {
      await flow(run);
      await expectNoWayBack(run, {});
    },
  ),
  moduleOf(
    'oidcc-rp-initiated-logout-no-post-logout-redirect-uri',
    'without address the user ends on a page that says that one is signed out',
    async (run) => {
      const outcome = await logOut(run, logoutOf(run, await flow(run), { post_logout_redirect_uri: undefined }));
      expect(outcome.pressed).toBe(0);
      expectEndPage(outcome);
      await expectSignedOut(run);
    },
  ),
  moduleOf(
    'oidcc-rp-initiated-logout-no-params',
    'without any parameter the user is asked, and then signed out',
    async (run) => {
      await flow(run);
      const outcome = await logOut(run, {});
      expect(outcome.pressed).toBe(1);
      expectEndPage(outcome);
      await expectSignedOut(run);
    },
  ),
  moduleOf(
    'oidcc-rp-initiated-logout-only-state',
    'with a state alone the user is asked, and then signed out',
    async (run) => {
      await flow(run);
      const outcome = await logOut(run, { state: longState() });
      expect(outcome.pressed).toBe(1);
      expectEndPage(outcome);
      await expectSignedOut(run);
    },
  ),
];

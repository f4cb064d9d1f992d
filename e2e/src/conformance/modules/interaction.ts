import { checkRefusal, flow, type Flow } from '../checks.js';
import { moduleOf } from '../module.js';
import type { Changes, ModuleRun } from '../module-run.js';

/** OIDC Core 3.1.2.6: errors that say that a page would have been needed. */
const needsPage = ['login_required', 'interaction_required', 'consent_required', 'account_selection_required'];

/** A second request in the browser of the first. */
const twice = async (run: ModuleRun, changes: (first: Flow) => Changes): Promise<[Flow, Flow]> => {
  const first = await flow(run);
  return [first, await flow(run, changes(first))];
};

/** The second answer came without a page, and speaks of the same user and the same sign-in. */
const expectSameSignIn = ([first, second]: readonly [Flow, Flow]): void => {
  expect([first.answer.passwords, second.answer.passwords]).toEqual([1, 0]);
  expect(second.idToken?.sub).toBe(first.idToken?.sub);
  expect(second.idToken?.['auth_time']).toEqual(first.idToken?.['auth_time']);
};

/** What pages are shown, when, and how requests wish for them. */
export const interactionModules = [
  moduleOf('oidcc-display-page', 'display=page is no obstacle', async (run) => {
    expect((await flow(run, { display: 'page' })).answer.passwords).toBe(1);
  }),
  moduleOf('oidcc-display-popup', 'display=popup is no obstacle', async (run) => {
    expect((await flow(run, { display: 'popup' })).answer.passwords).toBe(1);
  }),

  moduleOf('oidcc-prompt-login', 'prompt=login asks again who is signed in, and says when', async (run) => {
    const first = await flow(run);
    await run.pause(1);
    const second = await flow(run, { prompt: 'login' });
    expect([first.answer.passwords, second.answer.passwords]).toEqual([1, 1]);
    expect(Number(second.idToken?.['auth_time'])).toBeGreaterThan(Number(first.idToken?.['auth_time']));
  }),

  moduleOf(
    'oidcc-prompt-none-not-logged-in',
    'prompt=none without a session is refused with an error that says so',
    async (run) => void checkRefusal(run, await run.ask({ prompt: 'none' }), needsPage),
  ),

  moduleOf('oidcc-prompt-none-logged-in', 'prompt=none with a session answers without a page', async (run) =>
    expectSameSignIn(await twice(run, () => ({ prompt: 'none' }))),
  ),

  moduleOf('oidcc-max-age-1', 'a sign-in that is older than max_age=1 is asked anew, with auth_time', async (run) => {
    const first = await flow(run);
    await run.pause(2);
    const second = await flow(run, { max_age: '1' });
    expect([first.answer.passwords, second.answer.passwords]).toEqual([1, 1]);
    const auth_time = Number(second.idToken?.['auth_time']);
    expect(auth_time).toBeGreaterThan(Number(first.idToken?.['auth_time'] ?? 0));
    expect(Math.abs(Date.now() / 1000 - auth_time)).toBeLessThan(60);
  }),

  moduleOf('oidcc-max-age-10000', 'max_age=10000 lets the session answer, with auth_time', async (run) => {
    const flows = await twice(run, () => ({ max_age: '10000' }));
    expectSameSignIn(flows);
    expect(flows[1].idToken?.['auth_time']).toEqual(expect.any(Number));
  }),

  moduleOf('oidcc-id-token-hint', 'id_token_hint with prompt=none answers for the user of the hint', async (run) =>
    expectSameSignIn(
      await twice(run, ({ idToken }) => ({ prompt: 'none', id_token_hint: idToken?.raw ?? 'no ID token' })),
    ),
  ),

  moduleOf('oidcc-login-hint', 'login_hint is no obstacle', async (run) => {
    expect((await flow(run, { login_hint: run.world.user.username })).answer.passwords).toBe(1);
  }),
  moduleOf('oidcc-ui-locales', 'ui_locales in a language that is not there is no obstacle', async (run) => {
    expect((await flow(run, { ui_locales: 'se' })).answer.passwords).toBe(1);
  }),
  moduleOf('oidcc-claims-locales', 'claims_locales in a language that is not there is no obstacle', async (run) => {
    expect((await flow(run, { claims_locales: 'se' })).answer.passwords).toBe(1);
  }),
  moduleOf(
    'oidcc-ensure-request-with-unknown-parameter-succeeds',
    'a parameter that nobody knows is no obstacle',
    async (run) => void (await flow(run, { extra: 'foobar' })),
  ),

  moduleOf(
    'oidcc-ensure-request-with-acr-values-succeeds',
    'acr_values of the metadata are answered by an acr that is one of them',
    async (run) => {
      const supported = run.provider.metadata.acr_values_supported;
      expect(supported?.length).toBeGreaterThan(0);
      const { frontIdToken, backIdToken, answer } = await flow(run, { acr_values: supported?.join(' ') });
      expect(answer.passwords).toBe(1);
      for (const token of [frontIdToken, backIdToken]) if (token) expect(supported).toContain(token['acr']);
      // What nobody offers is asked for as well: the sign-in goes on, and the answer stays true.
      const other = await flow(run, { acr_values: '1 2' });
      expect([undefined, ...(supported ?? [])]).toContain(other.idToken?.['acr']);
    },
  ),
];

import { createHash, randomBytes } from 'node:crypto';
import { checkIdToken, checkTokenError, checkTokens, checkUserInfo, complete, flow } from '../checks.js';
import { moduleOf } from '../module.js';
import type { ModuleRun } from '../module-run.js';

const reuse = async (run: ModuleRun, seconds: number): Promise<void> => {
  const { answer, access_token = '', idToken } = await flow(run);
  await checkUserInfo(await run.userinfo(access_token), idToken?.sub);
  await run.pause(seconds);
  await checkTokenError(await run.redeem(answer), 'invalid_grant');
  // RFC 6749 4.1.2: what the first use got is revoked; so is the token that came beside the code.
  const tokens = [access_token, answer.params.get('access_token')].filter((token) => token !== null);
  for (const token of tokens) expect((await run.userinfo(token)).status).toBe(401);
};

/** Signs in for a refresh token and uses it once. */
const refreshed = async (run: ModuleRun): Promise<string> => {
  expect(run.provider.metadata.scopes_supported).toContain('offline_access');
  expect(run.provider.metadata['grant_types_supported']).toContain('refresh_token');
  const {
    refresh_token = '',
    access_token,
    backIdToken,
    answer,
  } = await flow(run, {
    scope: 'openid offline_access',
    prompt: 'consent',
  });
  await run.pause(1);
  const body = await checkTokens(
    await run.token({ grant_type: 'refresh_token', refresh_token, scope: 'openid offline_access' }),
  );
  expect(body['access_token']).not.toBe(access_token);
  expect(body['refresh_token']?.length).toBeGreaterThan(20);
  // OIDC Core 12.2: a nonce is left out, or the same.
  const sent = { ...answer.sent };
  delete sent['nonce'];
  const again = await checkIdToken(run, body['id_token'] ?? '', sent);
  for (const claim of ['iss', 'sub', 'aud', 'azp', 'auth_time']) expect(again[claim]).toEqual(backIdToken?.[claim]);
  expect(Number(again.iat)).toBeGreaterThan(Number(backIdToken?.iat));
  await checkUserInfo(await run.userinfo(body['access_token'] ?? ''), again.sub);
  return body['refresh_token'] ?? '';
};

/** What becomes of codes and of the grants behind them. */
export const codeModules = [
  moduleOf('oidcc-codereuse', 'a code that comes twice is refused as invalid_grant', (run) => reuse(run, 0)),

  moduleOf(
    'oidcc-codereuse-30seconds',
    'a code that comes again after 30 seconds is refused, and the access token of its first use is revoked',
    (run) => reuse(run, 30),
  ),

  moduleOf(
    'oidcc-refresh-token',
    'a refresh token gives new tokens of the same sign-in, and none to another client',
    async (run) => {
      await refreshed(run);
      const other = await run.second();
      const refresh_token = await refreshed(other);
      await checkTokenError(await run.token({ grant_type: 'refresh_token', refresh_token }), 'invalid_grant');
    },
  ),

  moduleOf(
    'oidcc-ensure-request-with-valid-pkce-succeeds',
    'a challenge by S256 is taken, its verifier redeems the code, and nothing else does',
    async (run) => {
      const code_verifier = randomBytes(32).toString('base64url');
      const code_challenge = createHash('sha256').update(code_verifier).digest('base64url');
      expect(run.provider.metadata['code_challenge_methods_supported']).toEqual(['S256']);
      const challenge = { code_challenge, code_challenge_method: 'S256' };
      await complete(run, await run.ask(challenge), { code_verifier });
      const outcome = await run.ask(challenge);
      if (!('answer' in outcome)) throw new Error('no answer');
      await checkTokenError(await run.redeem(outcome.answer), 'invalid_grant');
    },
  ),
];

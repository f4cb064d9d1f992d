import { jwtVerify } from 'jose';
import { checkAnswer, checkErrorPage, checkStandardClaims } from '../checks.js';
import { moduleOf } from '../module.js';

/** Modules of the plan for dynamic registration that need no registration to be tried. */
export const furtherModules = [
  moduleOf(
    'oidcc-redirect-uri-query-OK',
    'the query of a registered address stays, and the answer is added to it',
    async (run) => {
      const outcome = await run.ask({ redirect_uri: `${run.redirect_uri}?foo=bar` });
      const { params } = 'answer' in outcome ? outcome.answer : { params: new URLSearchParams() };
      expect([params.get('foo'), params.has('code')]).toEqual(['bar', true]);
    },
  ),
  moduleOf(
    'oidcc-redirect-uri-query-mismatch',
    'another query than that of the registered address gets an error page',
    async (run) => checkErrorPage(run, await run.ask({ redirect_uri: `${run.redirect_uri}?bar=foo` }), 'redirect_uri'),
  ),
  moduleOf(
    'oidcc-redirect-uri-query-added',
    'a query added to that of a registered address gets an error page',
    async (run) =>
      checkErrorPage(run, await run.ask({ redirect_uri: `${run.redirect_uri}?foo=bar&more=1` }), 'redirect_uri'),
  ),
  moduleOf(
    'oidcc-ensure-redirect-uri-in-authorization-request',
    'a request without address gets an error page',
    async (run) => checkErrorPage(run, await run.ask({ redirect_uri: undefined }), 'redirect_uri'),
  ),
  moduleOf(
    'oidcc-userinfo-rs256',
    'UserInfo is signed by RS256 for a client that chose it, and says for whom',
    async (run) => {
      expect(run.provider.metadata['userinfo_signing_alg_values_supported']).toEqual(['RS256']);
      const response = await run.redeem(checkAnswer(run, await run.ask()));
      const { access_token = '' } = (await response.json()) as { access_token?: string };
      const userinfo = await run.userinfo(access_token);
      expect([userinfo.status, userinfo.headers.get('content-type')]).toEqual([200, 'application/jwt']);
      const { issuer } = run.provider.metadata;
      const { payload } = await jwtVerify(await userinfo.text(), run.provider.keys, {
        issuer,
        audience: run.provider.client_id,
        algorithms: ['RS256'],
        requiredClaims: ['sub'],
      });
      checkStandardClaims(payload);
    },
  ),
];

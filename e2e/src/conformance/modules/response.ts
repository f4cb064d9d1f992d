import { randomBytes } from 'node:crypto';
import { decodeProtectedHeader } from 'jose';
import { checkErrorPage, checkRefusal, checkUserInfo, complete, flow } from '../checks.js';
import { moduleOf } from '../module.js';

/** What comes of the response types, of ID tokens and of UserInfo. */
export const responseModules = [
  moduleOf('oidcc-server', 'a sign-in gives what the response type says, and every token is sound', async (run) => {
    const { idToken } = await flow(run);
    expect(idToken).toBeDefined();
  }),

  moduleOf(
    'oidcc-server-client-secret-post',
    'a client that sends its secret in the form is answered like one that uses the header',
    async (run) => {
      expect(run.provider.metadata['token_endpoint_auth_methods_supported']).toContain(run.variant.client_auth);
      await flow(run);
    },
  ),

  moduleOf(
    'oidcc-response-type-missing',
    'a request without response_type is refused as invalid_request or unsupported_response_type',
    async (run) => {
      const outcome = await run.ask({ response_type: undefined });
      // Without a response type nothing but the query is left, unless the request names a mode.
      const mode = run.variant.response_mode === 'form_post' ? 'form_post' : 'query';
      const asked = Object.create(run, { mode: { value: mode } }) as typeof run;
      checkRefusal(asked, outcome, ['invalid_request', 'unsupported_response_type']);
    },
  ),

  moduleOf(
    'oidcc-idtoken-signature',
    'a client that chose no algorithm gets RS256, and the header says which key',
    async (run) => {
      const { frontIdToken, backIdToken } = await flow(run);
      for (const token of [frontIdToken, backIdToken]) {
        if (!token) continue;
        const { alg, kid } = decodeProtectedHeader(token.raw);
        expect([alg, run.provider.keySet.keys.map((key) => key.kid)]).toEqual([
          'RS256',
          expect.arrayContaining([kid]) as unknown,
        ]);
      }
    },
  ),

  moduleOf(
    'oidcc-idtoken-unsigned',
    'unsigned ID tokens are not offered: none is no algorithm of the metadata, and every token is signed',
    async (run) => {
      expect(run.provider.metadata['id_token_signing_alg_values_supported']).not.toContain('none');
      const { idToken } = await flow(run);
      expect(decodeProtectedHeader(idToken?.raw ?? '').alg).not.toBe('none');
    },
  ),

  moduleOf('oidcc-userinfo-get', 'UserInfo answers GET with the token in the header', async (run) => {
    const { access_token = '', idToken } = await flow(run);
    await checkUserInfo(await run.userinfo(access_token, 'get'), idToken?.sub);
  }),

  moduleOf('oidcc-userinfo-post-header', 'UserInfo answers POST with the token in the header', async (run) => {
    const { access_token = '', idToken } = await flow(run);
    await checkUserInfo(await run.userinfo(access_token, 'post-header'), idToken?.sub);
  }),

  moduleOf('oidcc-userinfo-post-body', 'UserInfo answers POST with the token in the form', async (run) => {
    const { access_token = '', idToken } = await flow(run);
    await checkUserInfo(await run.userinfo(access_token, 'post-body'), idToken?.sub);
  }),

  moduleOf(
    'oidcc-ensure-request-without-nonce-succeeds-for-code-flow',
    'a nonce may be left out where no ID token leaves by the front channel, and none is made up',
    async (run) => {
      const { idToken } = await flow(run, { nonce: undefined });
      expect(idToken).not.toHaveProperty('nonce');
    },
  ),

  moduleOf(
    'oidcc-ensure-request-without-nonce-fails',
    'a request for an ID token by the front channel without nonce is refused as invalid_request',
    async (run) => void checkRefusal(run, await run.ask({ nonce: undefined }), ['invalid_request']),
  ),

  moduleOf(
    'oidcc-ensure-registered-redirect-uri',
    'an address that is not registered gets an error page, and nobody is sent there',
    async (run) => {
      const redirect_uri = `${run.redirect_uri}/${randomBytes(8).toString('hex')}`;
      checkErrorPage(run, await run.ask({ redirect_uri }), 'redirect_uri');
    },
  ),

  moduleOf('oidcc-ensure-post-request-succeeds', 'the authorization endpoint takes a form by POST', async (run) => {
    await complete(run, await run.ask({}, 'POST'));
  }),
];

import { describeWithInstalled } from '@corsac/testing/backing';
import { Browser } from '../../browser/browser.js';
import { ada } from '../../party/relying-party.js';
import {
  accessTokenType,
  askForToken,
  basic,
  claimsOf,
  readAsApi,
  refusedBy,
  tokenExchange,
  type Form,
} from '../exchange-request.js';
import { environmentOf, pages, type ExchangePlace } from '../place.js';

const initechApp = 'hooli/-/initech-app';

/** An access token of another issuer to access token, by trust. */
export const byTrustJourneys = (of: () => ExchangePlace): void => {
  const exchange = (subject_token: string | undefined, more: Form = {}) =>
    askForToken(
      of().world,
      initechApp,
      { grant_type: tokenExchange, subject_token, subject_token_type: accessTokenType, ...more },
      basic('initech-app', of().secret('INITECH_APP')),
    );
  const signIn = async (binding = '') =>
    (await of().webApp('initech', { binding })).signIn(new Browser(of().world.base), { scope: 'openid email' });

  describe('access token to access token by trust', () => {
    it('gives the server of an application of another tenant a token for our API', async () => {
      const { tokens, claims } = await signIn();
      const { status, body } = await exchange(tokens.access_token, { scope: 'api:read' });
      expect({ status, error: body.error }).toEqual({ status: 200, error: undefined });
      expect(body).toMatchObject({ issued_token_type: accessTokenType, token_type: 'Bearer', scope: 'api:read' });
      const { world } = of();
      const payload = await readAsApi(world, 'hooli/-', { api: 'api', token: body.access_token });
      expect(payload).toMatchObject({
        sub: `initech|${claims.sub}`,
        client_id: 'initech-app',
        auth_method: 'initech',
        act: { sub: 'c_initech-app' },
      });
      expect(payload.exp).toBeLessThanOrEqual(claimsOf(tokens.access_token).exp ?? 0);
    });

    it('runs the transforms and limits of the up-party first, then those of the client', async () => {
      const { tokens } = await signIn();
      expect(claimsOf(tokens.access_token)).toMatchObject({ email: ada.username });
      const { body } = await exchange(tokens.access_token, { scope: 'api.read' });
      const payload = claimsOf(body.access_token);
      expect(payload).toMatchObject({ email: ada.username, badge: `initech/${ada.username}` });
      // Made above and not forwarded, forwarded and not issued.
      expect(payload).not.toHaveProperty('site');
      expect(payload).not.toHaveProperty('label');
    });

    it('takes tokens of the track’s own issuer by the trust that expects their audience', async () => {
      const worker = basic('worker', of().secret('WORKER'));
      const token = (await askForToken(of().world, 'initech/-/worker', { grant_type: 'client_credentials' }, worker))
        .body;
      expect(claimsOf(token.access_token)).toMatchObject({ iss: `${of().world.base}/initech/-`, aud: 'reports' });
      const { body } = await exchange(token.access_token);
      expect(claimsOf(body.access_token)).toMatchObject({ sub: 'initech-reports|c_worker', aud: 'api' });
    });

    it.each<[string, Form, string, RegExp]>([
      ['a scope that the client has not', { scope: 'api.admin' }, 'invalid_scope', /of initech-app have "api.admin"/],
      ['an audience that the client has not', { audience: 'reports' }, 'invalid_target', /do not name "reports"/],
    ])('refuses %s', async (_what, wish, error, reason) => {
      const { tokens } = await signIn();
      const { status, body, logged } = await refusedBy(of().world, () => exchange(tokens.access_token, wish));
      expect({ status, error: body.error }).toEqual({ status: 400, error });
      expect(logged).toMatch(reason);
    });

    it('refuses its ID token, and a token of an issuer or for an audience that no trust has', async () => {
      const { tokens } = await signIn();
      const bound = await signIn('(login)');
      const own = await (await of().webApp('globex')).signIn(new Browser(of().world.base), { scope: 'openid' });
      const wrong: [string | undefined, RegExp][] = [
        [tokens.id_token, /not an access token/],
        [
          bound.tokens.access_token,
          /of ".*\/initech\/-\/web-app\(login\)" for "web-app": initech takes oidc tokens of ".*" for "web-app"/,
        ],
        [own.tokens.access_token, /of ".*\/globex\/-\/web-app" for "web-app"/],
      ];
      for (const [token, reason] of wrong) {
        const { body, logged } = await refusedBy(of().world, () => exchange(token));
        expect({ error: body.error, logged }).toEqual({
          error: 'invalid_request',
          logged: expect.stringMatching(reason),
        });
      }
    });

    describeWithInstalled('curl', ['/usr/bin/curl', '/bin/bash'], () => {
      it('does what its page says, by the commands that stand there', async () => {
        const answer = JSON.parse(await pages.byTrust.run(environmentOf(of().world))) as { access_token: string };
        expect(claimsOf(answer.access_token)).toMatchObject({
          sub: 'initech-reports|c_worker',
          aud: 'api',
          scope: 'api.read',
        });
      });
    });
  });
};

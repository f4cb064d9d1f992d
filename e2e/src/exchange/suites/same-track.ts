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

const api1 = 'globex/-/aspnetapi1';

/** An access token to access token in the same track, in every way that it may be asked for. */
export const sameTrackJourneys = (of: () => ExchangePlace): void => {
  const withSecret = () => basic('aspnetapi1', of().secret('API1'));
  const exchange = (subject_token: string | undefined, more: Form = {}) =>
    askForToken(
      of().world,
      api1,
      { grant_type: tokenExchange, subject_token, subject_token_type: accessTokenType, ...more },
      withSecret(),
    );
  const signIn = async (scope = 'openid email aspnetapi1.some.access') => {
    const browser = new Browser(of().world.base);
    return { browser, ...(await (await of().webApp('globex')).signIn(browser, { scope })) };
  };
  const workersToken = async (): Promise<string | undefined> => {
    const form = { grant_type: 'client_credentials', scope: 'aspnetapi1:some.access' };
    return (await askForToken(of().world, 'globex/-/worker', form, basic('worker', of().secret('WORKER')))).body
      .access_token;
  };

  describe('access token to access token in the same track', () => {
    it('gives the API that was called a token of the same user for the next one', async () => {
      const { tokens, claims } = await signIn();
      const { status, cacheControl, body } = await exchange(tokens.access_token, { scope: 'aspnetapi2:some.access' });
      expect({ status, cacheControl, error: body.error }).toEqual({
        status: 200,
        cacheControl: 'no-store',
        error: undefined,
      });
      expect(body).toMatchObject({
        issued_token_type: accessTokenType,
        token_type: 'Bearer',
        scope: 'aspnetapi2:some.access',
      });
      expect(body['expires_in']).toBeGreaterThan(0);
      expect(Object.keys(body)).not.toEqual(expect.arrayContaining(['refresh_token']));
      expect(Object.keys(body)).not.toEqual(expect.arrayContaining(['id_token']));
      expect(await readAsApi(of().world, 'globex/-', { api: 'aspnetapi2', token: body.access_token })).toMatchObject({
        sub: claims.sub,
        aud: 'aspnetapi2',
        client_id: 'aspnetapi1',
        email: ada.username,
        called_from: 'api1',
        act: { sub: 'c_aspnetapi1' },
      });
    });

    it.each([
      ['the colon form of a scope', { scope: 'aspnetapi2:some.access' }, 'aspnetapi2:some.access'],
      ['the dot form of a scope', { scope: 'aspnetapi2.some.access' }, 'aspnetapi2.some.access'],
      ['several scopes', { scope: 'aspnetapi2:read aspnetapi2.some.access' }, 'aspnetapi2:read aspnetapi2.some.access'],
      ['the name of the API as scope', { scope: 'aspnetapi2' }, 'aspnetapi2'],
      ['audience', { audience: 'aspnetapi2' }, 'aspnetapi2.some.access aspnetapi2.read'],
      ['resource', { resource: 'aspnetapi2' }, 'aspnetapi2.some.access aspnetapi2.read'],
      ['nothing: all of the whitelist', {}, 'aspnetapi2.some.access aspnetapi2.read'],
      [
        'the type that is wanted',
        { requested_token_type: accessTokenType, scope: 'aspnetapi2.read' },
        'aspnetapi2.read',
      ],
    ])('takes %s', async (_what, wish, scope) => {
      const { status, body } = await exchange(await workersToken(), wish);
      expect({ status, scope: body['scope'] }).toEqual({ status: 200, scope });
      expect(claimsOf(body.access_token)).toMatchObject({ sub: 'c_worker', aud: 'aspnetapi2' });
    });

    it('takes a resource by its address, and the client’s proof by Basic or in the form', async () => {
      const { world } = of();
      const subject_token = await workersToken();
      const resource = `${world.base}/globex/-/aspnetapi2`;
      expect((await exchange(subject_token, { resource })).status).toBe(200);
      // As forms are often written out: the client first, the token last.
      const form = [
        ['client_id', 'aspnetapi1'],
        ['client_secret', of().secret('API1')],
        ['grant_type', tokenExchange],
        ['scope', 'aspnetapi2:some.access'],
        ['subject_token_type', accessTokenType],
        ['subject_token', subject_token ?? ''],
      ] as const;
      expect((await askForToken(world, api1, form)).status).toBe(200);
    });

    it('refuses who does not prove to be the client, and a client without the grant', async () => {
      const { world } = of();
      const subject_token = await workersToken();
      const form = { grant_type: tokenExchange, subject_token, subject_token_type: accessTokenType };
      const asked = [
        await askForToken(world, api1, { ...form, client_id: 'aspnetapi1' }),
        await askForToken(world, api1, form, basic('aspnetapi1', 'wrong')),
        await askForToken(world, api1, form, basic('worker', of().secret('WORKER'))),
        await askForToken(world, 'globex/-/worker', form, basic('worker', of().secret('WORKER'))),
      ];
      expect(asked.map(({ status, body }) => [status, body.error])).toEqual([
        [401, 'invalid_client'],
        [401, 'invalid_client'],
        [401, 'invalid_client'],
        [400, 'unauthorized_client'],
      ]);
    });

    it.each<[string, Form, string, RegExp]>([
      [
        'a scope of the API beyond the whitelist',
        { scope: 'aspnetapi2.write' },
        'invalid_scope',
        /of aspnetapi1 have "aspnetapi2.write"/,
      ],
      ['a scope of another API', { scope: 'aspnetapi1.some.access' }, 'invalid_scope', /"aspnetapi1.some.access"/],
      [
        'another audience',
        { audience: 'web-app' },
        'invalid_target',
        /resource_scopes of aspnetapi1 do not name "web-app"/,
      ],
      [
        'another resource',
        { resource: 'https://evil.example' },
        'invalid_target',
        /do not name "https:\/\/evil.example"/,
      ],
      [
        'an ID token wished for',
        { requested_token_type: 'urn:ietf:params:oauth:token-type:id_token' },
        'invalid_request',
        /requested_token_type is not supported/,
      ],
      [
        'an ID token by its type',
        { subject_token_type: 'urn:ietf:params:oauth:token-type:id_token' },
        'invalid_request',
        /subject_token_type is missing or not supported/,
      ],
      ['no type', { subject_token_type: undefined }, 'invalid_request', /subject_token_type is missing/],
      ['no token', { subject_token: undefined }, 'invalid_request', /subject_token is missing/],
      ['what is no token', { subject_token: 'a.b.c' }, 'invalid_request', /no JWT with issuer and audience/],
    ])('refuses %s', async (_what, wish, error, reason) => {
      const token = await workersToken();
      const { status, body, logged } = await refusedBy(of().world, () => exchange(token, wish));
      expect({ status, error: body.error }).toEqual({ status: 400, error });
      expect(logged).toMatch(reason);
      expect(logged).not.toContain(token ?? '');
    });

    it('refuses tokens that are not for the client, are ID tokens, are changed, and of another tenant', async () => {
      const { tokens } = await signIn('openid');
      const initech = await (await of().webApp('initech')).signIn(new Browser(of().world.base), { scope: 'openid' });
      const mine = (await workersToken()) ?? '';
      const wrong: [string | undefined, RegExp][] = [
        [tokens.access_token, /it is for "web-app", not for the exchanging client aspnetapi1/],
        [tokens.id_token, /typ/],
        [mine.replace(/\.[^.]{20}/, '.eyJpc3MiOiJodHRwOi8v'), /no JWT|signature/],
        [mine.replace(/.{12}$/, 'AAAAAAAAAAAA'), /signature/],
        [
          initech.tokens.access_token,
          /no up-party of the client trusts a token of ".*\/initech\/-\/web-app" for "web-app": it allows none/,
        ],
      ];
      for (const [token, reason] of wrong) {
        const { body, logged } = await refusedBy(of().world, () => exchange(token, { scope: 'aspnetapi2.read' }));
        expect(body).toMatchObject({ error: 'invalid_request' });
        expect(logged).toMatch(reason);
      }
    });

    it('refuses the token of a session that has ended, and what was made of it is refused as well', async () => {
      const { browser, tokens } = await signIn();
      const made = (await exchange(tokens.access_token)).body.access_token ?? '';
      const app = await of().webApp('globex');
      await browser.open(app.endSessionUrl({ id_token_hint: tokens.id_token!, client_id: 'web-app' }));
      let answer = await exchange(tokens.access_token);
      for (let tries = 0; tries < 50 && answer.status === 200; tries += 1) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        answer = await exchange(tokens.access_token);
      }
      const { body, logged } = await refusedBy(of().world, () => exchange(tokens.access_token));
      expect(body).toMatchObject({ error: 'invalid_request' });
      expect(logged).toMatch(/ended/);
      const asked = await fetch(`${of().world.base}/${api1}/oauth/introspect`, {
        method: 'POST',
        body: new URLSearchParams({ token: made }),
        headers: withSecret(),
      });
      expect(await asked.json()).toEqual({ active: false });
    });

    describeWithInstalled('curl', ['/usr/bin/curl', '/bin/bash'], () => {
      it('does what its page says, by the commands that stand there', async () => {
        const answer = JSON.parse(await pages.sameTrack.run(environmentOf(of().world))) as { access_token: string };
        expect(answer).toMatchObject({ issued_token_type: accessTokenType, scope: 'aspnetapi2:some.access' });
        expect(claimsOf(answer.access_token)).toMatchObject({ sub: 'c_worker', act: { sub: 'c_aspnetapi1' } });
      });
    });
  });
};

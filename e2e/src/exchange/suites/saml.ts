import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWithInstalled } from '@corsac/testing/backing';
import { Browser } from '../../browser/browser.js';
import { ada, signInOnPages } from '../../party/relying-party.js';
import { ServiceProvider } from '../../party/service-provider.js';
import {
  accessTokenType,
  askForToken,
  basic,
  claimsOf,
  readAsApi,
  refusedBy,
  saml2Type,
  tokenExchange,
} from '../exchange-request.js';
import { environmentOf, pages, type ExchangePlace } from '../place.js';
import { base64url } from '../strangers.js';

const server = 'vandelay/apis/saml-app-server';
const acs = 'https://saml-app.example.com/acs';

interface Brought {
  readonly response: string;
  readonly assertion: string;
  readonly name_id: string;
}

/** A SAML 2.0 token to access token, by trust. */
export const samlTokenJourneys = (of: () => ExchangePlace): void => {
  const signIn = async (): Promise<Brought> => {
    const { world } = of();
    const application = { callbackUrl: acs, issuer: 'urn:vandelay:saml-app', audience: 'urn:vandelay:saml-app' };
    const app = await ServiceProvider.discover(world, application, 'vandelay/idp/saml-app');
    const browser = new Browser(world.base);
    const { forms } = await signInOnPages(browser, await browser.open(await app.begin()));
    const { nameID } = await app.accept(forms[0]);
    const response = Buffer.from(forms[0]?.fields['SAMLResponse'] ?? '', 'base64').toString();
    return {
      response,
      assertion: /<saml:Assertion[\s>].*<\/saml:Assertion>/s.exec(response)?.[0] ?? '',
      name_id: nameID,
    };
  };
  const exchange = (subject_token: string, more: object = {}, by = server) =>
    askForToken(
      of().world,
      by,
      { grant_type: tokenExchange, subject_token, subject_token_type: saml2Type, scope: 'api:read', ...more },
      by === server ? basic('saml-app-server', of().secret('SAML_APP')) : basic('other-server', of().secret('OTHER')),
    );

  describe('SAML 2.0 token to access token by trust', () => {
    it('gives the server of a SAML application a token for our API, of the same user', async () => {
      const { assertion, name_id } = await signIn();
      const { status, body } = await exchange(base64url(assertion));
      expect({ status, error: body.error }).toEqual({ status: 200, error: undefined });
      expect(body).toMatchObject({ issued_token_type: accessTokenType, token_type: 'Bearer', scope: 'api:read' });
      expect(await readAsApi(of().world, 'vandelay/apis', { api: 'api', token: body.access_token })).toMatchObject({
        sub: `saml-app-trust|${name_id}`,
        email: ada.username,
        name: 'Ada Lovelace',
        role: ['customer', 'admin'],
        origin: 'idp',
        act: { sub: 'c_saml-app-server' },
      });
    });

    it('takes it as XML too, with line breaks around it, and the client in the form', async () => {
      const { assertion } = await signIn();
      const form = {
        client_id: 'saml-app-server',
        client_secret: of().secret('SAML_APP'),
        grant_type: tokenExchange,
        subject_token: `\n${assertion}\n`,
        subject_token_type: saml2Type,
        scope: 'api.read',
      };
      expect((await askForToken(of().world, server, form)).status).toBe(200);
    });

    it('takes one once, and one that another client has shown never', async () => {
      const { assertion } = await signIn();
      const mine = base64url(assertion);
      const answers = await Promise.all(Array.from({ length: 8 }, () => exchange(mine)));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      const again = await refusedBy(of().world, () => exchange(mine));
      expect([again.body.error, again.logged]).toEqual([
        'invalid_request',
        expect.stringMatching(/used before.*one_use/),
      ]);
      const other = await refusedBy(of().world, () => exchange(mine, {}, 'vandelay/apis/other-server'));
      expect([other.body.error, other.logged]).toEqual([
        'invalid_request',
        expect.stringMatching(/used before|another client/),
      ]);
    });

    it.each([
      [
        'a scope that the client has not',
        { scope: 'api.admin' },
        'invalid_scope',
        /of saml-app-server have "api.admin"/,
      ],
      ['an audience that the client has not', { audience: 'saml-app' }, 'invalid_target', /do not name "saml-app"/],
      ['the wrong type', { subject_token_type: accessTokenType }, 'invalid_request', /no JWT/],
      [
        'SAML 1.1',
        { subject_token_type: 'urn:ietf:params:oauth:token-type:saml1' },
        'invalid_request',
        /not supported/,
      ],
    ])('refuses %s', async (_what, wish, error, reason) => {
      const { assertion } = await signIn();
      const { status, body, logged } = await refusedBy(of().world, () => exchange(base64url(assertion), wish));
      expect({ status, error: body.error }).toEqual({ status: 400, error });
      expect(logged).toMatch(reason);
    });

    it('refuses the response around it, a changed one, and one without its signature', async () => {
      const { response, assertion } = await signIn();
      const wrong: [string, RegExp][] = [
        [response, /Response/],
        [assertion.replaceAll(ada.username, 'eve@example.com'), /changed after it was signed/],
        [assertion.replace(/<ds:Signature.*<\/ds:Signature>/s, ''), /signature/i],
      ];
      for (const [xml, reason] of wrong) {
        const { body, logged } = await refusedBy(of().world, () => exchange(base64url(xml)));
        expect({ error: body.error, logged }).toEqual({
          error: 'invalid_request',
          logged: expect.stringMatching(reason),
        });
      }
    });

    describeWithInstalled('curl', ['/usr/bin/curl', '/bin/bash'], () => {
      it('does what its page says, by the commands that stand there', async () => {
        const folder = await mkdtemp(join(tmpdir(), 'assertion-'));
        await writeFile(join(folder, 'assertion.xml'), (await signIn()).assertion);
        const answer = JSON.parse(await pages.saml.run(environmentOf(of().world), folder)) as { access_token: string };
        await rm(folder, { recursive: true });
        expect(claimsOf(answer.access_token)).toMatchObject({ aud: 'api', email: ada.username, scope: 'api:read' });
      });
    });
  });
};

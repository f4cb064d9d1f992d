import * as client from 'openid-client';
import type { Browser, Page } from '../browser/browser.js';
import type { World } from '../world/world.js';

export interface RelyingPartyOptions {
  readonly client_id: string;
  readonly redirect_uri: string;
  /** Up-parties of the address: `(login)`. */
  readonly binding?: string;
  readonly tenant?: string;
  readonly track?: string;
  readonly secret?: string;
  readonly scope?: string;
}

/** One sign-in as its application began it. */
export interface Begun {
  readonly url: URL;
  readonly code_verifier: string;
  readonly state: string;
  readonly nonce: string;
}

/** A strict application: openid-client with its defaults, configured by discovery alone. */
export class RelyingParty {
  private constructor(
    readonly configuration: client.Configuration,
    readonly options: RelyingPartyOptions,
  ) {}

  static async discover(world: Pick<World, 'base'>, options: RelyingPartyOptions): Promise<RelyingParty> {
    const { tenant = 'acme', track = '-', client_id, binding = '', secret } = options;
    const issuer = new URL(`${world.base}/${tenant}/${track}/${client_id}${binding}`);
    const authentication = secret === undefined ? client.None() : client.ClientSecretPost(secret);
    const configuration = await client.discovery(issuer, client_id, secret, authentication, {
      execute: [client.allowInsecureRequests],
    });
    return new RelyingParty(configuration, options);
  }

  async begin(parameters: Readonly<Record<string, string>> = {}): Promise<Begun> {
    const code_verifier = client.randomPKCECodeVerifier();
    const state = client.randomState();
    const nonce = client.randomNonce();
    const url = client.buildAuthorizationUrl(this.configuration, {
      redirect_uri: this.options.redirect_uri,
      scope: this.options.scope ?? 'openid profile email',
      code_challenge: await client.calculatePKCECodeChallenge(code_verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
      ...parameters,
    });
    return { url, code_verifier, state, nonce };
  }

  /** Redeems the answer that the browser came back with. */
  redeem(callback: string | URL, begun: Begun): ReturnType<typeof client.authorizationCodeGrant> {
    return client.authorizationCodeGrant(this.configuration, new URL(callback), {
      pkceCodeVerifier: begun.code_verifier,
      expectedState: begun.state,
      expectedNonce: begun.nonce,
      idTokenExpected: true,
    });
  }

  /** The whole sign-in of a user who has to type a password. */
  async signIn(browser: Browser, parameters: Readonly<Record<string, string>> = {}) {
    const begun = await this.begin(parameters);
    const callback = await signInOnPages(browser, await browser.open(begun.url));
    return { ...(await this.tokens(callback, begun)), callback, begun };
  }

  /** A sign-in that needs nobody: there is a session. */
  async signInSilently(browser: Browser, parameters: Readonly<Record<string, string>> = {}) {
    const begun = await this.begin(parameters);
    const callback = await browser.open(begun.url);
    return { ...(await this.tokens(callback, begun)), callback, begun };
  }

  private async tokens(callback: Page, begun: Begun) {
    if (!callback.url.startsWith(this.options.redirect_uri))
      throw new Error(`not back at the application but at ${callback.url}: ${callback.html.slice(0, 800)}`);
    const tokens = await this.redeem(callback.url, begun);
    const claims = tokens.claims();
    if (!claims) throw new Error('there is no ID token');
    return { tokens, claims };
  }

  userInfo(access_token: string, sub: string): ReturnType<typeof client.fetchUserInfo> {
    return client.fetchUserInfo(this.configuration, access_token, sub);
  }

  endSessionUrl(parameters: Readonly<Record<string, string>>): URL {
    return client.buildEndSessionUrl(this.configuration, parameters);
  }
}

export const ada = { username: 'ada@example.com', password: 'Corsac-demo-1' } as const;

/** Identifier first, then password, as the pages ask for them. */
export const signInOnPages = async (
  browser: Browser,
  page: Page,
  user: { username: string; password: string } = ada,
): Promise<Page> => {
  const second = await browser.submit(page, { username: user.username });
  return browser.submit(second, { password: user.password });
};

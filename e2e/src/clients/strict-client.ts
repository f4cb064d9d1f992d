import * as oauth from 'oauth4webapi';
import type { Browser, Page } from '../browser/browser.js';
import { signInOnPages } from '../party/relying-party.js';
import type { World } from '../world/world.js';

/** Worlds of tests are on http; everything else is as the library has it. */
export const overHttp = { [oauth.allowInsecureRequests]: true };

export interface SignInOptions {
  readonly parameters?: Readonly<Record<string, string>>;
  readonly DPoP?: oauth.DPoPHandle;
  /** The request goes to the provider first, RFC 9126. */
  readonly pushed?: boolean;
}

/** An application made of oauth4webapi: discovery, PKCE, `state`, `nonce`, `iss` and every signature are checked. */
export class StrictClient {
  private constructor(
    readonly as: oauth.AuthorizationServer,
    readonly client: oauth.Client,
    readonly authentication: oauth.ClientAuth,
  ) {}

  /** @param address the application's own address at Corsac: `shop(login)` */
  static async discover(world: World, address: string, authentication = oauth.None()): Promise<StrictClient> {
    const issuer = new URL(`${world.base}/acme/-/${address}`);
    const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, overHttp));
    return new StrictClient(as, { client_id: address.replace(/\(.*/, '') }, authentication);
  }

  /** The whole sign-in; a user who has no session types the password. */
  async signIn(browser: Browser, redirect_uri: string, options: SignInOptions = {}) {
    const { as, client, authentication } = this;
    const [verifier, state, nonce] = [
      oauth.generateRandomCodeVerifier(),
      oauth.generateRandomState(),
      oauth.generateRandomNonce(),
    ];
    const parameters = {
      client_id: client.client_id,
      redirect_uri,
      response_type: 'code',
      scope: 'openid profile email',
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
      ...options.parameters,
    };
    const callback = await this.authorize(browser, await this.addressOf(parameters, options));
    if (!callback.url.startsWith(redirect_uri)) throw new Error(`at ${callback.url}: ${callback.html.slice(0, 800)}`);
    const answer = oauth.validateAuthResponse(as, client, new URL(callback.url), state);
    const response = await oauth.authorizationCodeGrantRequest(
      as,
      client,
      authentication,
      answer,
      redirect_uri,
      verifier,
      {
        DPoP: options.DPoP,
        ...overHttp,
      },
    );
    const tokens = await oauth.processAuthorizationCodeResponse(as, client, response, {
      expectedNonce: nonce,
      requireIdToken: true,
    });
    await oauth.validateApplicationLevelSignature(as, response, overHttp);
    const claims = oauth.getValidatedIdTokenClaims(tokens);
    if (!claims) throw new Error('there is no ID token');
    return { tokens, claims };
  }

  private async addressOf(parameters: Record<string, string>, { pushed, DPoP }: SignInOptions): Promise<URL> {
    const { as, client, authentication } = this;
    const address = new URL(as.authorization_endpoint ?? '');
    if (!pushed) {
      address.search = new URLSearchParams(parameters).toString();
      return address;
    }
    const response = await oauth.pushedAuthorizationRequest(as, client, authentication, parameters, {
      DPoP,
      ...overHttp,
    });
    const { request_uri } = await oauth.processPushedAuthorizationResponse(as, client, response);
    address.search = new URLSearchParams({ client_id: client.client_id, request_uri }).toString();
    return address;
  }

  private async authorize(browser: Browser, address: URL): Promise<Page> {
    const page = await browser.open(address);
    return 'username' in (page.forms[0]?.fields ?? {}) ? signInOnPages(browser, page) : page;
  }

  async userInfo(access_token: string, sub: string, options: oauth.UserInfoRequestOptions = {}) {
    const { as, client } = this;
    const response = await oauth.userInfoRequest(as, client, access_token, { ...options, ...overHttp });
    return oauth.processUserInfoResponse(as, client, sub, response);
  }

  async refresh(refresh_token: string, options: oauth.TokenEndpointRequestOptions = {}) {
    const { as, client, authentication } = this;
    const given = { ...options, ...overHttp };
    const response = await oauth.refreshTokenGrantRequest(as, client, authentication, refresh_token, given);
    return oauth.processRefreshTokenResponse(as, client, response);
  }

  async clientCredentials(
    parameters: Record<string, string>,
    options: oauth.ClientCredentialsGrantRequestOptions = {},
  ) {
    const { as, client, authentication } = this;
    const given = { ...options, ...overHttp };
    const response = await oauth.clientCredentialsGrantRequest(as, client, authentication, parameters, given);
    return oauth.processClientCredentialsResponse(as, client, response);
  }

  /** Token exchange, RFC 8693: an access token for another one. */
  async exchange(subject_token: string, parameters: Record<string, string>) {
    const { as, client, authentication } = this;
    const response = await oauth.genericTokenEndpointRequest(
      as,
      client,
      authentication,
      'urn:ietf:params:oauth:grant-type:token-exchange',
      { subject_token, subject_token_type: 'urn:ietf:params:oauth:token-type:access_token', ...parameters },
      overHttp,
    );
    return oauth.processGenericTokenEndpointResponse(as, client, response);
  }

  async introspect(token: string) {
    const { as, client, authentication } = this;
    const response = await oauth.introspectionRequest(as, client, authentication, token, overHttp);
    return oauth.processIntrospectionResponse(as, client, response);
  }

  async revoke(token: string): Promise<void> {
    const { as, client, authentication } = this;
    await oauth.processRevocationResponse(await oauth.revocationRequest(as, client, authentication, token, overHttp));
  }

  async beginDevice(parameters: Record<string, string>) {
    const { as, client, authentication } = this;
    const response = await oauth.deviceAuthorizationRequest(as, client, authentication, parameters, overHttp);
    return oauth.processDeviceAuthorizationResponse(as, client, response);
  }

  async pollDevice(device_code: string) {
    const { as, client, authentication } = this;
    const response = await oauth.deviceCodeGrantRequest(as, client, authentication, device_code, overHttp);
    return oauth.processDeviceCodeResponse(as, client, response);
  }

  endSessionUrl(parameters: Record<string, string>): URL {
    const address = new URL(this.as.end_session_endpoint ?? '');
    address.search = new URLSearchParams(parameters).toString();
    return address;
  }
}

/** What an API does with the token of a request: RFC 9068, and RFC 9449 where it is bound to a key. */
export const judgeAtApi = async (
  world: World,
  request: Request,
  audience: string,
  options: oauth.ValidateJWTAccessTokenOptions = {},
): Promise<oauth.JWTAccessTokenClaims> => {
  const issuer = new URL(`${world.base}/acme/-`);
  const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, overHttp));
  return oauth.validateJwtAccessToken(as, request, audience, { ...options, ...overHttp });
};

import * as client from 'openid-client';
import type { Settings } from './settings.js';

export interface SignInBegun {
  readonly binding: string;
  readonly code_verifier: string;
  readonly state: string;
  readonly nonce: string;
}

export interface SignedIn {
  readonly binding: string;
  readonly id_token: string;
  readonly access_token: string;
  readonly refresh_token?: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Corsac as this application sees it: found by discovery, one issuer per binding of its address. */
export class Provider {
  private readonly configurations = new Map<string, Promise<client.Configuration>>();

  constructor(private readonly settings: Settings) {}

  private get callback(): string {
    return `http://localhost:${this.settings.port}/callback`;
  }

  private configuration(binding: string): Promise<client.Configuration> {
    const known = this.configurations.get(binding);
    if (known) return known;
    const { corsac_url, tenant, track, client_id, client_secret } = this.settings;
    const issuer = new URL(`${corsac_url}/${tenant}/${track}/${client_id}${binding}`);
    const plain = issuer.protocol === 'http:' ? { execute: [client.allowInsecureRequests] } : {};
    const found = client.discovery(issuer, client_id, client_secret, undefined, plain);
    this.configurations.set(binding, found);
    // A provider that was away once is asked again the next time.
    found.catch(() => this.configurations.delete(binding));
    return found;
  }

  async begin(binding: string): Promise<{ url: URL; begun: SignInBegun }> {
    const configuration = await this.configuration(binding);
    const begun = {
      binding,
      code_verifier: client.randomPKCECodeVerifier(),
      state: client.randomState(),
      nonce: client.randomNonce(),
    };
    const url = client.buildAuthorizationUrl(configuration, {
      redirect_uri: this.callback,
      // `shop`, our own name, so that the token is for us as well and we may exchange it.
      scope: 'openid profile email address phone offline_access shop orders.read orders.write',
      code_challenge: await client.calculatePKCECodeChallenge(begun.code_verifier),
      code_challenge_method: 'S256',
      state: begun.state,
      nonce: begun.nonce,
    });
    return { url, begun };
  }

  async complete(address: string, begun: SignInBegun): Promise<SignedIn> {
    const configuration = await this.configuration(begun.binding);
    const tokens = await client.authorizationCodeGrant(configuration, new URL(address, this.callback), {
      pkceCodeVerifier: begun.code_verifier,
      expectedState: begun.state,
      expectedNonce: begun.nonce,
      idTokenExpected: true,
    });
    return this.signedIn(begun.binding, tokens, tokens.claims() ?? {});
  }

  async refresh(signedIn: SignedIn): Promise<SignedIn> {
    const configuration = await this.configuration(signedIn.binding);
    const tokens = await client.refreshTokenGrant(configuration, signedIn.refresh_token ?? '');
    return { ...signedIn, ...this.signedIn(signedIn.binding, tokens, tokens.claims() ?? signedIn.claims) };
  }

  async userInfo({ binding, access_token, claims }: SignedIn): Promise<unknown> {
    return client.fetchUserInfo(await this.configuration(binding), access_token, String(claims['sub']));
  }

  /**
   * A token that can read orders and nothing else, to hand on to somebody who is trusted with no more. RFC 8693: our own
   * access token, which is for us too, for a narrower one.
   */
  async exchange({ binding, access_token }: SignedIn): Promise<client.TokenEndpointResponse> {
    return client.genericGrantRequest(
      await this.configuration(binding),
      'urn:ietf:params:oauth:grant-type:token-exchange',
      {
        subject_token: access_token,
        subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        scope: 'orders.read',
      },
    );
  }

  /** Where the browser goes to sign out everywhere. */
  async signOutUrl({ binding, id_token }: SignedIn): Promise<URL> {
    const post_logout_redirect_uri = `http://localhost:${this.settings.port}/`;
    return client.buildEndSessionUrl(await this.configuration(binding), {
      id_token_hint: id_token,
      post_logout_redirect_uri,
    });
  }

  private signedIn(binding: string, tokens: client.TokenEndpointResponse, claims: object): SignedIn {
    const { id_token = '', access_token, refresh_token } = tokens;
    return {
      binding,
      id_token,
      access_token,
      claims: claims as SignedIn['claims'],
      ...(refresh_token !== undefined && { refresh_token }),
    };
  }
}

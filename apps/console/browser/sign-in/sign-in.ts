import { challengeOf, claimsOf, randomText } from './encode.js';
import {
  isFresh,
  personOf,
  tokenMemory,
  tokensOf,
  type Pending,
  type Person,
  type TokenAnswer,
  type Tokens,
} from './tokens.js';

const clientId = 'corsac_control';
const apiScope = 'corsac_control_api';

const now = (): number => Math.floor(Date.now() / 1000);
const redirectUri = (): string => `${location.origin}/control/callback`;

/** Control's client in the tenant's master track, by the login of that track. */
export const authorityOf = (tenant: string): string => `${location.origin}/${tenant}/master/${clientId}(login)`;

/** Everything of the tenant; in the tenant `master` the installation too. What somebody may do of it their roles say. */
export const scopesFor = (tenant: string): string[] => [
  'openid',
  'profile',
  'email',
  'offline_access',
  `${apiScope}.corsac:tenant`,
  ...(tenant === 'master' ? [`${apiScope}.corsac:master`] : []),
];

/** Sends the browser to sign in; it comes back to the callback. */
export const beginSignIn = async (tenant: string, back: string): Promise<void> => {
  const pending: Pending = { tenant, back, state: randomText(), nonce: randomText(), verifier: randomText() };
  tokenMemory.begin(pending);
  const query = new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirectUri(),
    response_type: 'code',
    scope: scopesFor(tenant).join(' '),
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: await challengeOf(pending.verifier),
    code_challenge_method: 'S256',
  });
  location.assign(`${authorityOf(tenant)}/oauth/authorize?${query}`);
};

const askForTokens = async (tenant: string, fields: Record<string, string>): Promise<TokenAnswer> => {
  const response = await fetch(`${authorityOf(tenant)}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: clientId, ...fields }),
  });
  const answer = (await response.json()) as TokenAnswer & { error?: string; error_description?: string };
  if (!response.ok) throw new Error(answer.error_description ?? answer.error ?? `status ${response.status}`);
  return answer;
};

/**
 * Takes the browser in again after a sign-in.
 * @param query of the callback
 * @returns where to go on, as a path within the console
 * @throws with a sentence for people
 */
export const finishSignIn = async (query: URLSearchParams): Promise<string> => {
  const pending = tokenMemory.takePending();
  if (!pending || query.get('state') !== pending.state)
    throw new Error('This sign-in was not begun here, or is finished already.');
  const error = query.get('error');
  if (error !== null) throw new Error(query.get('error_description') ?? error);
  const { tenant, verifier, nonce, back } = pending;
  const answer = await askForTokens(tenant, {
    grant_type: 'authorization_code',
    code: query.get('code') ?? '',
    redirect_uri: redirectUri(),
    code_verifier: verifier,
  });
  const { nonce: told, aud } = claimsOf(answer.id_token ?? '');
  if (told !== nonce || ![aud].flat().includes(clientId)) throw new Error('The answer belongs to another sign-in.');
  tokenMemory.keep(tenant, tokensOf(answer, {}, now()));
  return back;
};

/** The sign-in of one tenant in this tab. */
export class SignedIn {
  private renewal: Promise<Tokens> | undefined;

  constructor(
    readonly tenant: string,
    private tokens: Tokens,
  ) {}

  /** The tokens that this tab has kept, if there are any. */
  static of(tenant: string): SignedIn | undefined {
    const tokens = tokenMemory.read(tenant);
    return tokens && new SignedIn(tenant, tokens);
  }

  get person(): Person {
    return personOf(this.tokens);
  }

  /** @param renew even if the token seems good: the API has refused it */
  async accessToken(renew = false): Promise<string> {
    if (!renew && isFresh(this.tokens, now())) return this.tokens.access_token;
    // A refresh token is good once: calls side by side wait for one renewal.
    this.renewal ??= this.renewed().finally(() => (this.renewal = undefined));
    return (await this.renewal).access_token;
  }

  private async renewed(): Promise<Tokens> {
    const { refresh_token } = this.tokens;
    if (refresh_token === undefined) throw new Error('The sign-in has ended.');
    const answer = await askForTokens(this.tenant, { grant_type: 'refresh_token', refresh_token });
    this.tokens = tokensOf(answer, this.tokens, now());
    tokenMemory.keep(this.tenant, this.tokens);
    return this.tokens;
  }

  /** Ends the session here and at Corsac, OpenID Connect RP-Initiated Logout 2. */
  signOut(): void {
    tokenMemory.forget(this.tenant);
    const query = new URLSearchParams({
      id_token_hint: this.tokens.id_token,
      client_id: clientId,
      post_logout_redirect_uri: `${location.origin}/control/`,
    });
    location.assign(`${authorityOf(this.tenant)}/oauth/endsession?${query}`);
  }
}

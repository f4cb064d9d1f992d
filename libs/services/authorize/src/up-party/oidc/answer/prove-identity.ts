import type { MessageContext } from '@corsac/contracts';
import type { JsonObject, JwtError } from '@corsac/jwt';
import { checkIdToken, type AuthenticationResponse, type IdTokenRules, type ProviderTokens } from '@corsac/oidc';
import type { OutboundClient } from '@corsac/outbound';
import { fail, ok, type Outcome } from '@corsac/outcome';
import type { LoginFailed } from '../../../sequence/sequence.js';
import { addressesOf } from '../addressed-up-party.js';
import type { Provider } from '../provider/provider.js';
import type { Providers, UpPartyInTrack } from '../provider/providers.js';
import type { OidcMemory } from '../request/oidc-memory.js';
import type { CheckedIdentity } from './answer-of-claims.js';
import { readUserInfo, redeemCode } from './ask-provider.js';
import { credentialsFor, type CredentialParts } from './client-credentials.js';
import { failedAt } from './provider-failures.js';

export interface ProofParts extends CredentialParts {
  readonly outbound: OutboundClient;
  readonly providers: Providers;
  readonly base_url: string;
}

/** An answer that has the right form and came to the right place; nothing of what it says is believed yet. */
export interface ReceivedAnswer {
  readonly place: UpPartyInTrack;
  readonly provider: Provider;
  readonly memory: OidcMemory;
  readonly response: AuthenticationResponse;
  readonly context: MessageContext;
  /** Marks the answer as taken; false when somebody was quicker. Nothing is redeemed before. */
  readonly claim: () => Promise<boolean>;
}

/** Besides a failure that the application is told: `away` leaves everything as it is, `overtaken` lets the other one win. */
export type Unproven = LoginFailed | 'away' | 'overtaken';

type FrontIdToken = { readonly claims: JsonObject; readonly id_token: string } | undefined;

/**
 * Finds out who the user is: checks what came through the browser, redeems the code, checks the ID token (its signature
 * always, also from the token endpoint), and reads UserInfo where its claims count. OIDC Core 3.1.3, 3.2.2, 3.3.3.
 */
export const proveIdentity = async (
  parts: ProofParts,
  answer: ReceivedAnswer,
): Promise<Outcome<CheckedIdentity, Unproven>> => {
  const { code, id_token, access_token } = answer.response;
  const front = id_token === undefined ? ok(undefined) : await checkFront(parts, answer, id_token);
  if (!front.ok) return front;
  const proven =
    code === undefined ? await claimFront(answer, front.value) : await redeem(parts, answer, code, front.value);
  if (!proven.ok) return proven;
  const identity = { access_token, ...proven.value };
  const { party } = answer.place;
  if (party.claims_source !== 'userinfo') return ok(identity);
  const user_info = await readUserInfo(parts.outbound, party, {
    userinfo_endpoint: answer.provider.userinfo_endpoint,
    access_token: identity.access_token,
    sub: identity.token_claims['sub'] as string,
  });
  return user_info.ok ? ok({ ...identity, user_info: user_info.value }) : user_info;
};

const checkFront = async (
  parts: ProofParts,
  answer: ReceivedAnswer,
  id_token: string,
): Promise<Outcome<FrontIdToken, LoginFailed>> => {
  const { code, access_token } = answer.response;
  const checked = await checkToken(parts, answer, id_token, {
    front_channel: true,
    ...(code !== undefined && { code }),
    ...(access_token !== undefined && { access_token }),
  });
  return checked.ok ? ok({ claims: checked.value, id_token }) : checked;
};

const claimFront = async (answer: ReceivedAnswer, front: FrontIdToken): Promise<Outcome<CheckedIdentity, Unproven>> => {
  if (!front) throw new Error('a response type without code and ID token');
  if (!(await answer.claim())) return fail('overtaken');
  return ok({ id_token: front.id_token, token_claims: front.claims });
};

const redeem = async (
  parts: ProofParts,
  answer: ReceivedAnswer,
  code: string,
  front: FrontIdToken,
): Promise<Outcome<CheckedIdentity, Unproven>> => {
  const { place, provider, memory } = answer;
  const { party, view } = place;
  const { token_endpoint } = provider;
  if (token_endpoint === undefined) return fail(unusable(place, 'it has no token endpoint'));
  const credentials = await credentialsFor(parts, place, { token_endpoint, context: answer.context });
  if (!credentials.ok)
    return fail(credentials.error === 'away' ? 'away' : unusable(place, 'the secret for it cannot be read'));
  // Taken before it is redeemed: of two requests with one answer one goes on, and a code is sent once.
  if (!(await answer.claim())) return fail('overtaken');
  const tokens = await redeemCode(parts.outbound, party, {
    token_endpoint,
    code,
    redirect_uri: addressesOf(parts.base_url, view, party).redirect_uri,
    client_id: memory.client_id,
    code_verifier: memory.code_verifier,
    credentials: credentials.value,
  });
  return tokens.ok ? checkRedeemed(parts, answer, tokens.value, front) : tokens;
};

/** OIDC Core 3.3.3.6: with an ID token from both sides, both are about the same user of the same issuer. */
const checkRedeemed = async (
  parts: ProofParts,
  answer: ReceivedAnswer,
  { id_token, access_token }: ProviderTokens,
  front: FrontIdToken,
): Promise<Outcome<CheckedIdentity, LoginFailed>> => {
  const checked = await checkToken(parts, answer, id_token, {
    front_channel: false,
    ...(access_token !== undefined && { access_token }),
  });
  if (!checked.ok) return checked;
  const token_claims = checked.value;
  if (front && (front.claims['sub'] !== token_claims['sub'] || front.claims['iss'] !== token_claims['iss']))
    return fail(unusable(answer.place, 'its two ID tokens are about different users'));
  return ok({ id_token, token_claims, ...(access_token !== undefined && { access_token }) });
};

type Beside = Pick<IdTokenRules, 'front_channel' | 'code' | 'access_token'>;

const checkToken = async (
  parts: ProofParts,
  { place, provider, memory }: ReceivedAnswer,
  id_token: string,
  beside: Beside,
): Promise<Outcome<JsonObject, LoginFailed>> => {
  const { nonce, client_id, max_age } = memory;
  const check = ({ keys, algs, issuers }: Provider): Outcome<JsonObject, JwtError> =>
    checkIdToken(id_token, {
      ...beside,
      keys,
      algs,
      issuers,
      client_id,
      nonce,
      now: parts.now(),
      ...(max_age !== undefined && { max_age }),
    });
  const checked = await parts.providers.check(place, provider, check);
  if (checked.ok) return checked;
  const { code, message } = checked.error;
  return fail(
    failedAt(place.party, 'server_error', 'the ID token of the identity provider is not valid', `${code}: ${message}`),
  );
};

const unusable = ({ party }: UpPartyInTrack, detail: string): LoginFailed =>
  failedAt(party, 'server_error', 'the identity provider cannot be used', detail);

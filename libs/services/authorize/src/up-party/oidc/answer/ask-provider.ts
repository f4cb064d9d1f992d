import type { OidcUpParty } from '@corsac/model';
import {
  checkProviderUserInfo,
  codeTokenRequest,
  readTokenResponse,
  type ProviderCredentials,
  type ProviderTokens,
} from '@corsac/oidc';
import type { JsonObject } from '@corsac/jwt';
import type { OutboundClient } from '@corsac/outbound';
import { fail, ok, type Outcome } from '@corsac/outcome';
import type { LoginFailed } from '../../../sequence/sequence.js';
import { isPassing, missOf } from '../provider/read-provider.js';
import { failedAt, failedByMiss, failedDirectly } from './provider-failures.js';

/** Milliseconds for one answer; the user's browser waits for both. */
const tokenTimeoutMs = 5_000;
const userInfoTimeoutMs = 4_000;

/** What a code is redeemed with. */
export interface Redemption {
  readonly token_endpoint: string;
  readonly code: string;
  readonly redirect_uri: string;
  readonly client_id: string;
  readonly code_verifier?: string | undefined;
  readonly credentials: ProviderCredentials;
}

/** Redeems a code at the provider's token endpoint. RFC 6749 4.1.3. */
export const redeemCode = async (
  outbound: Pick<OutboundClient, 'post'>,
  party: OidcUpParty,
  { token_endpoint, credentials, ...grant }: Redemption,
): Promise<Outcome<ProviderTokens, LoginFailed>> => {
  const { headers, body } = codeTokenRequest(grant, credentials);
  const contentType = 'application/x-www-form-urlencoded';
  const answer = await outbound.post(token_endpoint, body, contentType, { headers, timeout_ms: tokenTimeoutMs });
  if (!answer.ok) return fail(failedByMiss(party, missOf(answer.error)));
  const { status } = answer.value;
  if (isPassing(status)) return fail(failedByMiss(party, { kind: 'away', detail: `token endpoint: status ${status}` }));
  const tokens = readTokenResponse(status, answer.value.json());
  return tokens.ok ? tokens : fail(failedDirectly(party, tokens.error));
};

/** Reads the user's claims at the provider's UserInfo endpoint; they must be of the ID token's subject. OIDC Core 5.3. */
export const readUserInfo = async (
  outbound: Pick<OutboundClient, 'get'>,
  party: OidcUpParty,
  from: { userinfo_endpoint: string | undefined; access_token: string | undefined; sub: string },
): Promise<Outcome<JsonObject, LoginFailed>> => {
  const { userinfo_endpoint, access_token, sub } = from;
  if (userinfo_endpoint === undefined || access_token === undefined)
    return fail(
      failedAt(party, 'server_error', 'the identity provider cannot be used', 'there is no way to its UserInfo'),
    );
  const headers = { accept: 'application/json', authorization: `Bearer ${access_token}` };
  const answer = await outbound.get(userinfo_endpoint, { headers, timeout_ms: userInfoTimeoutMs, max_redirects: 0 });
  if (!answer.ok) return fail(failedByMiss(party, missOf(answer.error)));
  const { status } = answer.value;
  if (status !== 200) {
    const kind = isPassing(status) ? 'away' : 'unusable';
    return fail(failedByMiss(party, { kind, detail: `UserInfo: status ${status}` }));
  }
  const claims = checkProviderUserInfo(answer.value.json(), sub);
  return claims.ok ? ok(claims.value) : fail(failedDirectly(party, claims.error));
};

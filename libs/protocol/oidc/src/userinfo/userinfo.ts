import type { JsonObject } from '@corsac/jwt';
import { refuse, userClaimsOf, type OAuthError } from '@corsac/oauth';
import { ok, type Outcome } from '@corsac/outcome';

/**
 * Answers UserInfo from a verified access token of the track: `sub` and the user's claims that the granted scopes put there,
 * nothing of the protocol. OIDC Core 5.3.
 * @returns the claims; `insufficient_scope` for a token without `openid`, such as one of a client for itself
 */
export const userInfoClaims = (token: JsonObject): Outcome<JsonObject, OAuthError> => {
  const { sub, scope } = token;
  const isForUser = typeof scope === 'string' && scope.split(' ').includes('openid');
  if (!isForUser) return refuse('insufficient_scope', 'the token was not issued with scope openid');
  if (typeof sub !== 'string') return refuse('invalid_token', 'the token names nobody');
  return ok({ sub, ...userClaimsOf(token) });
};

/** Claims of a signed answer: also who says it, and to whom. OIDC Core 5.3.2. @param now unix seconds */
export const userInfoJwtClaims = (claims: JsonObject, issuer: string, client_id: string, now: number): JsonObject => ({
  ...claims,
  iss: issuer,
  aud: client_id,
  iat: now,
});

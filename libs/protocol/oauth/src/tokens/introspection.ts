import { audiencesOf, type JsonObject } from '@corsac/jwt';
import { ok, type Outcome } from '@corsac/outcome';
import { refuse, type OAuthError } from '../errors.js';
import type { Parameters } from '../parameters/parse-parameters.js';
import { looksLikeRefreshToken } from '../grants/refresh-token.js';

/** The answer about everything that the caller may not know, and about everything that does not count. RFC 7662 2.2. */
export const inactive = { active: false } as const;

/** What kind a token can be, by its form alone. */
export type TokenKind = 'refresh_token' | 'access_token' | 'unknown';

/** Tells the kinds apart; `token_type_hint` is not needed for that and may be wrong. RFC 7009 2.1, RFC 7662 2.1. */
export const tokenKindOf = (token: string): TokenKind => {
  if (looksLikeRefreshToken(token)) return 'refresh_token';
  return token.split('.').length === 3 ? 'access_token' : 'unknown';
};

/**
 * Reads a request to introspect or revoke. RFC 7009 2.1, RFC 7662 2.1.
 * @returns the token and the kind that its form tells, whatever `token_type_hint` says, or `invalid_request` without a token
 */
export const readTokenParameter = ({ values }: Parameters): Outcome<{ token: string; kind: TokenKind }, OAuthError> => {
  const token = values.get('token');
  return token === undefined ? refuse('invalid_request', 'token is missing') : ok({ token, kind: tokenKindOf(token) });
};

/**
 * Answers about a verified access token that has not been ended: a party sees its own tokens and those that name it as audience.
 * @param claims of the verified token
 * @param caller name of the authenticated party
 */
export const introspectAccessToken = (claims: JsonObject, caller: string): JsonObject => {
  const isOwn = claims['client_id'] === caller;
  if (!isOwn && !(audiencesOf(claims) ?? []).includes(caller)) return inactive;
  return { ...claims, active: true, token_type: claims['cnf'] === undefined ? 'Bearer' : 'DPoP' };
};

/** What is known about a refresh grant that counts. Times in unix seconds. */
export interface IntrospectedGrant {
  readonly client_id: string;
  readonly issuer: string;
  readonly sub: string;
  readonly scope: readonly string[];
  readonly issued_at: number;
  readonly expires_at: number;
}

/** Answers about a refresh token: to its client alone. */
export const introspectRefreshToken = (grant: IntrospectedGrant, caller: string): JsonObject =>
  grant.client_id === caller
    ? {
        active: true,
        iss: grant.issuer,
        sub: grant.sub,
        client_id: grant.client_id,
        scope: grant.scope.join(' '),
        iat: grant.issued_at,
        exp: grant.expires_at,
      }
    : inactive;

/**
 * Tells whether a party may revoke a token: only its own client. An unknown token is not an error, it is gone already. RFC 7009 2.1,
 * 2.2.
 */
export const checkRevocation = (owner: string, caller: string): Outcome<void, OAuthError> =>
  owner === caller ? ok() : refuse('unauthorized_client', 'the token was issued to another client');

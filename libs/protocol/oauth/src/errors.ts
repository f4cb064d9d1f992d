import { fail, type Failure } from '@corsac/outcome';

/**
 * Every error code that Corsac sends, with the HTTP status of a direct answer. RFC 6749 4.1.2.1 and 5.2, RFC 6750 3.1,
 * RFC 7009 2.2.1, RFC 8628 3.5, RFC 8693 2.2.2, RFC 8707 2, RFC 9101 6, RFC 9449 5, OIDC Core 3.1.2.6.
 */
const statuses = {
  invalid_request: 400,
  invalid_client: 401,
  invalid_grant: 400,
  unauthorized_client: 400,
  unsupported_grant_type: 400,
  unsupported_response_type: 400,
  unsupported_token_type: 400,
  invalid_scope: 400,
  invalid_target: 400,
  invalid_token: 401,
  insufficient_scope: 403,
  access_denied: 400,
  invalid_dpop_proof: 400,
  use_dpop_nonce: 400,
  authorization_pending: 400,
  slow_down: 400,
  expired_token: 400,
  login_required: 400,
  interaction_required: 400,
  consent_required: 400,
  account_selection_required: 400,
  unmet_authentication_requirements: 400,
  invalid_request_uri: 400,
  invalid_request_object: 400,
  request_not_supported: 400,
  request_uri_not_supported: 400,
  registration_not_supported: 400,
  server_error: 500,
  temporarily_unavailable: 503,
} as const;

/** A registered error code. */
export type OAuthErrorCode = keyof typeof statuses;

/** One OAuth error. `error_description` is for the developer of the client, `detail` for our log only. */
export interface OAuthError {
  readonly error: OAuthErrorCode;
  readonly error_description?: string;
  readonly detail?: string;
}

/** Makes an error value. The description never holds what the client sent. */
export const oauthError = (error: OAuthErrorCode, error_description?: string, detail?: string): OAuthError => ({
  error,
  ...(error_description !== undefined && { error_description }),
  ...(detail !== undefined && { detail }),
});

/** Refuses with an OAuth error. */
export const refuse = (error: OAuthErrorCode, error_description?: string, detail?: string): Failure<OAuthError> =>
  fail(oauthError(error, error_description, detail));

/** The HTTP status of a direct answer with this error, in this one place. RFC 6749 5.2, RFC 6750 3.1. */
export const httpStatusOf = (error: Pick<OAuthError, 'error'>): number => statuses[error.error];

/** What leaves as JSON: code and description, never the detail. RFC 6749 5.2. */
export const errorBody = (error: OAuthError): { error: OAuthErrorCode; error_description?: string } => ({
  error: error.error,
  ...(error.error_description !== undefined && { error_description: error.error_description }),
});

/**
 * `WWW-Authenticate` of a refusal: Basic for `invalid_client` at the token service's endpoints (RFC 6749 5.2), Bearer or DPoP for
 * a protected resource (RFC 6750 3, RFC 9449 7.1). Without an error the bare challenge: the caller had sent no token.
 * @param scheme `Basic`, `Bearer` or `DPoP`
 * @param realm our own text, the issuer
 */
export const wwwAuthenticate = (scheme: 'Basic' | 'Bearer' | 'DPoP', realm: string, error?: OAuthError): string => {
  const parts = [`realm="${quotable(realm)}"`];
  if (error && scheme !== 'Basic') parts.push(`error="${error.error}"`);
  if (error?.error_description && scheme !== 'Basic') {
    parts.push(`error_description="${quotable(error.error_description)}"`);
  }
  if (scheme === 'DPoP') parts.push('algs="RS256 PS256 ES256 EdDSA"');
  return `${scheme} ${parts.join(', ')}`;
};

/** Quote, backslash and everything outside printable ASCII are left out, so that no header can be split. RFC 6750 3. */
const quotable = (text: string): string => text.replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, '');

/** What the token endpoint answers. RFC 6749 5.1, OIDC Core 3.1.3.3, RFC 8693 2.2.1. */
export interface TokenResponse {
  readonly access_token: string;
  readonly token_type: 'Bearer' | 'DPoP';
  /** Seconds. */
  readonly expires_in: number;
  readonly scope?: string;
  readonly id_token?: string;
  readonly refresh_token?: string;
  readonly issued_token_type?: string;
}

/** What goes into the answer. */
export interface IssuedTokens {
  readonly access_token: string;
  readonly expires_in: number;
  readonly scope: readonly string[];
  readonly dpop_jkt?: string;
  readonly id_token?: string;
  readonly refresh_token?: string;
  readonly issued_token_type?: string;
}

/** Builds the answer; `scope` always says what was granted, because it may be less than was asked. RFC 6749 3.3, RFC 9449 5. */
export const tokenResponse = (issued: IssuedTokens): TokenResponse => ({
  access_token: issued.access_token,
  token_type: issued.dpop_jkt === undefined ? 'Bearer' : 'DPoP',
  expires_in: issued.expires_in,
  scope: issued.scope.length > 0 ? issued.scope.join(' ') : undefined,
  id_token: issued.id_token,
  refresh_token: issued.refresh_token,
  issued_token_type: issued.issued_token_type,
});

/** Headers of every answer of the token endpoint. RFC 6749 5.1. */
export const noStore = { 'cache-control': 'no-store', pragma: 'no-cache' } as const;

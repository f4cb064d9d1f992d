import type { ResponseMode } from '../authorization-request/request-types.js';
import type { OAuthError } from '../errors.js';

/** An answer of the authorize endpoint as the edge writes it: a redirect, or a page that posts a form. No HTML here. */
export type AuthorizationResponse =
  | { readonly method: 'redirect'; readonly url: string }
  | { readonly method: 'form_post'; readonly url: string; readonly params: Readonly<Record<string, string>> };

/** Where an answer goes and what it must always carry. */
export interface ResponseDestination {
  readonly redirect_uri: string;
  readonly response_mode: ResponseMode;
  /** Issuer of this sign-in. RFC 9207 2. */
  readonly issuer: string;
  readonly state?: string;
}

/** Members of a successful answer. RFC 6749 4.1.2 and 4.2.2, OIDC Core 3.3.2.5. */
export interface AuthorizationSuccess {
  readonly code?: string;
  readonly access_token?: string;
  readonly token_type?: 'Bearer' | 'DPoP';
  /** Seconds, beside an access token. */
  readonly expires_in?: number;
  /** The granted scope, beside an access token. RFC 6749 4.2.2. */
  readonly scope?: string;
  readonly id_token?: string;
}

/** Sends what was issued by the response mode of the request, always with `iss` and the client's `state`. */
export const respond = (to: ResponseDestination, issued: AuthorizationSuccess): AuthorizationResponse =>
  write(to, issued);

/** Sends an error by the same way as a success would go; the detail stays here. RFC 6749 4.1.2.1, OIDC Core 3.1.2.6. */
export const respondWithError = (to: ResponseDestination, error: OAuthError): AuthorizationResponse =>
  write(to, { error: error.error, error_description: error.error_description });

const write = (to: ResponseDestination, members: object): AuthorizationResponse => {
  const params = paramsOf({ ...members, state: to.state, iss: to.issuer });
  if (to.response_mode === 'form_post') return { method: 'form_post', url: to.redirect_uri, params };
  const encoded = new URLSearchParams(params).toString();
  const url = to.response_mode === 'fragment' ? `${to.redirect_uri}#${encoded}` : withQuery(to.redirect_uri, encoded);
  return { method: 'redirect', url };
};

/**
 * Adds parameters to an address. A query that is there already is kept as it is. RFC 6749 3.1.2.
 * @param encoded parameters in `application/x-www-form-urlencoded`
 */
export const withQuery = (address: string, encoded: string): string => {
  if (encoded === '') return address;
  const [base = '', fragment] = address.split('#', 2);
  const separator = !base.includes('?') ? '?' : base.endsWith('?') || base.endsWith('&') ? '' : '&';
  return `${base}${separator}${encoded}${fragment === undefined ? '' : `#${fragment}`}`;
};

const paramsOf = (members: object): Record<string, string> => {
  const params: Record<string, string> = {};
  for (const [name, value] of Object.entries(members)) if (value !== undefined) params[name] = String(value);
  return params;
};

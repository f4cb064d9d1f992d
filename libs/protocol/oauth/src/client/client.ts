import type { Json, SigningAlg } from '@corsac/jwt';

/** A claim that comes with a scope. */
export interface VoluntaryClaim {
  readonly claim: string;
  readonly in_id_token: boolean;
}

/** A scope of a client that is not a resource's, with the user's claims that it brings. */
export interface ClientScope {
  readonly scope: string;
  readonly voluntary_claims: readonly VoluntaryClaim[];
}

/** A claim issued whatever scope was asked; `*` is every claim, constant `values` are always added. */
export interface IssueClaim {
  readonly claim: string;
  readonly values: readonly Json[];
  readonly in_id_token: boolean;
}

/** A resource that a client may ask access tokens for, and the scopes of it. The client's own name stands for itself. */
export interface ResourceScope {
  readonly resource: string;
  readonly scopes: readonly string[];
}

/** How a client may prove itself at the endpoints of the token service. OIDC Core 9. */
export const authMethods = ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'] as const;
export type AuthMethod = (typeof authMethods)[number];

/** Grants that exist here, by their wire names. `password` is left out on purpose, RFC 9700 2.4. */
export const grantTypes = [
  'authorization_code',
  'implicit',
  'refresh_token',
  'client_credentials',
  'urn:ietf:params:oauth:grant-type:token-exchange',
  'urn:ietf:params:oauth:grant-type:device_code',
] as const;
export type GrantType = (typeof grantTypes)[number];

/** Response types with their words in the registered order. OAuth 2.0 Multiple Response Type Encoding Practices 3, 5. */
export const responseTypes = [
  'code',
  'code token',
  'code id_token',
  'code id_token token',
  'token',
  'id_token',
  'id_token token',
] as const;
export type ResponseType = (typeof responseTypes)[number];

/**
 * A down-party as the OAuth rules see it, in the names of RFC 7591 and OIDC registration where they exist. Its name is its
 * `client_id` and its resource name. Lifetimes are seconds. Members that only an OIDC client has are optional; `clientDefaults`
 * says what counts then.
 */
export interface Client {
  readonly type: 'oidc' | 'oauth2';
  readonly name: string;
  readonly redirect_uris: readonly string[];
  readonly response_types: readonly ResponseType[];
  readonly grant_types: readonly GrantType[];
  /** Unset: basic and post are both accepted from a client with secrets. */
  readonly token_endpoint_auth_method?: AuthMethod;
  /** Only their number matters here: the token service checks them. */
  readonly secrets: readonly unknown[];
  readonly jwks?: { readonly keys: readonly object[] };
  readonly jwks_uri?: string;
  readonly require_pkce: boolean;
  readonly resource_scopes: readonly ResourceScope[];
  readonly scopes: readonly ClientScope[];
  readonly claims: readonly IssueClaim[];
  readonly issuer: 'party' | 'track';
  readonly access_token_lifetime: number;
  readonly dpop_bound_access_tokens: boolean;
  /** Present when the party is an API. */
  readonly resource?: { readonly scopes: readonly string[] };
  readonly authorization_code_lifetime?: number;
  readonly id_token_lifetime?: number;
  readonly refresh_token_lifetime?: number;
  readonly refresh_token_absolute_lifetime?: number;
  readonly refresh_token_lifetime_unlimited?: boolean;
  readonly refresh_grace?: number;
  readonly id_token_signed_response_alg?: SigningAlg;
  readonly userinfo_signed_response_alg?: SigningAlg;
  readonly request_object_signing_alg?: SigningAlg;
  readonly require_pushed_authorization_requests?: boolean;
  readonly require_logout_id_token_hint?: boolean;
  readonly post_logout_redirect_uris?: readonly string[];
  readonly frontchannel_logout_uri?: string;
  readonly frontchannel_logout_session_required?: boolean;
  readonly backchannel_logout_uri?: string;
  readonly backchannel_logout_session_required?: boolean;
}

/** What counts for the settings that a client may leave out. Seconds. */
export const clientDefaults = {
  authorization_code_lifetime: 30,
  access_token_lifetime: 3_600,
  id_token_lifetime: 3_600,
  refresh_token_lifetime: 36_000,
  refresh_token_absolute_lifetime: 86_400,
  refresh_grace: 0,
} as const;

/** Tells whether a client has keys of its own, by value or by address. */
export const hasKeys = (client: Pick<Client, 'jwks' | 'jwks_uri'>): boolean =>
  (client.jwks !== undefined && client.jwks.keys.length > 0) || client.jwks_uri !== undefined;

/**
 * The ways in which this client may prove itself. Set: exactly that one. Unset: what it has decides, secrets (basic and post)
 * before keys; a client with neither is public and says only who it is. RFC 6749 2.3, OIDC Core 9.
 */
export const acceptedAuthMethods = (client: Client): readonly AuthMethod[] => {
  if (client.token_endpoint_auth_method) return [client.token_endpoint_auth_method];
  if (client.secrets.length > 0) return ['client_secret_basic', 'client_secret_post'];
  return hasKeys(client) ? ['private_key_jwt'] : ['none'];
};

/**
 * Tells whether two clients know one provider: both carry the issuer of the track, so that the metadata of either is true for both, and
 * the endpoints at the address of one serve the other. RFC 8414 2: an issuer has one set of endpoints.
 */
export const haveOneProvider = (one: Pick<Client, 'issuer'>, other: Pick<Client, 'issuer'>): boolean =>
  one.issuer === 'track' && other.issuer === 'track';

/** Tells whether a client cannot prove itself. RFC 6749 2.1. */
export const isPublicClient = (client: Client): boolean => acceptedAuthMethods(client)[0] === 'none';

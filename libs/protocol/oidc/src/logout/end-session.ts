import { verifyJwt, type JwtError, type SigningAlg, type VerificationKey } from '@corsac/jwt';
import {
  checkParameters,
  isRegisteredUri,
  refuse,
  withQuery,
  type Client,
  type OAuthError,
  type Parameters,
} from '@corsac/oauth';
import { ok, type Outcome } from '@corsac/outcome';

/** What an ID token tells when it comes back as a hint. */
export interface IdTokenHint {
  readonly sub: string;
  readonly sid?: string;
  /** Issuer under which it was issued: any binding of the same party, or the track. */
  readonly iss: string;
}

/** A logout request that may be acted on. Only `checkEndSessionRequest` makes it. RP-Initiated Logout 1.0 2. */
export interface EndSessionRequest {
  readonly client_id: string;
  readonly hint: 'valid' | 'invalid' | 'absent';
  readonly sub?: string;
  readonly sid?: string;
  /** True when the client said its id in the request. */
  readonly client_named: boolean;
  readonly post_logout_redirect_uri?: string;
  readonly state?: string;
  readonly ui_locales: readonly string[];
}

/** What a hint is judged by. */
export interface HintContext {
  readonly client_id: string;
  /** Every public key of the track, retired ones too: a hint may be older than a key's service. */
  readonly keys: readonly VerificationKey[];
  readonly algs: readonly SigningAlg[];
  /** Tells whether an issuer is an address of this party or its track. */
  readonly isOurs: (issuer: string) => boolean;
  /** Unix seconds. */
  readonly now: number;
}

/**
 * Checks an `id_token_hint` whatever its age: our signature, this client, one of our issuers. RP-Initiated Logout 1.0 2 and 4, OIDC
 * Core 3.1.2.1. An access token is of another type and does not pass.
 * @returns whom it names, or why it is no hint of ours; what then becomes of the logout is `checkEndSessionRequest`'s to say
 */
export const verifyIdTokenHint = (hint: string, context: HintContext): Outcome<IdTokenHint, JwtError> => {
  const verified = verifyJwt(hint, {
    keys: context.keys,
    algs: context.algs,
    typ: ['jwt', ''],
    audience: context.client_id,
    now: context.now,
    anyAge: true,
    expOptional: true,
    required: ['iss', 'sub'],
  });
  if (!verified.ok) return verified;
  const { iss, sub, sid } = verified.value.claims as { iss: string; sub: string; sid?: unknown };
  if (!context.isOurs(iss)) return { ok: false, error: { code: 'issuer_mismatch', message: 'the hint is not ours' } };
  return ok({ iss, sub, ...(typeof sid === 'string' && { sid }) });
};

/** A request to the end-session endpoint with what was found out about its hint. */
export interface EndSessionInput {
  readonly parameters: Parameters;
  /** The down-party that the address names. */
  readonly client: Client;
  /** Result of `verifyIdTokenHint` when a hint came. */
  readonly hint?: Outcome<IdTokenHint, JwtError>;
}

/**
 * Checks a logout request before anything is ended; every refusal is a page. A redirect URI that is not registered refuses the whole.
 * RP-Initiated Logout 1.0 2, 3, 4.
 */
export const checkEndSessionRequest = (input: EndSessionInput): Outcome<EndSessionRequest, OAuthError> => {
  const { parameters, client, hint } = input;
  const form = checkParameters(parameters);
  if (!form.ok) return form;
  const { values } = parameters;
  const client_id = values.get('client_id');
  if (client_id !== undefined && client_id !== client.name) {
    return refuse('invalid_request', 'client_id is not the client of this address');
  }
  const uri = values.get('post_logout_redirect_uri');
  if (uri !== undefined && !isRegisteredUri(uri, postLogoutUris(client))) {
    return refuse('invalid_request', 'post_logout_redirect_uri is not registered for the client');
  }
  if (client.require_logout_id_token_hint && !hint?.ok) {
    return refuse('invalid_request', 'a valid id_token_hint is required');
  }
  const state = values.get('state');
  return ok({
    client_id: client.name,
    client_named: client_id !== undefined,
    hint: hint === undefined ? 'absent' : hint.ok ? 'valid' : 'invalid',
    ...(hint?.ok && { sub: hint.value.sub, ...(hint.value.sid !== undefined && { sid: hint.value.sid }) }),
    ...(uri !== undefined && { post_logout_redirect_uri: uri }),
    ...(state !== undefined && { state }),
    ui_locales: (values.get('ui_locales') ?? '').split(' ').filter((word) => /^[A-Za-z0-9-]{1,40}$/.test(word)),
  });
};

/** Addresses that a logout may return to; without any of its own the redirect URIs of sign-in count. */
export const postLogoutUris = (client: Client): readonly string[] =>
  client.post_logout_redirect_uris && client.post_logout_redirect_uris.length > 0
    ? client.post_logout_redirect_uris
    : client.redirect_uris;

/** When the login up-party asks the user. */
export type LogoutConsent = 'always' | 'if_required' | 'never';

/**
 * Tells whether the user is asked before the session ends. At once only when a valid hint names this very session: otherwise any page
 * on the web could sign people out. RP-Initiated Logout 1.0 2, 6.
 * @param browserSids sessions of this browser in the track
 */
export const mustAskUser = (
  request: EndSessionRequest,
  browserSids: readonly string[],
  consent: LogoutConsent,
): boolean => {
  if (consent !== 'if_required') return consent === 'always';
  return !(request.hint === 'valid' && request.sid !== undefined && browserSids.includes(request.sid));
};

/**
 * Where the browser goes after the logout: only with a valid hint, or when the client named itself and the user agreed. A hint that
 * does not verify takes that right away. RP-Initiated Logout 1.0 2, 3.
 * @param userAgreed true when the user was asked and agreed
 * @returns the address with `state`, nothing when the end page is shown
 */
export const postLogoutRedirect = (request: EndSessionRequest, userAgreed: boolean): string | undefined => {
  const { post_logout_redirect_uri, state, hint, client_named } = request;
  const mayReturn = hint === 'valid' || (hint === 'absent' && client_named && userAgreed);
  if (post_logout_redirect_uri === undefined || !mayReturn) return undefined;
  return state === undefined
    ? post_logout_redirect_uri
    : withQuery(post_logout_redirect_uri, new URLSearchParams({ state }).toString());
};

import type { Outcome } from '@corsac/outcome';
import type { Json } from '@corsac/jwt';
import type { Client, ResponseType } from '../client/client.js';
import type { OAuthError } from '../errors.js';
import type { Parameters } from '../parameters/parse-parameters.js';
import type { Issuers } from '../scopes/audience.js';
import type { ScopeGrant } from '../scopes/grant-scopes.js';

/** How an answer of the authorize endpoint travels. OAuth 2.0 Multiple Response Types 2.1, Form Post Response Mode 2. */
export const responseModes = ['query', 'fragment', 'form_post'] as const;
/** One of `responseModes`. */
export type ResponseMode = (typeof responseModes)[number];

/** Values of `prompt`. OIDC Core 3.1.2.1. */
export const prompts = ['none', 'login', 'consent', 'select_account'] as const;
/** One of `prompts`. */
export type Prompt = (typeof prompts)[number];

/** How one claim is asked for. OIDC Core 5.5.1. */
export interface ClaimRequest {
  readonly essential?: boolean;
  readonly value?: Json;
  readonly values?: readonly Json[];
}

/** The `claims` parameter. OIDC Core 5.5. */
export interface ClaimsRequest {
  readonly userinfo: Readonly<Record<string, ClaimRequest>>;
  readonly id_token: Readonly<Record<string, ClaimRequest>>;
}

/** Values of a checked authorization request; plain data, so that a sequence can keep it. */
export interface AuthorizationRequestValues {
  readonly client_id: string;
  readonly redirect_uri: string;
  readonly response_type: ResponseType;
  readonly response_mode: ResponseMode;
  readonly state?: string;
  /** The issuer of this sign-in: for ID tokens, `iss` of the answer and logout tokens. */
  readonly issuer: string;
  readonly grant: ScopeGrant;
  readonly nonce?: string;
  readonly code_challenge?: string;
  readonly dpop_jkt?: string;
  readonly prompt: readonly Prompt[];
  /** Seconds. */
  readonly max_age?: number;
  readonly acr_values: readonly string[];
  readonly ui_locales: readonly string[];
  readonly display?: string;
  readonly login_hint?: string;
  readonly id_token_hint?: string;
  readonly claims?: ClaimsRequest;
}

declare const checked: unique symbol;

/** An authorization request that passed every check. Only `checkAuthorizationRequest` makes it. */
export type ValidAuthorizationRequest = AuthorizationRequestValues & { readonly [checked]: true };

/** What a check is given. */
export interface CheckContext {
  readonly client: Client;
  readonly issuers: Issuers;
  /** The parameters as they came to the endpoint. */
  readonly outer: Parameters;
  /** What went wrong when a request object was verified or a pushed request was taken. */
  readonly problem?: OAuthError;
  /** True when a request object or pushed request stands behind the effective parameters. */
  readonly resolved: boolean;
  /** True at the pushed authorization request endpoint and for what came from there. */
  readonly pushed: boolean;
  /** What the checks before this one found. */
  readonly found: Partial<AuthorizationRequestValues>;
}

/** One rule: the effective parameters in, values or an error out. */
export type Check = (
  parameters: Parameters,
  context: CheckContext,
) => Outcome<Partial<AuthorizationRequestValues>, OAuthError>;

/** A line of the table. `onError` says where its error may travel. */
export interface CheckStep {
  readonly name: string;
  readonly check: Check;
  readonly onError: 'page' | 'redirect';
}

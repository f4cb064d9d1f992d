import type { Prompt, ResponseMode } from '@corsac/oauth';
import { withQuery } from '@corsac/oauth';

/** What is sent to a provider to sign somebody in. OIDC Core 3.1.2.1. */
export interface AuthenticationRequest {
  readonly client_id: string;
  readonly redirect_uri: string;
  readonly response_type: string;
  readonly response_mode: ResponseMode;
  /** Scopes besides `openid`. */
  readonly scope: readonly string[];
  readonly state: string;
  readonly nonce: string;
  readonly code_challenge?: string;
  readonly prompt?: readonly Prompt[];
  /** Seconds. */
  readonly max_age?: number;
  readonly login_hint?: string;
  readonly acr_values?: readonly string[];
  readonly ui_locales?: readonly string[];
  /** Parameters from configuration; they never replace one of ours. */
  readonly additional?: readonly { readonly name: string; readonly value: string }[];
}

/** The address to send the browser to. @param authorization_endpoint of the provider; a query of its own is kept */
export const authenticationRequestUrl = (authorization_endpoint: string, request: AuthenticationRequest): string => {
  const own: [string, string | undefined][] = [
    ['client_id', request.client_id],
    ['redirect_uri', request.redirect_uri],
    ['response_type', request.response_type],
    ['response_mode', usualMode(request) ? undefined : request.response_mode],
    ['scope', [...new Set(['openid', ...request.scope])].join(' ')],
    ['state', request.state],
    ['nonce', request.nonce],
    ['code_challenge', request.code_challenge],
    ['code_challenge_method', request.code_challenge === undefined ? undefined : 'S256'],
    ['prompt', joined(request.prompt)],
    ['max_age', request.max_age === undefined ? undefined : String(request.max_age)],
    ['login_hint', request.login_hint],
    ['acr_values', joined(request.acr_values)],
    ['ui_locales', joined(request.ui_locales)],
  ];
  const sent = new Map<string, string>();
  for (const [name, value] of own) if (value !== undefined) sent.set(name, value);
  for (const { name, value } of request.additional ?? []) if (!sent.has(name)) sent.set(name, value);
  return withQuery(authorization_endpoint, new URLSearchParams([...sent]).toString());
};

/** The default mode is not written: some providers refuse the parameter. OAuth 2.0 Multiple Response Types 2.1. */
const usualMode = ({ response_type, response_mode }: AuthenticationRequest): boolean =>
  response_mode === (response_type === 'code' ? 'query' : 'fragment');

const joined = (words: readonly string[] | undefined): string | undefined =>
  words && words.length > 0 ? words.join(' ') : undefined;

import { withQuery } from '@corsac/oauth';

/** A logout that we ask of a provider. RP-Initiated Logout 1.0 2. */
export interface LogoutRequest {
  readonly id_token_hint?: string;
  readonly client_id: string;
  readonly post_logout_redirect_uri: string;
  readonly state: string;
  readonly ui_locales?: readonly string[];
}

/** The address to send the browser to. @param end_session_endpoint of the provider; a query of its own is kept */
export const logoutRequestUrl = (end_session_endpoint: string, request: LogoutRequest): string => {
  const { id_token_hint, client_id, post_logout_redirect_uri, state, ui_locales = [] } = request;
  const sent = new URLSearchParams({
    ...(id_token_hint !== undefined && { id_token_hint }),
    client_id,
    post_logout_redirect_uri,
    state,
    ...(ui_locales.length > 0 && { ui_locales: ui_locales.join(' ') }),
  });
  return withQuery(end_session_endpoint, sent.toString());
};

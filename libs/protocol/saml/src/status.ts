import { statusCodes } from './names.js';

/** What the peer says about a request. SAML Core 3.2.2. */
export interface SamlStatus {
  /** One of the four top-level codes. */
  readonly code: string;
  readonly sub_code?: string;
  readonly message?: string;
}

/** All went well. */
export const success: SamlStatus = { code: statusCodes.success };

/** An error as it may be told to an OpenID Connect application, and the text that is only for our log. */
export interface MappedOAuthError {
  readonly error: 'login_required' | 'access_denied' | 'invalid_request';
  readonly error_description: string;
  readonly detail?: string;
}

const toOAuth: Readonly<Record<string, readonly [error: MappedOAuthError['error'], description: string]>> = {
  [statusCodes.authnFailed]: ['login_required', 'the identity provider did not authenticate the user'],
  [statusCodes.noAuthnContext]: ['login_required', 'the identity provider cannot authenticate in the requested way'],
  [statusCodes.noPassive]: ['login_required', 'the identity provider needs to ask the user'],
  [statusCodes.requestDenied]: ['access_denied', 'the identity provider denied the request'],
};

/** Turns the peer's status into the error that the waiting application gets. */
export function oauthErrorOfStatus(status: SamlStatus): MappedOAuthError {
  const known = (status.sub_code && toOAuth[status.sub_code]) || toOAuth[status.code];
  const [error, error_description] =
    known || (['invalid_request', 'the identity provider refused the request'] as const);
  const detail = [status.code, status.sub_code, status.message].filter((part) => part !== undefined).join(' ');
  return { error, error_description, detail };
}

const responder = (sub_code?: string): SamlStatus => ({ code: statusCodes.responder, sub_code });

const fromOAuth: Readonly<Record<string, SamlStatus>> = {
  interaction_required: responder(statusCodes.noPassive),
  consent_required: responder(statusCodes.noPassive),
  account_selection_required: responder(statusCodes.noPassive),
  access_denied: responder(statusCodes.authnFailed),
  login_canceled: responder(statusCodes.authnFailed),
  unmet_authentication_requirements: responder(statusCodes.noAuthnContext),
  invalid_request: { code: statusCodes.requester },
  unsupported_name_id_policy: { code: statusCodes.requester, sub_code: statusCodes.invalidNameIdPolicy },
  request_not_supported: { code: statusCodes.requester, sub_code: statusCodes.requestUnsupported },
};

/**
 * Turns our error into the status that an application gets.
 * @param error an OAuth or OpenID Connect error code
 * @param request whether the application asked for no interaction; then login_required is its NoPassive
 */
export function statusOfOAuthError(error: string, request: { readonly is_passive?: boolean } = {}): SamlStatus {
  if (error === 'login_required')
    return responder(request.is_passive ? statusCodes.noPassive : statusCodes.noAuthnContext);
  return fromOAuth[error] ?? responder();
}

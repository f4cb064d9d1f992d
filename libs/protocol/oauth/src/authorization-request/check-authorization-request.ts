import { fail, ok, type Outcome } from '@corsac/outcome';
import type { Client } from '../client/client.js';
import type { OAuthError } from '../errors.js';
import type { Parameters } from '../parameters/parse-parameters.js';
import { signInIssuer, type Issuers } from '../scopes/audience.js';
import { errorResponseMode } from './check-response.js';
import { checks } from './checks.js';
import { wayBackOf } from './request-object.js';
import type {
  AuthorizationRequestValues,
  CheckContext,
  CheckStep,
  ResponseMode,
  ValidAuthorizationRequest,
} from './request-types.js';

/** A request to the authorize endpoint, with what was found out about it elsewhere. */
export interface AuthorizationRequestInput {
  /** Query or form as it came. */
  readonly parameters: Parameters;
  /** The down-party that the address names. */
  readonly client: Client;
  readonly issuers: Issuers;
  /**
   * Parameters of the verified request object or of the pushed request, when one of them was named; its error otherwise. They
   * replace the outer parameters altogether: what stands outside was neither signed nor authenticated. RFC 9101 6.3, RFC 9126 4.
   */
  readonly resolved?: Outcome<Parameters, OAuthError>;
  /** True at the pushed authorization request endpoint, and when `resolved` came from there. */
  readonly pushed?: boolean;
}

/** Where an error of an authorization request goes. */
export type AuthorizationRequestError =
  | { readonly to: 'page'; readonly step: string; readonly error: OAuthError }
  | ({ readonly to: 'redirect'; readonly step: string; readonly error: OAuthError } & ErrorDestination);

/** What an error response needs. It also carries `iss`. RFC 9207 2. */
export interface ErrorDestination {
  readonly redirect_uri: string;
  readonly response_mode: ResponseMode;
  readonly state?: string;
  readonly issuer: string;
}

/**
 * Runs the table of checks. The only maker of `ValidAuthorizationRequest`.
 * @returns the request, or the first error with the place it may travel to
 */
export const checkAuthorizationRequest = (
  input: AuthorizationRequestInput,
): Outcome<ValidAuthorizationRequest, AuthorizationRequestError> => {
  const { client, issuers, parameters: outer, resolved, pushed = false } = input;
  const parameters = resolved?.ok ? resolved.value : outer;
  const problem = resolved && !resolved.ok ? resolved.error : undefined;
  const issuer = signInIssuer(client, issuers);
  const wayBack = resolved?.ok ? parameters : wayBackOf(outer);
  const state = stateOf(wayBack);
  const found: Partial<AuthorizationRequestValues> = { issuer, ...(state !== undefined && { state }) };
  const context: CheckContext = { client, issuers, outer, problem, resolved: resolved !== undefined, pushed, found };
  for (const step of checks) {
    const result = step.check(parameters, context);
    if (!result.ok) return fail(destinationOf(step, result.error, wayBack, found));
    Object.assign(found, result.value);
  }
  return ok(found as ValidAuthorizationRequest);
};

/** A repeated `state` is not echoed: which of them would be the client's? */
const stateOf = (parameters: Parameters): string | undefined =>
  parameters.repeated.includes('state') ? undefined : parameters.values.get('state');

const destinationOf = (
  step: CheckStep,
  error: OAuthError,
  parameters: Parameters,
  found: Partial<AuthorizationRequestValues>,
): AuthorizationRequestError => {
  if (step.onError === 'page') return { to: 'page', step: step.name, error };
  const { redirect_uri, issuer, state } = found as Pick<ErrorDestination, 'redirect_uri' | 'issuer' | 'state'>;
  const response_mode = found.response_mode ?? errorResponseMode(parameters);
  return {
    to: 'redirect',
    step: step.name,
    error,
    redirect_uri,
    issuer,
    response_mode,
    ...(state !== undefined && { state }),
  };
};

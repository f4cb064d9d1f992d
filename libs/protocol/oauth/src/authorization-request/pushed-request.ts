import { ok, type Outcome } from '@corsac/outcome';
import { refuse, type OAuthError } from '../errors.js';
import { parametersOf, type Parameters } from '../parameters/parse-parameters.js';
import { checkAuthorizationRequest, type AuthorizationRequestInput } from './check-authorization-request.js';

/** A pushed request as it is kept until its browser comes. Plain data. */
export interface PushedRequest {
  readonly client_id: string;
  /** Names and values; `resource` may stand several times. */
  readonly parameters: readonly (readonly [string, string])[];
}

/** Parameters that prove the client; they are no part of the authorization request. RFC 9126 2.1. */
const proofs = new Set(['client_secret', 'client_assertion', 'client_assertion_type']);

/**
 * Checks a pushed authorization request by the same table as the authorize endpoint; all errors are direct answers. The client
 * was authenticated before. RFC 9126 2.1, 2.3.
 * @param dpop_jkt key of the DPoP proof that came with it; binds the code, and must agree with a `dpop_jkt` sent. RFC 9449 10.1
 * @returns what to keep for `pushedRequestLifetime`
 */
export const checkPushedRequest = (
  input: Omit<AuthorizationRequestInput, 'pushed'>,
  dpop_jkt?: string,
): Outcome<PushedRequest, OAuthError> => {
  if (input.parameters.values.has('request_uri')) return refuse('invalid_request', 'request_uri must not be pushed');
  const checked = checkAuthorizationRequest({ ...input, pushed: true });
  if (!checked.ok) return { ok: false, error: checked.error.error };
  if (dpop_jkt !== undefined && checked.value.dpop_jkt !== undefined && checked.value.dpop_jkt !== dpop_jkt) {
    return refuse('invalid_dpop_proof', 'dpop_jkt is not the key of the proof');
  }
  const source = input.resolved?.ok ? input.resolved.value : input.parameters;
  const kept = entriesOf(source).filter(([name]) => !proofs.has(name) && name !== 'request' && name !== 'dpop_jkt');
  const bound = dpop_jkt ?? checked.value.dpop_jkt;
  return ok({
    client_id: checked.value.client_id,
    parameters: bound === undefined ? kept : [...kept, ['dpop_jkt', bound] as const],
  });
};

/**
 * The parameters of a pushed request that was taken from the store, for `resolved` of the authorize endpoint.
 * @param pushed what the store had under the reference: nothing when it is unknown, used or too old. RFC 9126 4
 */
export const resolvePushedRequest = (
  pushed: PushedRequest | undefined,
  client_id: string,
): Outcome<Parameters, OAuthError> =>
  pushed && pushed.client_id === client_id
    ? ok(parametersOf(pushed.parameters))
    : refuse('invalid_request_uri', 'request_uri is unknown, used or too old');

const entriesOf = (parameters: Parameters): (readonly [string, string])[] => [
  ...[...parameters.values].filter(([name]) => name !== 'resource' && name !== 'audience'),
  ...parameters.lists.resource.map((value) => ['resource', value] as const),
];

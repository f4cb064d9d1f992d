import { ok } from '@corsac/outcome';
import { isRegisteredUri } from '../client/redirect-uri.js';
import { refuse } from '../errors.js';
import { checkParameters } from '../parameters/parse-parameters.js';
import { parseRequestUri } from './pushed-request-uri.js';
import type { Check } from './request-types.js';

/**
 * The address names the party, and `client_id` must say the same, byte for byte. It stands outside a request object too.
 * RFC 6749 4.1.1, RFC 9101 5.
 */
export const checkClient: Check = (parameters, { client, outer }) => {
  if (outer.unusable !== undefined) return refuse('invalid_request', outer.unusable);
  if (outer.repeated.includes('client_id'))
    return refuse('invalid_request', 'client_id must not be sent more than once');
  const client_id = outer.values.get('client_id');
  if (client_id === undefined) return refuse('invalid_request', 'client_id is missing');
  if (client_id !== client.name) return refuse('invalid_client', 'client_id is not the client of this address');
  const inner = parameters.values.get('client_id');
  if (inner !== undefined && inner !== client_id)
    return refuse('invalid_request', 'client_id differs inside the request object');
  if (client.type !== 'oidc') return refuse('unauthorized_client', 'the client cannot use the authorize endpoint');
  return ok({ client_id });
};

/** The one address that answers may go to. Until this holds nothing is redirected. RFC 6749 3.1.2.3, RFC 9700 4.1.3. */
export const checkRedirectUri: Check = (parameters, { client, outer, problem }) => {
  if (outer.repeated.includes('redirect_uri') || parameters.repeated.includes('redirect_uri')) {
    return refuse('invalid_request', 'redirect_uri must not be sent more than once');
  }
  const redirect_uri = parameters.values.get('redirect_uri');
  if (redirect_uri === undefined) {
    // A pushed request or request object that could not be read hides the address: its own error says more.
    return problem ? { ok: false, error: problem } : refuse('invalid_request', 'redirect_uri is missing');
  }
  return isRegisteredUri(redirect_uri, client.redirect_uris)
    ? ok({ redirect_uri })
    : refuse('invalid_request', 'redirect_uri is not registered for the client');
};

/** Nothing repeated, nothing too long, outside and inside. RFC 6749 3.1. */
export const checkForm: Check = (parameters, { outer }) => {
  const outside = checkParameters(outer);
  if (!outside.ok) return outside;
  const inside = checkParameters(parameters);
  return inside.ok ? ok({}) : inside;
};

/** Where the request stands: by value, pushed or plain. RFC 9101 5, RFC 9126 4 and 5, OIDC Core 6. */
export const checkSource: Check = (_parameters, { client, outer, problem, pushed, resolved }) => {
  if (outer.values.has('registration')) return refuse('registration_not_supported', 'registration is not supported');
  if (outer.values.has('request') && outer.values.has('request_uri')) {
    return refuse('invalid_request', 'request and request_uri must not be sent together');
  }
  const request_uri = outer.values.get('request_uri');
  if (request_uri !== undefined && parseRequestUri(request_uri) === undefined) {
    return refuse('request_uri_not_supported', 'request_uri must come from the pushed authorization request endpoint');
  }
  if (problem) return { ok: false, error: problem };
  // Something was named that the endpoint did not resolve: going on without it would ignore what the client asked.
  if (!resolved && (outer.values.has('request') || request_uri !== undefined)) {
    return refuse(
      request_uri === undefined ? 'request_not_supported' : 'request_uri_not_supported',
      'not supported here',
    );
  }
  if (client.require_pushed_authorization_requests && !pushed) {
    return refuse('invalid_request', 'the client must push its authorization request');
  }
  return ok({});
};

import { ok } from '@corsac/outcome';
import type { ResponseType } from '../client/client.js';
import { refuse } from '../errors.js';
import { respondsWith } from './check-response.js';
import type { Check } from './request-types.js';

/** A SHA-256 hash in base64url. RFC 7636 4.2. */
const challenge = /^[A-Za-z0-9_-]{43}$/;

/**
 * S256 only; a challenge binds the code whenever it is sent, required or not. Without a code there is nothing to bind, so
 * nothing is asked in implicit flow. RFC 7636 4.4.1, RFC 9700 2.1.1.
 */
export const checkPkce: Check = (parameters, { client, found }) => {
  if (!respondsWith(found.response_type as ResponseType, 'code')) return ok({});
  const code_challenge = parameters.values.get('code_challenge');
  const method = parameters.values.get('code_challenge_method');
  if (code_challenge === undefined) {
    return client.require_pkce || method !== undefined
      ? refuse('invalid_request', 'code_challenge is missing')
      : ok({});
  }
  if (method !== 'S256') return refuse('invalid_request', 'code_challenge_method must be S256');
  return challenge.test(code_challenge)
    ? ok({ code_challenge })
    : refuse('invalid_request', 'code_challenge must be a SHA-256 hash in base64url');
};

/** The key that the code will be bound to. RFC 9449 10. */
export const checkDpopKey: Check = (parameters) => {
  const dpop_jkt = parameters.values.get('dpop_jkt');
  if (dpop_jkt === undefined) return ok({});
  return challenge.test(dpop_jkt) ? ok({ dpop_jkt }) : refuse('invalid_request', 'dpop_jkt must be a key thumbprint');
};

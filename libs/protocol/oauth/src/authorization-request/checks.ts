import { checkClaims } from './check-claims.js';
import { checkClient, checkForm, checkRedirectUri, checkSource } from './check-client.js';
import { checkDpopKey, checkPkce } from './check-pkce.js';
import { checkResponseMode, checkResponseType } from './check-response.js';
import { checkNonce, checkScope } from './check-scope.js';
import { checkMaxAge, checkPrompt, checkWishes } from './check-user.js';
import type { CheckStep } from './request-types.js';

/**
 * The authorization request, in order. An error may travel to the client only once `client_id` and `redirect_uri` have both
 * passed: before that it is a page, or the endpoint would be an open redirector. RFC 6749 4.1.2.1, RFC 9700 4.11.
 */
export const checks = [
  { name: 'client_id', check: checkClient, onError: 'page' },
  { name: 'redirect_uri', check: checkRedirectUri, onError: 'page' },
  { name: 'parameters', check: checkForm, onError: 'redirect' },
  { name: 'request', check: checkSource, onError: 'redirect' },
  { name: 'response_type', check: checkResponseType, onError: 'redirect' },
  { name: 'response_mode', check: checkResponseMode, onError: 'redirect' },
  { name: 'scope', check: checkScope, onError: 'redirect' },
  { name: 'nonce', check: checkNonce, onError: 'redirect' },
  { name: 'code_challenge', check: checkPkce, onError: 'redirect' },
  { name: 'dpop_jkt', check: checkDpopKey, onError: 'redirect' },
  { name: 'prompt', check: checkPrompt, onError: 'redirect' },
  { name: 'max_age', check: checkMaxAge, onError: 'redirect' },
  { name: 'claims', check: checkClaims, onError: 'redirect' },
  { name: 'wishes', check: checkWishes, onError: 'redirect' },
] as const satisfies readonly CheckStep[];

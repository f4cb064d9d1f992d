import type { JsonObject } from '@corsac/jwt';
import { ok, type Outcome } from '@corsac/outcome';
import { refuse, type OAuthError } from '../errors.js';
import type { Parameters } from '../parameters/parse-parameters.js';

/** An access token as it came to a protected resource. Nothing is proven yet. */
export interface PresentedToken {
  readonly scheme: 'Bearer' | 'DPoP';
  readonly token: string;
}

/**
 * Finds the access token of a request: in the `Authorization` header, or in a form body; never in the query. RFC 6750 2, RFC 9449 7.1.
 * @param form parameters of a form body, when there is one
 * @returns nothing when none came (then the challenge has no error, RFC 6750 3.1); `invalid_request` for two
 */
export const presentedToken = (
  authorization: string | undefined,
  form?: Parameters,
): Outcome<PresentedToken | undefined, OAuthError> => {
  const [, scheme, token] = /^(bearer|dpop) +([A-Za-z0-9._~+/-]+=*) *$/i.exec(authorization ?? '') ?? [];
  const inForm = form?.values.get('access_token');
  if (token !== undefined && inForm !== undefined)
    return refuse('invalid_request', 'only one access token may be sent');
  if (inForm !== undefined) return ok({ scheme: 'Bearer', token: inForm });
  if (token === undefined || scheme === undefined) return ok(undefined);
  return ok({ scheme: scheme.toLowerCase() === 'dpop' ? 'DPoP' : 'Bearer', token });
};

/**
 * Checks that a token is used as it was issued: a bound one with its key's proof, never as a bearer token, and the other way round.
 * RFC 9449 7.1, 7.2.
 * @param jkt key of the proof that came and was verified for this token
 * @returns `invalid_token` when it does not fit
 */
export const checkTokenBinding = (
  claims: JsonObject,
  scheme: PresentedToken['scheme'],
  jkt: string | undefined,
): Outcome<void, OAuthError> => {
  const cnf = claims['cnf'];
  const bound = typeof cnf === 'object' && cnf !== null && 'jkt' in cnf ? cnf.jkt : undefined;
  if (bound === undefined) {
    return cnf === undefined && scheme === 'Bearer'
      ? ok()
      : refuse('invalid_token', 'the token is not bound to a DPoP key');
  }
  return scheme === 'DPoP' && bound === jkt
    ? ok()
    : refuse('invalid_token', 'the token needs the DPoP proof of its key');
};

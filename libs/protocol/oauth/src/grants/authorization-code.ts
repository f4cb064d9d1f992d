import { ok, type Outcome } from '@corsac/outcome';
import { refuse, type OAuthError } from '../errors.js';
import type { Parameters } from '../parameters/parse-parameters.js';
import { isVerifierOf } from './pkce.js';

/** What a code is bound to; kept under the code by the token service. Times in unix seconds. */
export interface CodeBinding {
  readonly client_id: string;
  readonly redirect_uri: string;
  readonly code_challenge?: string;
  readonly dpop_jkt?: string;
  readonly expires_at: number;
  /** Epoch of the store when the code was made. */
  readonly epoch: string | number;
}

/** The token request of this grant. RFC 6749 4.1.3, RFC 7636 4.5. */
export interface CodeRequest {
  readonly code: string;
  readonly redirect_uri: string;
  readonly code_verifier?: string;
  readonly resource: readonly string[];
}

/** What the redemption is judged by. */
export interface RedemptionContext {
  /** The authenticated client. */
  readonly client_id: string;
  /** Key of the DPoP proof, when one came. */
  readonly dpop_jkt?: string;
  /** Unix seconds. */
  readonly now: number;
  /** Epoch of the store now: after a store that may have lost writes came back it is a new one. */
  readonly epoch: string | number;
}

declare const redeemed: unique symbol;

/** A code that this request may use. Only `checkRedemption` makes it. */
export type RedeemedCode<Code extends CodeBinding> = Code & { readonly [redeemed]: true };

/**
 * Reads the request. Our codes always come of a request with a `redirect_uri`, so it is required here too. RFC 6749 4.1.3.
 * @returns the parameters, not judged yet, or `invalid_request` naming the one that is missing
 */
export const readCodeRequest = ({ values, lists }: Parameters): Outcome<CodeRequest, OAuthError> => {
  const code = values.get('code');
  const redirect_uri = values.get('redirect_uri');
  if (code === undefined) return refuse('invalid_request', 'code is missing');
  if (redirect_uri === undefined) return refuse('invalid_request', 'redirect_uri is missing');
  const code_verifier = values.get('code_verifier');
  return ok({ code, redirect_uri, resource: lists.resource, ...(code_verifier !== undefined && { code_verifier }) });
};

/**
 * Checks a code that was taken from its store, so that it is spent whatever comes out here. All refusals are `invalid_grant` in the
 * same words; the detail tells us which rule failed. RFC 6749 5.2, RFC 7636 4.6, RFC 9449 10, RFC 9700 4.5 and 4.8.
 */
export const checkRedemption = <Code extends CodeBinding>(
  code: Code,
  request: CodeRequest,
  context: RedemptionContext,
): Outcome<RedeemedCode<Code>, OAuthError> => {
  if (code.epoch !== context.epoch) return invalid('the code is of an earlier epoch of the store');
  if (code.expires_at <= context.now) return invalid('the code has expired');
  if (code.client_id !== context.client_id) return invalid('the code was issued to another client');
  if (code.redirect_uri !== request.redirect_uri) return invalid('redirect_uri differs from the authorization request');
  if (code.dpop_jkt !== undefined && code.dpop_jkt !== context.dpop_jkt)
    return invalid('the code is bound to another key');
  // A verifier without a challenge is a sign of a challenge stripped on the way. RFC 9700 4.8.2.
  if (code.code_challenge === undefined && request.code_verifier !== undefined)
    return invalid('a verifier without challenge');
  if (code.code_challenge !== undefined && !isVerifierOf(request.code_verifier ?? '', code.code_challenge)) {
    return invalid('code_verifier is missing or wrong');
  }
  return ok(code as RedeemedCode<Code>);
};

/** What an unknown or used code gets, so that nothing can be told from the answer. */
export const invalidCode = (detail: string) => refuse('invalid_grant', 'the code is not valid', detail);

const invalid = invalidCode;

import { fail, ok, type Outcome } from '@corsac/outcome';
import type { SigningAlg } from '../algorithms.js';
import type { JwtError } from '../errors.js';
import type { VerificationKey } from '../keys/key-types.js';
import { verifyJwt } from '../verify/verify.js';

/** What a client assertion must be. */
export interface ClientAssertionRules {
  readonly client_id: string;
  /** The client's registered keys. */
  readonly keys: readonly VerificationKey[];
  readonly algs: readonly SigningAlg[];
  /** Names of ours that `aud` may hold: the issuer, the token endpoint, the endpoint that was called. RFC 7523 3 item 3. */
  readonly audiences: readonly string[];
  /** Unix seconds. */
  readonly now: number;
  /** Seconds, 10 by default. */
  readonly clockSkew?: number;
}

/** A checked assertion. The `jti` still has to be new until `remember_until`. */
export interface ClientAssertion {
  readonly client_id: string;
  readonly jti: string;
  /** Unix seconds. */
  readonly remember_until: number;
}

/** Seconds from now after which `exp` is not believed: it bounds how long a `jti` must be remembered. */
export const maxAssertionLifetime = 3_600;

const maxAssertionCharacters = 16_384;
const maxJti = 256;

/**
 * Checks a `private_key_jwt` assertion: signed by the client's own key, issued by and about it, meant for us, not too long-lived.
 * RFC 7523 3, OIDC Core 9. `jti` is required, because it is what makes the assertion usable once only.
 * @returns the `jti`, which the caller must see once only; refused with a code, which on the wire is always `invalid_client`
 */
export const verifyClientAssertion = (
  assertion: unknown,
  rules: ClientAssertionRules,
): Outcome<ClientAssertion, JwtError> => {
  const { client_id, now, clockSkew = 10 } = rules;
  const verified = verifyJwt(assertion, {
    keys: rules.keys,
    algs: rules.algs,
    typ: ['', 'jwt', 'client-authentication+jwt'],
    issuer: client_id,
    audience: rules.audiences,
    now,
    clockSkew,
    required: ['iss', 'sub', 'aud', 'exp', 'jti'],
    maxCharacters: maxAssertionCharacters,
  });
  if (!verified.ok) return verified;
  const { sub, exp, iat, jti } = verified.value.claims as { sub: string; exp: number; iat?: number; jti: string };
  if (sub !== client_id) return fail({ code: 'claim_invalid', message: 'sub must be the client_id' });
  if (jti.length === 0 || jti.length > maxJti)
    return fail({ code: 'claim_invalid', message: 'jti is empty or too long' });
  if (exp > now + maxAssertionLifetime + clockSkew)
    return fail({ code: 'claim_invalid', message: 'exp is too far away' });
  if (iat !== undefined && iat > now + clockSkew)
    return fail({ code: 'not_yet_valid', message: 'iat is in the future' });
  return ok({ client_id, jti, remember_until: Math.ceil(exp + clockSkew) });
};

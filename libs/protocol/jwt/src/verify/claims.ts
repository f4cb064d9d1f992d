import { fail, ok, type Outcome } from '@corsac/outcome';
import type { JwtError } from '../errors.js';
import type { JsonObject } from '../json.js';

/** What the registered claims of a token must be. Times in unix seconds, spans in seconds. */
export interface ClaimRules {
  /** The time to judge by. */
  readonly now: number;
  /** Accepted issuers, compared byte for byte; leave out only where the caller judges `iss` itself. */
  readonly issuer?: string | readonly string[];
  /** The token must name at least one of these; leave out only where the caller judges `aud` itself. */
  readonly audience?: string | readonly string[];
  /** Allowed difference between the clocks, 0 by default: our own tokens are judged by the clock that made them. */
  readonly clockSkew?: number;
  /** Accept a token whatever its age: for logout hints. `nbf` is not looked at either. RP-Initiated Logout 1.0 2. */
  readonly anyAge?: boolean;
  /** `exp` may be absent. Off by default. */
  readonly expOptional?: boolean;
  /** Refuse a token whose `iat` is older than this many seconds; makes `iat` required. */
  readonly maxAge?: number;
  /** Claims that must be there. */
  readonly required?: readonly string[];
}

/** Largest number taken for a time: year 9999. Larger ones are mistakes in milliseconds or attempts to overflow. */
const latestTime = 253_402_300_799;

/**
 * Checks the registered claims. RFC 7519 4.1, OIDC Core 3.1.3.7.
 * @returns nothing more than that they hold, or the first that does not: missing, malformed, of another issuer or audience, or out of time
 */
export const checkClaims = (claims: JsonObject, rules: ClaimRules): Outcome<void, JwtError> => {
  const missing = rules.required?.find((name) => claims[name] === undefined || claims[name] === null);
  if (missing) return refuse('claim_missing', `${missing} is missing`);
  for (const name of ['iss', 'sub', 'jti']) {
    if (claims[name] !== undefined && typeof claims[name] !== 'string')
      return refuse('claim_invalid', `${name} must be text`);
  }
  if (rules.issuer !== undefined && !includes(rules.issuer, claims['iss'])) {
    return refuse('issuer_mismatch', 'the issuer is not the expected one');
  }
  const audiences = audiencesOf(claims);
  if (!audiences) return refuse('claim_invalid', 'aud must be text or a list of texts');
  if (rules.audience !== undefined && !audiences.some((one) => includes(rules.audience as string | string[], one))) {
    return refuse('audience_mismatch', 'the token is meant for somebody else');
  }
  return checkTimes(claims, rules);
};

/** The `aud` claim as a list: empty when absent, nothing when it is malformed. RFC 7519 4.1.3. */
export const audiencesOf = (claims: JsonObject): readonly string[] | undefined => {
  const aud = claims['aud'];
  if (aud === undefined) return [];
  if (typeof aud === 'string') return [aud];
  return Array.isArray(aud) && aud.every((one) => typeof one === 'string') ? aud : undefined;
};

const checkTimes = (claims: JsonObject, rules: ClaimRules): Outcome<void, JwtError> => {
  for (const name of ['exp', 'nbf', 'iat']) {
    const value = claims[name];
    if (value !== undefined && !isTime(value)) return refuse('claim_invalid', `${name} must be a time in seconds`);
  }
  const { exp, nbf, iat } = claims as { exp?: number; nbf?: number; iat?: number };
  const skew = rules.clockSkew ?? 0;
  if (exp === undefined && !rules.expOptional) return refuse('claim_missing', 'exp is missing');
  if (rules.maxAge !== undefined) {
    if (iat === undefined) return refuse('claim_missing', 'iat is missing');
    if (iat < rules.now - rules.maxAge - skew) return refuse('too_old', 'the token was made too long ago');
    if (iat > rules.now + skew) return refuse('not_yet_valid', 'the token is from the future');
  }
  if (rules.anyAge) return ok();
  if (exp !== undefined && exp + skew <= rules.now) return refuse('expired', 'the token has expired');
  if (nbf !== undefined && nbf - skew > rules.now) return refuse('not_yet_valid', 'the token is not valid yet');
  return ok();
};

const isTime = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 && value <= latestTime;

const includes = (accepted: string | readonly string[], value: unknown): boolean =>
  typeof accepted === 'string' ? accepted === value : accepted.includes(value as string);

const refuse = (code: JwtError['code'], message: string) => fail<JwtError>({ code, message });

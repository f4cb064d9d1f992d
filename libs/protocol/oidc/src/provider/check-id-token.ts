import {
  audiencesOf,
  tokenHash,
  verifyJwt,
  type JsonObject,
  type JwtError,
  type SigningAlg,
  type VerificationKey,
} from '@corsac/jwt';
import { fail, ok, type Outcome } from '@corsac/outcome';

/** What an ID token of a provider is judged by. */
export interface IdTokenRules {
  readonly keys: readonly VerificationKey[];
  readonly algs: readonly SigningAlg[];
  /** Accepted issuers, compared byte for byte. */
  readonly issuers: readonly string[];
  /** Our client id there. */
  readonly client_id: string;
  /** The nonce that was sent; leave out for a refreshed token. */
  readonly nonce?: string;
  /** Unix seconds. */
  readonly now: number;
  /** Seconds, 60 by default. */
  readonly clockSkew?: number;
  /** The `max_age` that was sent, seconds. */
  readonly max_age?: number;
  /** Access token that came beside it. */
  readonly access_token?: string;
  /** Code that came beside it through the browser. */
  readonly code?: string;
  /** It came through the browser: then the hashes are required. OIDC Core 3.2.2.9, 3.3.2.11. */
  readonly front_channel: boolean;
}

const longestSubject = 1_000;

/**
 * Validates an ID token of a provider. The signature is always checked, also at the token endpoint. OIDC Core 3.1.3.7, 3.2.2.11, 3.3.2.12.
 * @returns its claims; `unknown_kid` when a fresh key set could help
 */
export const checkIdToken = (id_token: string, rules: IdTokenRules): Outcome<JsonObject, JwtError> => {
  const verified = verifyJwt(id_token, {
    keys: rules.keys,
    algs: rules.algs,
    typ: ['', 'jwt'],
    issuer: rules.issuers,
    audience: rules.client_id,
    now: rules.now,
    clockSkew: rules.clockSkew ?? 60,
    required: ['iss', 'sub', 'aud', 'exp', 'iat'],
  });
  if (!verified.ok) return verified;
  const { claims, header } = verified.value;
  const alg = header['alg'] === 'Ed25519' ? 'EdDSA' : (header['alg'] as SigningAlg);
  for (const check of [checkParties, checkNonce, checkAuthTime]) {
    const checked = check(claims, rules);
    if (!checked.ok) return checked;
  }
  const hashes = checkHashes(claims, rules, alg);
  return hashes.ok ? ok(claims) : hashes;
};

/** Subject and authorised party. Another audience is not known to us, so it must not be there without `azp`. */
const checkParties = (claims: JsonObject, { client_id }: IdTokenRules): Outcome<void, JwtError> => {
  const sub = claims['sub'] as string;
  if (sub === '' || sub.length > longestSubject) return invalid('claim_invalid', 'sub is empty or too long');
  const azp = claims['azp'];
  if (azp !== undefined && azp !== client_id) return invalid('audience_mismatch', 'azp is another party');
  if (azp === undefined && (audiencesOf(claims) ?? []).length > 1) {
    return invalid('claim_missing', 'azp is required with several audiences');
  }
  return ok();
};

const checkNonce = (claims: JsonObject, { nonce }: IdTokenRules): Outcome<void, JwtError> =>
  nonce === undefined || claims['nonce'] === nonce
    ? ok()
    : invalid('claim_invalid', 'nonce is not the one that was sent');

const checkAuthTime = (claims: JsonObject, { max_age, now, clockSkew = 60 }: IdTokenRules): Outcome<void, JwtError> => {
  if (max_age === undefined) return ok();
  const auth_time = claims['auth_time'];
  if (typeof auth_time !== 'number') return invalid('claim_missing', 'auth_time is required after max_age');
  return auth_time + max_age + clockSkew >= now ? ok() : invalid('too_old', 'the sign-in is older than max_age');
};

const checkHashes = (claims: JsonObject, rules: IdTokenRules, alg: SigningAlg): Outcome<void, JwtError> => {
  const pairs = [
    ['at_hash', rules.access_token],
    ['c_hash', rules.code],
  ] as const;
  for (const [claim, text] of pairs) {
    if (text === undefined) continue;
    const hash = claims[claim];
    if (hash === undefined && !rules.front_channel) continue;
    if (hash !== tokenHash(text, alg)) return invalid('claim_invalid', `${claim} does not fit`);
  }
  return ok();
};

const invalid = (code: JwtError['code'], message: string) => fail<JwtError>({ code, message });

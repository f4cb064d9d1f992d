import { fail, ok, type Outcome } from '@corsac/outcome';
import { isSigningAlg, type SigningAlg } from '../algorithms.js';
import type { JwtError } from '../errors.js';
import type { VerificationKey } from '../keys/key-types.js';
import type { JsonObject } from '../json.js';

/** What a token's header must be like. */
export interface HeaderRules {
  /** Algorithms that this use allows. RFC 8725 3.1. */
  readonly algs: readonly SigningAlg[];
  /**
   * Accepted `typ` values, lower case and without `application/`. The empty text stands for a header without `typ`. RFC 8725
   * 3.11: this is what keeps one kind of token from being taken for another.
   */
  readonly typ: readonly string[];
}

/** Members that bring a key or say where to fetch one. Keys come from configuration only. RFC 8725 3.10. */
const keyBringers = ['jwk', 'jku', 'x5u'];

/** Keys tried for a token that names none: bounds the work that one token can cause. */
const maxKeysWithoutKid = 8;

/** Checks algorithm, type and forbidden members. RFC 7515 4.1, RFC 8725 3. @returns the algorithm to check the signature with */
export const checkHeader = (header: JsonObject, rules: HeaderRules): Outcome<SigningAlg, JwtError> => {
  const alg = header['alg'] === 'Ed25519' ? 'EdDSA' : header['alg'];
  if (!isSigningAlg(alg) || !rules.algs.includes(alg))
    return refuse('alg_not_allowed', 'the algorithm is not allowed here');
  // No extension is understood, so any critical one refuses the token; an empty list is itself an error. RFC 7515 4.1.11.
  if (header['crit'] !== undefined) return refuse('crit_not_supported', 'critical header parameters are not supported');
  if (header['b64'] !== undefined || header['zip'] !== undefined) {
    return refuse('header_not_allowed', 'b64 and zip are not allowed in the header');
  }
  const bringer = keyBringers.find((member) => member in header);
  if (bringer) return refuse('header_not_allowed', `${bringer} is not allowed in the header`);
  if (!rules.typ.includes(normalTyp(header['typ']))) return refuse('typ_mismatch', 'the token is of another type');
  return ok(alg);
};

/** `typ` is a media type: case does not matter and `application/` may be left out. RFC 7515 4.1.9. */
export const normalTyp = (typ: unknown): string => {
  if (typ === undefined) return '';
  if (typeof typ !== 'string') return '?';
  const lower = typ.toLowerCase();
  return lower.startsWith('application/') ? lower.slice('application/'.length) : lower;
};

/**
 * Picks the keys that may have signed: those of the named `kid`, or, without one, every key that the algorithm can use.
 * An unknown `kid` is told apart so that a key set from elsewhere can be fetched anew. OIDC Core 10.1.
 * @returns at least one key; refusals are `unknown_kid`, `no_usable_key` and `malformed`
 */
export const candidateKeys = (
  header: JsonObject,
  alg: SigningAlg,
  keys: readonly VerificationKey[],
): Outcome<VerificationKey[], JwtError> => {
  const usable = keys.filter((key) => key.algs.includes(alg));
  const kid = header['kid'];
  if (kid === undefined) {
    if (usable.length === 0) return refuse('no_usable_key', `there is no key for ${alg}`);
    return usable.length > maxKeysWithoutKid ? refuse('no_usable_key', 'the token must name its key') : ok(usable);
  }
  if (typeof kid !== 'string') return refuse('malformed', 'kid must be text');
  const named = usable.filter((key) => key.kid === kid);
  return named.length === 0 ? refuse('unknown_kid', `no key for ${alg} has this kid`) : ok(named);
};

const refuse = (code: JwtError['code'], message: string) => fail<JwtError>({ code, message });

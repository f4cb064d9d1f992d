import { hash, timingSafeEqual } from 'node:crypto';
import { fail, ok, type Outcome } from '@corsac/outcome';
import { signingAlgs, type SigningAlg } from '../algorithms.js';
import type { JwtError } from '../errors.js';
import { importPublicJwk } from '../keys/jwks.js';
import type { UntrustedJwk } from '../keys/key-types.js';
import { thumbprint } from '../keys/thumbprint.js';
import { checkClaims } from '../verify/claims.js';
import { decodeJwt, type DecodedJwt } from '../verify/decode.js';
import { checkHeader } from '../verify/header.js';
import { isSignedBy } from '../verify/signature.js';

/** What the proof must be about. */
export interface DpopRules {
  /** The method of the request, upper case. */
  readonly method: string;
  /** The address of the endpoint as it is known from configuration; query and fragment are not compared. */
  readonly url: string;
  /** Unix seconds. */
  readonly now: number;
  /** At a protected resource: the access token that came with it; the proof must carry its hash. */
  readonly access_token?: string;
  /** Thumbprint that the token or grant is bound to. */
  readonly jkt?: string;
  /** Algorithms accepted, all by default. */
  readonly algs?: readonly SigningAlg[];
}

/** A checked proof. The `jti` still has to be new: remember it with `remember_until`. RFC 9449 11.1. */
export interface DpopProof {
  readonly jkt: string;
  readonly jti: string;
  readonly iat: number;
  /** Unix seconds after which the same proof would be refused by its age anyway. */
  readonly remember_until: number;
}

/** Seconds that a proof is accepted before and after its `iat`. RFC 9449 11.1. */
export const dpopWindow = { before: 60, after: 10 } as const;

const maxProofCharacters = 8_192;
const maxJti = 256;

/**
 * Checks a DPoP proof: the only JWT whose header brings its own key, which proves possession and nothing else. RFC 9449 4.3.
 * @returns the key's thumbprint and the `jti`, which the caller must see once only; refused with a code, which on the wire is
 * always `invalid_dpop_proof`
 */
export const verifyDpopProof = (proof: unknown, rules: DpopRules): Outcome<DpopProof, JwtError> => {
  const decoded = decodeJwt(proof, maxProofCharacters);
  if (!decoded.ok) return decoded;
  const jkt = checkPossession(decoded.value, rules.algs ?? signingAlgs);
  if (!jkt.ok) return jkt;
  if (rules.jkt !== undefined && rules.jkt !== jkt.value) return mismatch('the proof is made with another key');
  const bound = checkBinding(decoded.value, rules);
  if (!bound.ok) return bound;
  const { jti, iat } = decoded.value.claims as { jti: string; iat: number };
  return ok({ jkt: jkt.value, jti, iat, remember_until: iat + dpopWindow.before + dpopWindow.after });
};

const checkPossession = (token: DecodedJwt, algs: readonly SigningAlg[]): Outcome<string, JwtError> => {
  const { jwk, ...header } = token.header;
  const alg = checkHeader(header, { algs, typ: ['dpop+jwt'] });
  if (!alg.ok) return alg;
  const key = importPublicJwk(jwk);
  if (!key.ok) return key;
  if (!key.value.algs.includes(alg.value))
    return fail({ code: 'no_usable_key', message: 'the key is of another type than alg' });
  if (!isSignedBy(token, alg.value, key.value)) {
    return fail({ code: 'signature_invalid', message: 'the signature does not verify' });
  }
  return ok(thumbprint(jwk as UntrustedJwk));
};

const checkBinding = (token: DecodedJwt, rules: DpopRules): Outcome<void, JwtError> => {
  const { claims } = token;
  const { now } = rules;
  const times = checkClaims(claims, { now, expOptional: true, required: ['jti', 'htm', 'htu', 'iat'] });
  if (!times.ok) return times;
  const { jti, iat } = claims as { jti: string; iat: number };
  if (jti.length === 0 || jti.length > maxJti)
    return fail({ code: 'claim_invalid', message: 'jti is empty or too long' });
  if (iat < now - dpopWindow.before) return fail({ code: 'too_old', message: 'the proof was made too long ago' });
  if (iat > now + dpopWindow.after) return fail({ code: 'not_yet_valid', message: 'the proof is from the future' });
  if (claims['htm'] !== rules.method) return mismatch('htm is not the method of the request');
  if (!sameEndpoint(claims['htu'], rules.url)) return mismatch('htu is not the address of the endpoint');
  if (rules.access_token !== undefined && !sameText(claims['ath'], hashOf(rules.access_token))) {
    return mismatch('ath is not the hash of the access token');
  }
  return ok();
};

/** Compared after normalisation, without query and fragment: RFC 9449 4.3 item 9. */
const sameEndpoint = (htu: unknown, url: string): boolean => {
  if (typeof htu !== 'string' || !URL.canParse(htu)) return false;
  return bare(htu) === bare(url);
};

const bare = (address: string): string => {
  const url = new URL(address);
  return `${url.protocol}//${url.host}${url.pathname}`;
};

const hashOf = (token: string): string => hash('sha256', token, 'base64url');

const sameText = (a: unknown, b: string): boolean =>
  typeof a === 'string' && a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

const mismatch = (message: string) => fail<JwtError>({ code: 'proof_mismatch', message });

/**
 * JSON Web Tokens as pure functions: signing, checking, key sets, hashes and the two JWT-shaped proofs (client assertions and
 * DPoP). Keys, time and rules come in as arguments; nothing here fetches, remembers a `jti` or reads a clock.
 */
export { isSigningAlg, signingAlgs } from './algorithms.js';
export type { SigningAlg } from './algorithms.js';
export type { JwtError, JwtErrorCode } from './errors.js';
export { isJsonObject, parseJsonObject } from './json.js';
export type { Json, JsonObject } from './json.js';
export type { PublicJwk, SigningKey, UntrustedJwk, VerificationKey } from './keys/key-types.js';
export { importPublicJwk, jwksLimits, parseJwks } from './keys/jwks.js';
export {
  exportPrivateKey,
  exportPublicJwk,
  generateSigningKey,
  importSigningKey,
  verificationKeyOf,
} from './keys/signing-key.js';
export { thumbprint } from './keys/thumbprint.js';
export { maxAssertionLifetime, verifyClientAssertion } from './proofs/client-assertion.js';
export type { ClientAssertion, ClientAssertionRules } from './proofs/client-assertion.js';
export { dpopWindow, verifyDpopProof } from './proofs/dpop.js';
export type { DpopProof, DpopRules } from './proofs/dpop.js';
export { signJwt } from './sign/sign.js';
export type { SignHeader } from './sign/sign.js';
export { tokenHash } from './token-hash.js';
export { audiencesOf } from './verify/claims.js';
export type { ClaimRules } from './verify/claims.js';
export { decodeJwt, maxTokenCharacters } from './verify/decode.js';
export type { DecodedJwt } from './verify/decode.js';
export type { HeaderRules } from './verify/header.js';
export { verifyJwt } from './verify/verify.js';
export type { VerifiedJwt, VerifyRules } from './verify/verify.js';

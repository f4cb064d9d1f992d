import { hash, timingSafeEqual } from 'node:crypto';

/** 43 to 128 unreserved characters. RFC 7636 4.1. */
const verifier = /^[A-Za-z0-9._~-]{43,128}$/;

/** The S256 challenge of a verifier. RFC 7636 4.2. */
export const challengeOf = (code_verifier: string): string => hash('sha256', code_verifier, 'base64url');

/** Tells whether a verifier has the right form and belongs to the challenge. RFC 7636 4.6. */
export const isVerifierOf = (code_verifier: string, code_challenge: string): boolean => {
  if (!verifier.test(code_verifier) || code_challenge.length !== 43) return false;
  return timingSafeEqual(Buffer.from(challengeOf(code_verifier)), Buffer.from(code_challenge));
};

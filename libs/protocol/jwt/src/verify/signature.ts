import { constants, verify as verifyBytes } from 'node:crypto';
import type { SigningAlg } from '../algorithms.js';
import type { VerificationKey } from '../keys/key-types.js';
import { joseToDer } from '../sign/ecdsa-signature.js';
import type { DecodedJwt } from './decode.js';

/**
 * Checks the signature over the bytes as they came. The algorithm is the one that was allowed, never one that the token chose
 * freely, and the key must be made for it: RFC 8725 3.1. RFC 7515 5.2 step 8.
 */
export const isSignedBy = (token: DecodedJwt, alg: SigningAlg, key: VerificationKey): boolean => {
  const signed = Buffer.from(token.signed);
  switch (alg) {
    case 'RS256': {
      const rsa = { key: key.publicKey, padding: constants.RSA_PKCS1_PADDING };
      return verifyBytes('sha256', signed, rsa, token.signature);
    }
    case 'PS256': {
      const saltLength = constants.RSA_PSS_SALTLEN_DIGEST;
      const pss = { key: key.publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength };
      return verifyBytes('sha256', signed, pss, token.signature);
    }
    case 'ES256': {
      const der = joseToDer(token.signature);
      return der !== undefined && verifyBytes('sha256', signed, key.publicKey, der);
    }
    case 'EdDSA':
      return verifyBytes(null, signed, key.publicKey, token.signature);
  }
};

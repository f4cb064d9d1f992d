/**
 * The JWS algorithms that Corsac signs with and accepts. A closed list: `none` and the HMAC family are not in it, so a
 * public key can never be taken for a shared secret. RFC 7518 3.1, RFC 8037 3.1, RFC 8725 3.1 and 3.2.
 */
export const signingAlgs = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const;

/** One of the JWS algorithms above. */
export type SigningAlg = (typeof signingAlgs)[number];

/** Tells whether a text names an algorithm of the closed list; case matters. RFC 7515 4.1.1. */
export const isSigningAlg = (text: unknown): text is SigningAlg => signingAlgs.includes(text as SigningAlg);

/** What a key must be to serve an algorithm: `kty` and, where there is a choice, `crv`. RFC 7518 6.1, RFC 8037 2. */
export const keyShapes: Readonly<Record<SigningAlg, { kty: string; crv?: string }>> = {
  RS256: { kty: 'RSA' },
  PS256: { kty: 'RSA' },
  ES256: { kty: 'EC', crv: 'P-256' },
  EdDSA: { kty: 'OKP', crv: 'Ed25519' },
};

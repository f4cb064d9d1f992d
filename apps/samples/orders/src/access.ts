import { createRemoteJWKSet, jwtVerify, type JWTPayload } from 'jose';

/** Whose token it is, or what to answer. RFC 6750 3.1. */
export type Access =
  { readonly token: string; readonly claims: JWTPayload } | { readonly status: 401 | 403; readonly challenge: string };

/**
 * Checks access tokens as RFC 9068 4 says: type, signature by the track's keys, issuer, audience, times; then the scope.
 * The keys are fetched when first needed and again when an unknown key signs.
 */
export const accessChecker = (
  track_url: string,
  audience: string,
): ((authorization: string | undefined, scope: string) => Promise<Access>) => {
  const keys = createRemoteJWKSet(new URL(`${track_url}/.well-known/openid-configuration/keys`));
  return async (authorization, scope) => {
    const token = /^Bearer ([\w.~+/=-]+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return { status: 401, challenge: 'Bearer' };
    const expected = { issuer: track_url, audience, typ: 'at+jwt', requiredClaims: ['exp', 'sub', 'client_id'] };
    const verified = await jwtVerify(token, keys, expected).catch(() => undefined);
    if (!verified) return { status: 401, challenge: 'Bearer error="invalid_token"' };
    const granted = String(verified.payload['scope'] ?? '').split(' ');
    return granted.includes(scope)
      ? { token, claims: verified.payload }
      : { status: 403, challenge: `Bearer error="insufficient_scope", scope="${scope}"` };
  };
};

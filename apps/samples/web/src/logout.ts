import { createRemoteJWKSet, jwtVerify, type JWTPayload } from 'jose';
import type { Settings } from './settings.js';

const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';

/** Is this the logout of one of our sessions? OIDC Back-Channel Logout 1.0 2.6. */
export const logoutTokenReader = ({
  corsac_url,
  tenant,
  track,
  client_id,
}: Settings): ((token: string) => Promise<string | undefined>) => {
  const trackUrl = `${corsac_url}/${tenant}/${track}`;
  const keys = createRemoteJWKSet(new URL(`${trackUrl}/.well-known/openid-configuration/keys`));
  // Every binding of our address is an issuer of its own; all share the track's keys.
  const isOurs = ({ iss }: JWTPayload): boolean =>
    iss === trackUrl || (iss ?? '').startsWith(`${trackUrl}/${client_id}`);
  return async (token) => {
    const verified = await jwtVerify(token, keys, {
      audience: client_id,
      typ: 'logout+jwt',
      requiredClaims: ['iat', 'jti', 'events'],
    }).catch(() => undefined);
    if (!verified || !isOurs(verified.payload)) return undefined;
    const { events, nonce, sid } = verified.payload as {
      events?: Record<string, unknown>;
      nonce?: unknown;
      sid?: unknown;
    };
    const isLogout = events?.[logoutEvent] !== undefined && nonce === undefined;
    return isLogout && typeof sid === 'string' ? sid : undefined;
  };
};

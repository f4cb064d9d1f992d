import { sendNothing } from '@corsac/http';
import { checkRevocation, noStore, readTokenParameter, type OAuthError } from '@corsac/oauth';
import { ok, type Outcome } from '@corsac/outcome';
import type { AccessTokens } from '../access-tokens/access-tokens.js';
import type { ClientRequest } from '../direct-endpoint/client-request.js';
import type { DirectWork } from '../direct-endpoint/direct-endpoint.js';
import type { Endings } from '../ended/endings.js';
import type { RefreshGrants } from '../refresh-grants/refresh-grants.js';

export interface RevocationParts {
  readonly tokens: AccessTokens;
  readonly refreshGrants: RefreshGrants;
  readonly endings: Endings;
}

/**
 * RFC 7009. A refresh token ends its grant with all tokens of it (2.1), an access token ends alone. A token that does not count is
 * gone already, which is no error (2.2); whose it is, is asked before anything is ended.
 */
export const revoke = ({ tokens, refreshGrants, endings }: RevocationParts): DirectWork => {
  const refreshToken = async ({ party, now }: ClientRequest, token: string): Promise<Outcome<void, OAuthError>> => {
    const read = refreshGrants.read(token);
    const grant = read && (await refreshGrants.find(party, read.grant_id));
    if (!grant || grant.ended) return ok();
    const allowed = checkRevocation(grant.client_id, party.client.name);
    if (allowed.ok) await endings.endGrant(party.name, grant.grant_id, now + party.client.access_token_lifetime);
    return allowed;
  };

  const accessToken = async ({ party, now }: ClientRequest, token: string): Promise<Outcome<void, OAuthError>> => {
    const verified = await tokens.verify(token, { name: party.name, issuer: party.issuers.track, now });
    if (!verified.ok) return ok();
    const { claims, jti, exp } = verified.value;
    const allowed = checkRevocation(String(claims['client_id']), party.client.name);
    if (allowed.ok && jti !== undefined) await endings.revokeToken(party.name, jti, exp);
    return allowed;
  };

  return async (request) => {
    const asked = readTokenParameter(request.parameters);
    if (!asked.ok) return asked;
    const { token, kind } = asked.value;
    if (kind === 'unknown') return ok(done);
    const revoked = await (kind === 'refresh_token' ? refreshToken(request, token) : accessToken(request, token));
    return revoked.ok ? ok(done) : revoked;
  };
};

const done = sendNothing({ status: 200, headers: noStore });

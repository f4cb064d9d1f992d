import { checkRedemption, invalidCode, readCodeRequest, regrantScopes, resolveTargets } from '@corsac/oauth';
import { grantIdOfCode, hashOfCode, type CodeStore, type KeptCode } from '../codes/code-store.js';
import type { EndedMemory } from '../ended/ended-memory.js';
import type { Endings } from '../ended/endings.js';
import type { OAuthParty } from '../party/addressed-party.js';
import type { RefreshGrants } from '../refresh-grants/refresh-grants.js';
import type { Grant, GrantRequest } from './grant.js';
import { beginOrder } from './sign-in-order.js';

export interface AuthorizationCodeParts {
  readonly codes: CodeStore;
  readonly endings: Pick<Endings, 'endGrant'>;
  readonly memory: Pick<EndedMemory, 'has'>;
  readonly refreshGrants: RefreshGrants;
}

const day = 86_400;

/**
 * RFC 6749 4.1.3 with PKCE. The take is the single-use gate: it comes before every check and before anything is made, so that of
 * any number of parallel redemptions one gets on. Who comes later finds the mark, and all that the first one got is revoked (RFC
 * 9700 4.5): either of the two is a thief.
 */
export const authorizationCode = ({ codes, endings, memory, refreshGrants }: AuthorizationCodeParts): Grant => {
  const spent = async ({ party, now }: GrantRequest, grant_id: string) => {
    await endings.endGrant(party.name, grant_id, now + day);
    return invalidCode('used a second time; what the first use got is revoked');
  };
  return async (request) => {
    const { party, parameters, dpop_jkt, now } = request;
    const { client, name, issuers } = party;
    const asked = readCodeRequest(parameters);
    if (!asked.ok) return asked;
    const targets = resolveTargets(asked.value.resource, client, issuers.track);
    if (!targets.ok) return targets;
    const codeHash = hashOfCode(asked.value.code);
    const taken = await codes.take(name, codeHash, markSeconds(client));
    if (taken.state === 'spent') return spent(request, grantIdOfCode(codeHash));
    if (taken.state === 'missing') return invalidCode('unknown or expired');
    // Asked after the take: a store that came back empty has said so by then.
    const epoch = await codes.epoch();
    const code = checkRedemption<KeptCode>(taken.value, asked.value, { client_id: client.name, dpop_jkt, now, epoch });
    if (!code.ok) return code;
    const { grant } = code.value;
    // Only its session counts: a second use at the same moment may have ended the grant already, and still the first one is answered.
    if (memory.has(name.tenant, name.track, { sid: grant.sid })) return invalidCode('its session has ended');
    const scopes = regrantScopes(client, grant.scopes, { scope: [], targets: targets.value });
    return scopes.ok ? beginOrder(grant, request, { scopes: scopes.value, refreshGrants }) : scopes;
  };
};

/** Until the tokens of a code have ended; refresh grants live longer, and a code that comes back after a day tells nothing new. */
const markSeconds = (client: OAuthParty): number => {
  const isOffline =
    client.grant_types.includes('refresh_token') && client.scopes.some(({ scope }) => scope === 'offline_access');
  return isOffline ? day : client.access_token_lifetime;
};

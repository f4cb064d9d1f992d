import type { Taken } from '@corsac/data';
import {
  checkRedemption,
  invalidCode,
  readCodeRequest,
  regrantScopes,
  resolveTargets,
  type CodeRequest,
  type OAuthError,
} from '@corsac/oauth';
import type { Outcome } from '@corsac/outcome';
import { grantIdOfCode, hashOfCode, type CodeStore, type KeptCode } from '../codes/code-store.js';
import type { EndedMemory } from '../ended/ended-memory.js';
import type { Endings } from '../ended/endings.js';
import type { TokenOrder } from '../issue/issue-tokens.js';
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

/** A token request with what was made of it. */
interface Asked extends CodeRequest {
  readonly codeHash: string;
  readonly targets: readonly string[] | undefined;
}

const day = 86_400;

/**
 * RFC 6749 4.1.3 with PKCE. The take is the single-use gate: it comes before every check and before anything is made, so that of
 * any number of parallel redemptions one gets on. Who comes later finds the mark, and all that the first one got is revoked (RFC
 * 9700 4.5): either of the two is a thief. The first refresh token and the mark of the code wait for their disks at the same time.
 */
export const authorizationCode = ({ codes, endings, memory, refreshGrants }: AuthorizationCodeParts): Grant => {
  const spent = async ({ party, now }: GrantRequest, grant_id: string) => {
    await endings.endGrant(party.name, grant_id, now + day);
    return invalidCode('used a second time; what the first use got is revoked');
  };
  const judge = async (
    request: GrantRequest,
    asked: Asked,
    taken: Taken<KeptCode>,
  ): Promise<Outcome<TokenOrder, OAuthError>> => {
    const { party, dpop_jkt, now } = request;
    const { client, name } = party;
    if (taken.state === 'spent') return spent(request, grantIdOfCode(asked.codeHash));
    if (taken.state === 'missing') return invalidCode('unknown or expired');
    // Asked after the take: a store that came back empty has said so by then.
    const epoch = await codes.epoch();
    const code = checkRedemption<KeptCode>(taken.value, asked, { client_id: client.name, dpop_jkt, now, epoch });
    if (!code.ok) return code;
    const { grant } = code.value;
    // Only its session counts: a second use at the same moment may have ended the grant already, and still the first one is answered.
    if (memory.has(name.tenant, name.track, { sid: grant.sid })) return invalidCode('its session has ended');
    const scopes = regrantScopes(client, grant.scopes, { scope: [], targets: asked.targets });
    return scopes.ok ? beginOrder(grant, request, { scopes: scopes.value, refreshGrants }) : scopes;
  };
  return async (request) => {
    const { client, name, issuers } = request.party;
    const asked = readCodeRequest(request.parameters);
    if (!asked.ok) return asked;
    const targets = resolveTargets(asked.value.resource, client, issuers.track);
    if (!targets.ok) return targets;
    const codeHash = hashOfCode(asked.value.code);
    const { taken, kept } = await codes.take(name, codeHash, markSeconds(client));
    const judged = await judge(request, { ...asked.value, codeHash, targets: targets.value }, taken);
    await kept;
    return judged;
  };
};

/** Until the tokens of a code have ended; refresh grants live longer, and a code that comes back after a day tells nothing new. */
const markSeconds = (client: OAuthParty): number => {
  const isOffline =
    client.grant_types.includes('refresh_token') && client.scopes.some(({ scope }) => scope === 'offline_access');
  return isOffline ? day : client.access_token_lifetime;
};

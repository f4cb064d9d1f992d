import type { JsonObject } from '@corsac/jwt';
import type { ClaimsRequest, OAuthError, ScopeGrant } from '@corsac/oauth';
import { ok, type Outcome } from '@corsac/outcome';
import type { TokenOrder } from '../issue/issue-tokens.js';
import type { RefreshGrants } from '../refresh-grants/refresh-grants.js';
import type { SignInGrant } from '../refresh-grants/grant-store.js';
import type { GrantRequest } from './grant.js';

/** The claims of a sign-in as tokens are made of them: what the grant says of itself comes before what the claims say. */
export const claimsOf = ({ claims, sub, sid, auth_time, amr, acr }: SignInGrant): JsonObject =>
  ({ ...claims, sub, sid, auth_time, amr, acr: acr ?? claims['acr'] }) as JsonObject;

/** What goes along with the tokens of a sign-in: the nonce only the first time. */
interface SignInExtras {
  readonly nonce?: string;
  readonly refresh_token?: string;
}

/** What a sign-in gives. Its issuer was fixed at the authorize request: the address of the token endpoint plays no part. */
export const orderOf = (
  grant: SignInGrant,
  { party }: Pick<GrantRequest, 'party'>,
  scopes: ScopeGrant,
  { nonce, refresh_token }: SignInExtras = {},
): TokenOrder => ({
  issuers: { party: grant.issuer, track: party.issuers.track },
  scopes,
  claims: claimsOf(grant),
  grant_id: grant.grant_id,
  requested: grant.claims_request as ClaimsRequest | undefined,
  id_token: { nonce },
  refresh_token,
});

/** The order of a code that was just redeemed, with the first refresh token when one was granted. @throws StoreUnavailable */
export const beginOrder = async (
  grant: SignInGrant,
  request: GrantRequest,
  { scopes, refreshGrants }: { readonly scopes: ScopeGrant; readonly refreshGrants: RefreshGrants },
): Promise<Outcome<TokenOrder, OAuthError>> => {
  const isOffline =
    grant.scopes.scope.includes('offline_access') && request.party.client.grant_types.includes('refresh_token');
  const refresh_token = isOffline ? await refreshGrants.begin(grant, request) : undefined;
  return ok(orderOf(grant, request, scopes, { nonce: grant.nonce, refresh_token }));
};

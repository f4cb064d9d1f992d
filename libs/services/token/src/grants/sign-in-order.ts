import type { JsonObject } from '@corsac/jwt';
import type { ClaimsRequest, OAuthError, ScopeGrant } from '@corsac/oauth';
import { ok, type Outcome } from '@corsac/outcome';
import type { TokenOrder } from '../issue/issue-tokens.js';
import type { RefreshGrants } from '../refresh-grants/refresh-grants.js';
import type { SignInGrant } from '../refresh-grants/grant-store.js';
import type { GrantRequest } from './grant.js';

/** The claims of a sign-in as tokens are made of them: what the grant says of itself comes before what the claims say. */
export const claimsOf = ({ claims, sub, sid, auth_time, amr, acr }: SignInGrant): JsonObject =>
  ({ ...claims, sub, sid, auth_time, amr, ...(acr !== undefined && { acr }) }) as JsonObject;

/** What a sign-in gives. Its issuer was fixed at the authorize request: the address of the token endpoint plays no part. */
export const orderOf = (
  grant: SignInGrant,
  { party }: Pick<GrantRequest, 'party'>,
  scopes: ScopeGrant,
): TokenOrder => ({
  issuers: { party: grant.issuer, track: party.issuers.track },
  scopes,
  claims: claimsOf(grant),
  grant_id: grant.grant_id,
  requested: grant.claims_request as ClaimsRequest | undefined,
  id_token: {},
});

/** The order of a code that was just redeemed, with the first refresh token when one was granted. @throws StoreUnavailable */
export const beginOrder = async (
  grant: SignInGrant,
  request: GrantRequest,
  { scopes, refreshGrants }: { readonly scopes: ScopeGrant; readonly refreshGrants: RefreshGrants },
): Promise<Outcome<TokenOrder, OAuthError>> => {
  const order = orderOf(grant, request, scopes);
  const nonce = grant.nonce === undefined ? {} : { nonce: grant.nonce };
  const isOffline =
    grant.scopes.scope.includes('offline_access') && request.party.client.grant_types.includes('refresh_token');
  if (!isOffline) return ok({ ...order, id_token: nonce });
  return ok({ ...order, id_token: nonce, refresh_token: await refreshGrants.begin(grant, request) });
};

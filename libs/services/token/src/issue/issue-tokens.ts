import { signJwt, type JsonObject, type SigningAlg, type SigningKey } from '@corsac/jwt';
import {
  accessTokenClaims,
  accessTokenTyp,
  jtiOf,
  tokenResponse,
  type Actor,
  type ClaimsRequest,
  type Issuers,
  type ScopeGrant,
  type TokenResponse,
} from '@corsac/oauth';
import { idTokenAlg, idTokenClaims, idTokenTyp } from '@corsac/oidc';
import { randomName } from '@corsac/random';
import type { AddressedParty } from '../party/addressed-party.js';

/** What a grant decided: everything that tokens are made of. The endpoint makes them. */
export interface TokenOrder {
  /** Issuer of the sign-in as `party`, and the track's. */
  readonly issuers: Issuers;
  readonly scopes: ScopeGrant;
  /** Claims after the client's transforms, `sub` among them. */
  readonly claims: JsonObject;
  readonly grant_id: string;
  readonly requested?: ClaimsRequest;
  readonly act?: Actor;
  /** Seconds; the client's setting by default. */
  readonly lifetime?: number;
  /** An ID token goes along, when `openid` was granted. */
  readonly id_token?: { readonly nonce?: string; readonly code?: string };
  readonly refresh_token?: string;
  readonly issued_token_type?: string;
}

/** The keys that an order needs, found before anything is spent for it. */
export interface OrderKeys {
  readonly access: SigningKey;
  readonly id: SigningKey;
}

/** Algorithms by which a party's tokens are signed: access tokens by the track's default, ID tokens by the client's choice. */
export const algsOf = ({
  view,
  client,
}: Pick<AddressedParty, 'view' | 'client'>): { access: SigningAlg; id: SigningAlg } => {
  const access = view.settings.keys.default_signing_alg;
  return { access, id: idTokenAlg(client, access) };
};

export interface IssueContext {
  readonly party: Pick<AddressedParty, 'client'>;
  readonly keys: OrderKeys;
  /** Unix seconds. */
  readonly now: number;
  /** Key that the tokens are bound to. */
  readonly dpop_jkt?: string;
}

/** Signs the access token of an order. */
export const issueAccessToken = (order: TokenOrder, context: IssueContext): Promise<string> | string => {
  const { party, keys, now, dpop_jkt } = context;
  const claims = accessTokenClaims({
    client: party.client,
    issuers: order.issuers,
    grant: order.scopes,
    claims: order.claims,
    jti: jtiOf(order.grant_id, randomName(12)),
    now,
    lifetime: order.lifetime,
    requested: order.requested?.userinfo,
    dpop_jkt,
    act: order.act,
  });
  return signJwt({ typ: accessTokenTyp }, claims, keys.access);
};

/** What leaves beside an ID token and is hashed into it; `alone` for the response type `id_token`. */
export interface BesideIdToken {
  readonly access_token?: string;
  readonly code?: string;
  readonly nonce?: string;
  readonly alone?: boolean;
}

/** Signs the ID token of an order. */
export const issueIdToken = (
  order: TokenOrder,
  beside: BesideIdToken,
  context: IssueContext,
): Promise<string> | string => {
  const { party, keys, now } = context;
  const claims = idTokenClaims({
    client: party.client,
    issuer: order.issuers.party,
    claims: order.claims,
    scope: order.scopes.scope,
    now,
    alg: keys.id.alg,
    requested: order.requested,
    ...beside,
  });
  return signJwt({ typ: idTokenTyp }, claims, keys.id);
};

/** Makes the answer of the token endpoint. The access token comes first: the ID token carries its hash. OIDC Core 3.1.3.6. */
export const issueTokens = async (order: TokenOrder, context: IssueContext): Promise<TokenResponse> => {
  const access_token = await issueAccessToken(order, context);
  const isForUser = order.id_token && order.scopes.scope.includes('openid');
  return tokenResponse({
    access_token,
    expires_in: order.lifetime ?? context.party.client.access_token_lifetime,
    scope: order.scopes.scope,
    dpop_jkt: context.dpop_jkt,
    id_token: isForUser ? await issueIdToken(order, { access_token, ...order.id_token }, context) : undefined,
    refresh_token: order.refresh_token,
    issued_token_type: order.issued_token_type,
  });
};

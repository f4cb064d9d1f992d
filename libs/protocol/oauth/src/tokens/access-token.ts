import type { Json, JsonObject } from '@corsac/jwt';
import type { ClaimRequest } from '../authorization-request/request-types.js';
import type { Client } from '../client/client.js';
import { accessTokenIssuer, audienceOf, type Issuers } from '../scopes/audience.js';
import type { ScopeGrant } from '../scopes/grant-scopes.js';
import { addSessionClaims, issueClaims } from './issue-claims.js';

/** `typ` of our access tokens: what tells them from ID tokens. RFC 9068 2.1. */
export const accessTokenTyp = 'at+jwt';

/** Who acts for the subject, and whom that one acted for. RFC 8693 4.1. */
export interface Actor {
  readonly sub: string;
  readonly iss?: string;
  readonly act?: Actor;
}

/** What an access token is made of. */
export interface AccessTokenInput {
  readonly client: Client;
  /** Issuer of the sign-in as `party`, and the track's. */
  readonly issuers: Issuers;
  readonly grant: ScopeGrant;
  /** Claims after the client's transforms; `sub` is among them. */
  readonly claims: JsonObject;
  readonly jti: string;
  /** Unix seconds. */
  readonly now: number;
  /** Seconds; the client's setting by default. */
  readonly lifetime?: number;
  /** `claims.userinfo` of the request: UserInfo answers from the token. */
  readonly requested?: Readonly<Record<string, ClaimRequest>>;
  /** Key that the token is bound to. RFC 9449 6.1. */
  readonly dpop_jkt?: string;
  readonly act?: Actor;
}

/**
 * The claims of an access token. `scope` lists every granted scope; one audience is text, several are a list. RFC 9068 2.2.
 * @returns claims to sign with `accessTokenTyp`
 */
export const accessTokenClaims = (input: AccessTokenInput): JsonObject => {
  const { client, issuers, grant, claims, now, dpop_jkt, act } = input;
  const audience = audienceOf(client, grant, issuers);
  const issued = issueClaims(claims, {
    client,
    scope: grant.scope,
    target: 'access_token',
    requested: input.requested,
  });
  addSessionClaims(issued, claims);
  issued['iss'] = accessTokenIssuer(client, grant, issuers);
  issued['aud'] = audience.length === 1 ? (audience[0] as string) : audience;
  issued['client_id'] = client.name;
  issued['iat'] = now;
  issued['exp'] = now + (input.lifetime ?? client.access_token_lifetime);
  issued['jti'] = input.jti;
  if (grant.scope.length > 0) issued['scope'] = grant.scope.join(' ');
  if (dpop_jkt !== undefined) issued['cnf'] = { jkt: dpop_jkt };
  if (act !== undefined) issued['act'] = act as unknown as Json;
  return issued;
};

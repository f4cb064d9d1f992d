import { tokenHash, type Json, type JsonObject, type SigningAlg } from '@corsac/jwt';
import { addSessionClaims, issueClaims, clientDefaults, type Client, type ClaimsRequest } from '@corsac/oauth';

/** `typ` of our ID tokens. */
export const idTokenTyp = 'JWT';

/** What an ID token is made of. */
export interface IdTokenInput {
  readonly client: Client;
  /** Issuer of this sign-in; a refreshed token keeps it. */
  readonly issuer: string;
  /** Claims after the client's transforms, `sub` and those of the session among them. */
  readonly claims: JsonObject;
  /** Granted scopes. */
  readonly scope: readonly string[];
  /** Unix seconds. */
  readonly now: number;
  /** Algorithm that it will be signed with: the hashes follow it. */
  readonly alg: SigningAlg;
  /** From the authorization request; not on refresh. */
  readonly nonce?: string;
  /** The `claims` parameter of the request. */
  readonly requested?: ClaimsRequest;
  /** Access token that leaves beside it. OIDC Core 3.1.3.6, 3.2.2.9. */
  readonly access_token?: string;
  /** Code that leaves beside it through the browser. OIDC Core 3.3.2.11. */
  readonly code?: string;
  /** True for response type `id_token`: UserInfo will never be asked, so the scope claims are here. OIDC Core 5.4. */
  readonly alone?: boolean;
}

/**
 * The claims of an ID token: who, when and how, then the user's claims that are to stand in it. OIDC Core 2, 5.4, 5.5.
 * @returns claims to sign with `idTokenTyp`
 */
export const idTokenClaims = (input: IdTokenInput): JsonObject => {
  const { client, claims, scope, now, alg, nonce, access_token, code } = input;
  const issued = issueClaims(claims, {
    client,
    scope,
    target: input.alone ? 'everything' : 'id_token',
    requested: input.requested?.id_token,
  });
  addSessionClaims(issued, claims);
  issued['iss'] = input.issuer;
  issued['aud'] = client.name;
  issued['iat'] = now;
  issued['exp'] = now + (client.id_token_lifetime ?? clientDefaults.id_token_lifetime);
  if (nonce !== undefined) issued['nonce'] = nonce;
  if (access_token !== undefined) issued['at_hash'] = tokenHash(access_token, alg);
  if (code !== undefined) issued['c_hash'] = tokenHash(code, alg);
  return issued;
};

/** The algorithm for a client's ID tokens: its own choice, otherwise the track's. OIDC registration 2. */
export const idTokenAlg = (client: Client, trackDefault: SigningAlg): SigningAlg =>
  client.id_token_signed_response_alg ?? trackDefault;

/** The subject that a request insists on by `claims`; the user who signs in must be this one. OIDC Core 5.5.1. */
export const requestedSubject = (claims: ClaimsRequest | undefined): string | undefined => {
  const value = claims?.id_token['sub']?.value ?? claims?.userinfo['sub']?.value;
  return typeof value === 'string' ? value : undefined;
};

/** The authentication contexts that a request asks for, and whether it insists. OIDC Core 5.5.1.1. */
export const requestedAcr = (
  acr_values: readonly string[],
  claims: ClaimsRequest | undefined,
): { values: readonly string[]; essential: boolean } => {
  const acr = claims?.id_token['acr'];
  if (!acr) return { values: acr_values, essential: false };
  const listed: readonly Json[] = acr.values ?? (acr.value === undefined ? [] : [acr.value]);
  const values = listed.filter((value): value is string => typeof value === 'string');
  return { values: values.length > 0 ? values : acr_values, essential: acr.essential === true };
};

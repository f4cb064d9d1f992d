import { isJsonObject, type JsonObject } from '@corsac/jwt';
import { jwtBearer } from '@corsac/oauth';
import { fail, ok, type Outcome } from '@corsac/outcome';
import { z } from 'zod';
import type { ProviderError } from './authentication-response.js';

/** How we prove ourselves to a provider. */
export type ProviderCredentials =
  | { readonly method: 'client_secret_post' | 'client_secret_basic'; readonly client_secret: string }
  | { readonly method: 'private_key_jwt'; readonly client_assertion: string }
  | { readonly method: 'none' };

/** A POST to a provider's token endpoint. */
export interface ProviderTokenRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Builds the redemption of a code. RFC 6749 2.3.1, 4.1.3; RFC 7523 2.2; RFC 7636 4.5. */
export const codeTokenRequest = (
  grant: { code: string; redirect_uri: string; client_id: string; code_verifier?: string },
  credentials: ProviderCredentials,
): ProviderTokenRequest => {
  const { code, redirect_uri, client_id, code_verifier } = grant;
  const body = new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri });
  if (code_verifier !== undefined) body.set('code_verifier', code_verifier);
  const headers: Record<string, string> = {
    accept: 'application/json',
    'content-type': 'application/x-www-form-urlencoded',
  };
  if (credentials.method === 'client_secret_basic') {
    const pair = `${formEncode(client_id)}:${formEncode(credentials.client_secret)}`;
    headers['authorization'] = `Basic ${Buffer.from(pair).toString('base64')}`;
    return { headers, body: body.toString() };
  }
  body.set('client_id', client_id);
  if (credentials.method === 'client_secret_post') body.set('client_secret', credentials.client_secret);
  if (credentials.method === 'private_key_jwt') {
    body.set('client_assertion_type', jwtBearer);
    body.set('client_assertion', credentials.client_assertion);
  }
  return { headers, body: body.toString() };
};

/** The claims of our own assertion. RFC 7523 3, OIDC Core 9. @param lifetime seconds @param jti random, never used before */
export const clientAssertionClaims = (
  client_id: string,
  audience: string,
  time: { now: number; lifetime: number },
  jti: string,
): JsonObject => ({
  iss: client_id,
  sub: client_id,
  aud: audience,
  jti,
  iat: time.now,
  exp: time.now + time.lifetime,
});

const token = z.string().min(1).max(256_000);
const schema = z.object({
  access_token: token.optional(),
  token_type: z.string().max(50).optional(),
  id_token: token.optional(),
  refresh_token: token.optional(),
  expires_in: z.coerce.number().min(0).max(1e10).optional(),
});

/** What is used of a provider's token response. */
export interface ProviderTokens {
  readonly access_token?: string;
  readonly id_token: string;
  /** Seconds. */
  readonly expires_in?: number;
}

/**
 * Reads the answer of a provider's token endpoint. An ID token must be in it. RFC 6749 5.1, 5.2; OIDC Core 3.1.3.3.
 * @param status HTTP status
 * @param document the parsed JSON, or nothing when it is none
 */
export const readTokenResponse = (status: number, document: unknown): Outcome<ProviderTokens, ProviderError> => {
  if (isJsonObject(document) && typeof document['error'] === 'string') {
    const described = document['error_description'];
    const error_description = typeof described === 'string' ? described.slice(0, 500) : undefined;
    return fail({
      code: 'provider_error',
      message: 'the provider refused the code',
      error: document['error'].slice(0, 100),
      error_description,
    });
  }
  const parsed = schema.safeParse(document);
  if (status !== 200 || !parsed.success)
    return malformed(`the token endpoint answered ${status} without usable tokens`);
  const { access_token, token_type, id_token, expires_in } = parsed.data;
  if (id_token === undefined) return malformed('the token response has no id_token');
  if (access_token !== undefined && token_type !== undefined && token_type.toLowerCase() !== 'bearer') {
    return malformed('the token response has a token_type that cannot be used');
  }
  return ok({
    id_token,
    ...(access_token !== undefined && { access_token }),
    ...(expires_in !== undefined && { expires_in }),
  });
};

/**
 * Claims of a provider's UserInfo: only with the very subject of the ID token, otherwise `userinfo_invalid`. OIDC Core 5.3.2, 5.3.4.
 * @param document the answer as parsed JSON, or as the claims of a verified JWT
 */
export const checkProviderUserInfo = (document: unknown, sub: string): Outcome<JsonObject, ProviderError> => {
  if (!isJsonObject(document)) return fail({ code: 'userinfo_invalid', message: 'UserInfo did not answer an object' });
  return document['sub'] === sub
    ? ok(document)
    : fail({ code: 'userinfo_invalid', message: 'UserInfo speaks of another subject than the ID token' });
};

const malformed = (message: string) => fail<ProviderError>({ code: 'response_malformed', message });

const formEncode = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1);

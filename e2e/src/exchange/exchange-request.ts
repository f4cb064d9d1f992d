import { createRemoteJWKSet, decodeJwt, jwtVerify, type JWTPayload } from 'jose';
import type { OwnWorld } from '../world/world.js';

export const tokenExchange = 'urn:ietf:params:oauth:grant-type:token-exchange';
export const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';
export const saml2Type = 'urn:ietf:params:oauth:token-type:saml2';

export type Form = Readonly<Record<string, string | undefined>> | readonly (readonly [string, string])[];

/** What a token endpoint answered. */
export interface TokenAnswer {
  readonly status: number;
  readonly cacheControl: string | null;
  readonly body: {
    readonly access_token?: string;
    readonly error?: string;
    readonly error_description?: string;
    readonly [member: string]: unknown;
  };
}

const encoded = (form: Form): URLSearchParams => {
  const pairs = Array.isArray(form)
    ? (form as [string, string][])
    : Object.entries(form as Record<string, string | undefined>);
  return new URLSearchParams(
    pairs.flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, value]])),
  );
};

/** Posts a form to the token endpoint of a party, which is named as `tenant/track/party`. */
export const askForToken = async (
  { base }: Pick<OwnWorld, 'base'>,
  party: string,
  form: Form,
  headers: Readonly<Record<string, string>> = {},
): Promise<TokenAnswer> => {
  const response = await fetch(`${base}/${party}/oauth/token`, { method: 'POST', body: encoded(form), headers });
  const body = (await response.json()) as TokenAnswer['body'];
  return { status: response.status, cacheControl: response.headers.get('cache-control'), body };
};

/** RFC 6749 2.3.1. */
export const basic = (client_id: string, secret: string): { authorization: string } => ({
  authorization: `Basic ${Buffer.from(`${client_id}:${secret}`).toString('base64')}`,
});

/** Reads an access token as an API does that trusts a track: found by its metadata, strict. */
export const readAsApi = async (
  { base }: Pick<OwnWorld, 'base'>,
  track: string,
  { api, token }: { readonly api: string; readonly token: string | undefined },
): Promise<JWTPayload> => {
  const issuer = `${base}/${track}`;
  const metadata = (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as { jwks_uri: string };
  const keys = createRemoteJWKSet(new URL(metadata.jwks_uri));
  return (await jwtVerify(token ?? '', keys, { issuer, audience: api, typ: 'at+jwt' })).payload;
};

/** What a token says, unread by anybody. */
export const claimsOf = (token: string | undefined): JWTPayload => decodeJwt(token ?? '');

interface Refusal {
  readonly error: string;
  readonly error_description?: string;
  readonly detail?: string;
}

const refusalsIn = (log: string): Refusal[] =>
  log.split('\n').flatMap((line) => {
    const text = line.slice(line.indexOf('{'));
    if (!text.includes('"message":"request refused"')) return [];
    try {
      return [JSON.parse(text) as Refusal];
    } catch {
      return [];
    }
  });

/** Does something that is refused. @returns the answer, and what the log says of it */
export const refusedBy = async (
  world: OwnWorld,
  work: () => Promise<TokenAnswer>,
): Promise<TokenAnswer & { readonly logged: string }> => {
  const before = refusalsIn(world.log()).length;
  const answer = await work();
  for (let tries = 0; tries < 100; tries += 1) {
    const [refusal] = refusalsIn(world.log()).slice(before);
    if (refusal) return { ...answer, logged: `${refusal.error}: ${refusal.detail ?? refusal.error_description}` };
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  return { ...answer, logged: '' };
};

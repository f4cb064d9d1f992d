import { createLocalJWKSet, jwtVerify, type JWK, type JWTPayload } from 'jose';
import type Provider from 'oidc-provider';
import { errors, type TokenEndpointGrantContext } from 'oidc-provider';
import { next, resourceServerOf, type Alg } from './resources.js';

export const tokenExchange = 'urn:ietf:params:oauth:grant-type:token-exchange';
const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';

interface Asked {
  readonly subject_token?: string;
  readonly subject_token_type?: string;
}

type Verify = (token: string) => Promise<JWTPayload>;

/** Access tokens for the API, by the provider's own keys; whoever asks was authenticated by the library. */
const verifierOf = (issuer: string, publicKey: JWK, alg: Alg): Verify => {
  const keys = createLocalJWKSet({ keys: [publicKey] });
  const expected = { issuer, audience: 'api', typ: 'at+jwt', algorithms: [alg] };
  return async (token) => {
    try {
      return (await jwtVerify(token, keys, expected)).payload;
    } catch (cause) {
      throw new errors.InvalidRequest('subject_token is not a token for this client', undefined, { cause });
    }
  };
};

const scopeOf = (asked: string | undefined, subject: JWTPayload): string => {
  const held = new Set(String(subject['scope'] ?? '').split(' '));
  const scopes = (asked ?? '').split(' ').filter((scope) => scope !== '');
  if (scopes.length === 0 || scopes.some((scope) => !held.has(scope)))
    throw new errors.InvalidScope('only what the subject token has can be asked for', asked ?? '');
  return scopes.join(' ');
};

const exchange = async (ctx: TokenEndpointGrantContext<Asked>, verify: Verify, alg: Alg): Promise<void> => {
  const { client, params, provider } = ctx.oidc;
  const { subject_token, subject_token_type, resource } = params;
  if (!subject_token || subject_token_type !== accessTokenType)
    throw new errors.InvalidRequest('subject_token is missing, or of another type');
  if (resource !== next) throw new errors.InvalidTarget();
  const subject = await verify(subject_token);
  const token = new provider.AccessToken({
    client,
    accountId: String(subject.sub),
    grantId: String(subject.jti),
    gty: 'token_exchange',
    scope: scopeOf(params.scope, subject),
    resourceServer: new provider.ResourceServer(resource, resourceServerOf(resource, alg)),
  });
  ctx.oidc.entity('AccessToken', token);
  ctx.body = {
    access_token: await token.save(),
    issued_token_type: accessTokenType,
    token_type: token.tokenType,
    expires_in: token.expiration,
    scope: token.scope,
  };
};

/** RFC 8693 at the library's documented extension point: an access token for one API becomes one for the next, with less scope. */
export const addTokenExchange = (provider: Provider, publicKey: JWK, alg: Alg): void => {
  const verify = verifierOf(provider.issuer, publicKey, alg);
  provider.registerGrantType<Asked>(tokenExchange, (ctx) => exchange(ctx, verify, alg), [
    'subject_token',
    'subject_token_type',
    'scope',
    'resource',
  ]);
};

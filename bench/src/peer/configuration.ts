import type { AdapterFactory, Configuration, JWK } from 'oidc-provider';
import { callback, secret, username } from '../setup.js';
import { api, resourceServerOf, type Alg } from './resources.js';
import { tokenExchange } from './token-exchange.js';

const client = (client_id: string, alg: Alg, more: object): object => ({
  client_id,
  client_secret: secret,
  token_endpoint_auth_method: 'client_secret_post',
  id_token_signed_response_alg: alg,
  ...more,
});

const clientsOf = (alg: Alg): object[] => [
  client('worker', alg, { grant_types: ['client_credentials'], response_types: [], redirect_uris: [] }),
  client('app', alg, { grant_types: ['authorization_code', 'refresh_token'], redirect_uris: [callback] }),
  client('api', alg, { grant_types: [tokenExchange], response_types: [], redirect_uris: [] }),
];

/** The application is one's own, so that nobody is asked for consent: made as the documentation does it. */
const grantWithoutConsent: Configuration['loadExistingGrant'] = async (ctx) => {
  const { provider, client: app, session } = ctx.oidc;
  const grant = new provider.Grant({ clientId: app?.clientId, accountId: session?.accountId });
  grant.addOIDCScope('openid email');
  grant.addResourceScope(api, 'read write');
  await grant.save();
  return grant;
};

const featuresOf = (alg: Alg): Configuration['features'] => ({
  devInteractions: { enabled: false },
  clientCredentials: { enabled: true },
  introspection: { enabled: true, allowedPolicy: () => true },
  resourceIndicators: {
    enabled: true,
    defaultResource: (ctx) => (ctx.oidc.client?.clientId === 'worker' ? api : []),
    getResourceServerInfo: (_ctx, resource) => resourceServerOf(resource, alg),
    useGrantedResource: () => true,
  },
});

/** Configured to do the same works, with the same promises where it has them. */
export const configurationOf = (alg: Alg, key: JWK, adapter: AdapterFactory): Configuration => ({
  adapter,
  jwks: { keys: [key] },
  clients: clientsOf(alg) as never,
  features: featuresOf(alg),
  scopes: ['openid', 'email'],
  claims: { openid: ['sub'], email: ['email'] },
  cookies: { keys: ['bench'] },
  pkce: { required: () => true },
  rotateRefreshToken: true,
  issueRefreshToken: () => true,
  // Ours is asked for offline access where it is measured, so what is issued there outlives the session here as well.
  expiresWithSession: (_ctx, source) => !('resource' in source && source.resource === api),
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ sub: accountId, email: username }) }),
  loadExistingGrant: grantWithoutConsent,
});

/**
 * The peer: npm's oidc-provider with its state in Redis, configured to do the same works. Started by the benchmark as a
 * process of its own, with a Redis of its own as its child.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { generateKeyPairSync } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Provider, { type Configuration } from 'oidc-provider';
import { createClient } from 'redis';
import { redisAdapter } from './redis-adapter.js';

const port = Number(process.env['PORT']);
const redisPort = Number(process.env['REDIS_PORT']);
const alg = process.env['ALG'] === 'ES256' ? 'ES256' : 'RS256';
const secret = process.env['CLIENT_SECRET'] ?? '';
const callback = process.env['CALLBACK'] ?? '';

const folder = mkdtempSync(join(tmpdir(), 'corsac-bench-redis-'));
const redis = spawn(
  'redis-server',
  ['--port', String(redisPort), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'yes'],
  { stdio: 'ignore' },
);

const jwk = (): object => {
  const { privateKey } =
    alg === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg, kid: 'bench' };
};

const client = (client_id: string, more: object): object => ({
  client_id,
  client_secret: secret,
  token_endpoint_auth_method: 'client_secret_post',
  id_token_signed_response_alg: alg,
  ...more,
});

/** Configured to do the same works, with the same promises where it has them. */
const configurationOn = (store: Parameters<typeof redisAdapter>[0]): Configuration => ({
  adapter: redisAdapter(store),
  jwks: { keys: [jwk()] },
  clients: [
    client('worker', { grant_types: ['client_credentials'], response_types: [], redirect_uris: [] }),
    client('app', {
      grant_types: ['authorization_code', 'refresh_token'],
      redirect_uris: [callback],
      id_token_signed_response_alg: alg,
    }),
    client('api', { grant_types: ['client_credentials'], response_types: [], redirect_uris: [] }),
  ] as never,
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true, allowedPolicy: () => true },
    // A worker's token is a JWT for the API; a user's is opaque, as UserInfo and introspection there take no JWT.
    resourceIndicators: {
      enabled: true,
      defaultResource: (ctx) => (ctx.oidc.client?.clientId === 'worker' ? 'https://api.test' : []),
      getResourceServerInfo: () => ({
        scope: 'read',
        audience: 'api',
        accessTokenTTL: 3600,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg } },
      }),
      useGrantedResource: () => true,
    },
  },
  scopes: ['openid', 'offline_access', 'email', 'read'],
  claims: { openid: ['sub'], email: ['email'] },
  cookies: { keys: ['bench'] },
  pkce: { required: () => true },
  rotateRefreshToken: true,
  issueRefreshToken: () => true,
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ sub: accountId, email: 'ada@example.com' }) }),
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({
      clientId: ctx.oidc.client?.clientId,
      accountId: ctx.oidc.session?.accountId,
    });
    grant.addOIDCScope('openid email offline_access');
    await grant.save();
    return grant;
  },
});

const start = async (): Promise<void> => {
  const store = createClient({ url: `redis://127.0.0.1:${redisPort}` });
  store.on('error', () => undefined);
  await store.connect();
  const provider = new Provider(`http://localhost:${port}`, configurationOn(store as never));
  // A login page would be posted here; the password's hash is left out on both sides.
  provider.use(async (ctx, next) => {
    if (!ctx.path.startsWith('/interaction/')) return next();
    await provider.interactionFinished(
      ctx.req,
      ctx.res,
      { login: { accountId: 'ada' } },
      { mergeWithLastSubmission: false },
    );
    ctx.respond = false;
  });
  provider.listen(port, '127.0.0.1');
};

const stop = (): void => {
  redis.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
  process.exit(0);
};
process.on('SIGTERM', stop);
process.on('SIGINT', stop);

start().catch((error: unknown) => {
  console.error(error);
  stop();
});

import { createHash, randomBytes } from 'node:crypto';
import { callback, secret } from '../corsac/setup.js';
import { call, expectStatus, jsonOf, type Reply } from '../measure/http.js';
import type { Operation, Work } from '../measure/measure.js';

const tokenOf = (reply: Reply, name: string): string => {
  const value = jsonOf(expectStatus(reply, 200))[name];
  if (typeof value !== 'string') throw new Error(`there is no ${name} in ${reply.text.slice(0, 200)}`);
  return value;
};

const many = async (count: number, make: () => Promise<Operation> | Operation): Promise<Operation[]> => {
  const made: Operation[] = [];
  for (let index = 0; index < count; index += 1) made.push(await make());
  return made;
};

/** A whole sign-in in a new browser; redirects are followed with its cookies until the application's address. */
const signIn = async (base: string, scope: string): Promise<Reply> => {
  const code_verifier = randomBytes(32).toString('base64url');
  const asked = new URLSearchParams({
    client_id: 'app',
    redirect_uri: callback,
    response_type: 'code',
    scope,
    state: 's',
    nonce: 'n',
    ...(scope.includes('offline_access') && { prompt: 'consent' }),
    code_challenge: createHash('sha256').update(code_verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const cookies = new Map<string, string>();
  let next = `${base}/auth?${asked.toString()}`;
  for (let hop = 0; hop < 8 && !next.startsWith(callback); hop += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const reply = await call({ url: next, headers: { cookie } });
    for (const line of reply.headers['set-cookie'] ?? []) {
      const pair = line.split(';')[0] ?? '';
      cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    if (!reply.headers.location) throw new Error(`no redirect but ${reply.status}: ${reply.text.slice(0, 300)}`);
    next = new URL(reply.headers.location, base).href;
  }
  const code = new URL(next).searchParams.get('code') ?? '';
  return call({
    url: `${base}/token`,
    form: {
      grant_type: 'authorization_code',
      code,
      redirect_uri: callback,
      client_id: 'app',
      client_secret: secret,
      code_verifier,
    },
  });
};

const refreshing = async (base: string): Promise<Operation> => {
  let refresh_token = tokenOf(await signIn(base, 'openid email'), 'refresh_token');
  return async () => {
    const reply = await call({
      url: `${base}/token`,
      form: { grant_type: 'refresh_token', refresh_token, client_id: 'app', client_secret: secret },
    });
    refresh_token = tokenOf(reply, 'refresh_token');
  };
};

const userInfo = async (base: string): Promise<Operation> => {
  const token = tokenOf(await signIn(base, 'openid email'), 'access_token');
  return async () =>
    void tokenOf(await call({ url: `${base}/me`, headers: { authorization: `Bearer ${token}` } }), 'sub');
};

const introspecting = async (base: string): Promise<Operation> => {
  const token = tokenOf(await signIn(base, 'openid email'), 'access_token');
  return async () => {
    const reply = await call({
      url: `${base}/token/introspection`,
      form: { token, client_id: 'api', client_secret: secret },
    });
    if (jsonOf(expectStatus(reply, 200))['active'] !== true) throw new Error('the token is not active');
  };
};

const metadata = (base: string): Operation => {
  let turn = 0;
  return async () => {
    turn += 1;
    expectStatus(await call({ url: `${base}${turn % 2 === 0 ? '/jwks' : '/.well-known/openid-configuration'}` }), 200);
  };
};

const worker =
  (base: string): Operation =>
  async () => {
    const form = { grant_type: 'client_credentials', client_id: 'worker', client_secret: secret, scope: 'read' };
    const token = tokenOf(await call({ url: `${base}/token`, form }), 'access_token');
    if (token.split('.').length !== 3) throw new Error('the token is not a JWT');
  };

/** The works that the peer can do. It has no token exchange of its own. */
export const peerWorks = (base: string, alg: 'rs256' | 'es256'): Work[] => [
  { name: `W1 client credentials ${alg}`, prepare: (count) => many(count, () => worker(base)) },
  {
    name: `W2 sign-in ${alg}`,
    prepare: (count) => many(count, () => async () => void tokenOf(await signIn(base, 'openid email'), 'id_token')),
  },
  { name: `W3 refresh ${alg}`, prepare: (count) => many(count, () => refreshing(base)) },
  { name: `W4 userinfo ${alg}`, prepare: (count) => many(count, () => userInfo(base)) },
  { name: `W5 metadata ${alg}`, prepare: (count) => many(count, () => metadata(base)) },
  { name: `W7 introspection ${alg}`, prepare: (count) => many(count, () => introspecting(base)) },
];

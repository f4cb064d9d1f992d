import { createHash, randomBytes } from 'node:crypto';
import { call, expectStatus, jsonOf, type Reply } from '../measure/http.js';
import type { Operation, Work } from '../measure/measure.js';
import { passwordHashSeconds } from '../measure/password-hash.js';
import { callback, password, secret } from './setup.js';

type Alg = 'rs256' | 'es256';

const address = (base: string, track: string, party: string): string => `${base}/bench/${track}/${party}`;

const tokenOf = (reply: Reply, name = 'access_token'): string => {
  const value = jsonOf(expectStatus(reply, 200))[name];
  if (typeof value !== 'string') throw new Error(`there is no ${name} in ${reply.text.slice(0, 200)}`);
  return value;
};

const many = async (count: number, make: () => Promise<Operation> | Operation): Promise<Operation[]> => {
  const made: Operation[] = [];
  for (let index = 0; index < count; index += 1) made.push(await make());
  return made;
};

const clientCredentials = (base: string, track: string): Promise<Reply> =>
  call({
    url: `${address(base, track, 'worker')}/oauth/token`,
    form: { grant_type: 'client_credentials', client_id: 'worker', client_secret: secret, scope: 'api.read' },
  });

const formOf = (page: Reply): { action: string; fields: Record<string, string> } => {
  const [, tag = '', inner = ''] = /<form\b([^>]*)>(.*?)<\/form>/s.exec(page.text) ?? [];
  const action = /action="([^"]*)"/.exec(tag)?.[1];
  if (action === undefined)
    throw new Error(`there is no form on the page (${page.status}): ${page.text.slice(0, 300)}`);
  const inputs = [...inner.matchAll(/<input\b[^>]*name="([^"]*)"(?:[^>]*?value="([^"]*)")?/g)];
  return { action, fields: Object.fromEntries(inputs.map(([, name = '', value = '']) => [name, value])) };
};

const cookiesOf = (reply: Reply): string =>
  (reply.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ');

/** A whole sign-in in a new browser, the application's redemption included: three requests. */
const signIn = async (base: string, track: string, scope: string): Promise<Reply> => {
  const party = `${address(base, track, 'app')}(login)`;
  const code_verifier = randomBytes(32).toString('base64url');
  const asked = new URLSearchParams({
    client_id: 'app',
    redirect_uri: callback,
    response_type: 'code',
    scope,
    state: 's',
    nonce: 'n',
    login_hint: 'ada@example.com',
    code_challenge: createHash('sha256').update(code_verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const page = expectStatus(await call({ url: `${party}/oauth/authorize?${asked.toString()}` }), 200);
  const { action, fields } = formOf(page);
  const back = await call({
    url: new URL(action, base).href,
    form: { ...fields, password },
    headers: { cookie: cookiesOf(page) },
  });
  const code = new URL(expectStatus(back, 303).headers.location ?? '').searchParams.get('code');
  if (!code) throw new Error(`no code in ${back.headers.location}`);
  return call({
    url: `${party}/oauth/token`,
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

const refreshing = async (base: string, track: string): Promise<Operation> => {
  let refresh_token = tokenOf(await signIn(base, track, 'openid offline_access'), 'refresh_token');
  return async () => {
    const reply = await call({
      url: `${address(base, track, 'app')}/oauth/token`,
      form: { grant_type: 'refresh_token', refresh_token, client_id: 'app', client_secret: secret },
    });
    refresh_token = tokenOf(reply, 'refresh_token');
  };
};

const userInfo = async (base: string, track: string): Promise<Operation> => {
  const token = tokenOf(await signIn(base, track, 'openid email'));
  return async () => {
    const reply = await call({
      url: `${address(base, track, 'app')}/oauth/userinfo`,
      headers: { authorization: `Bearer ${token}` },
    });
    if (jsonOf(expectStatus(reply, 200))['email'] !== 'ada@example.com')
      throw new Error('userinfo is not about the user');
  };
};

const exchanging = async (base: string, track: string): Promise<Operation> => {
  const subject_token = tokenOf(await signIn(base, track, 'openid api.read'));
  return async () => {
    const reply = await call({
      url: `${address(base, track, 'api')}/oauth/token`,
      form: {
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        subject_token,
        subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        client_id: 'api',
        client_secret: secret,
        scope: 'next.read',
      },
    });
    tokenOf(reply);
  };
};

const introspecting = async (base: string, track: string): Promise<Operation> => {
  const token = tokenOf(await signIn(base, track, 'openid api.read'));
  return async () => {
    const reply = await call({
      url: `${address(base, track, 'api')}/oauth/introspect`,
      form: { token, client_id: 'api', client_secret: secret },
    });
    if (jsonOf(expectStatus(reply, 200))['active'] !== true) throw new Error('the token is not active');
  };
};

const metadata = (base: string, track: string): Operation => {
  const issuer = address(base, track, 'app');
  let turn = 0;
  return async () => {
    turn += 1;
    const reply = expectStatus(
      await call({ url: `${issuer}/.well-known/openid-configuration${turn % 2 === 0 ? '/keys' : ''}` }),
      200,
    );
    if (reply.text.length < 100) throw new Error('the metadata is empty');
  };
};

/** The works of the benchmark on a Corsac installation. */
export const corsacWorks = (base: string, alg: Alg): Work[] => [
  {
    name: `W1 client credentials ${alg}`,
    prepare: (count) => many(count, () => async () => void tokenOf(await clientCredentials(base, alg))),
  },
  {
    name: `W2 sign-in ${alg}`,
    less: passwordHashSeconds,
    prepare: (count) =>
      many(count, () => async () => void tokenOf(await signIn(base, alg, 'openid email'), 'id_token')),
  },
  { name: `W3 refresh ${alg}`, prepare: (count) => many(count, () => refreshing(base, alg)) },
  { name: `W4 userinfo ${alg}`, prepare: (count) => many(count, () => userInfo(base, alg)) },
  { name: `W5 metadata ${alg}`, prepare: (count) => many(count, () => metadata(base, alg)) },
  { name: `W6 exchange ${alg}`, prepare: (count) => many(count, () => exchanging(base, alg)) },
  { name: `W7 introspection ${alg}`, prepare: (count) => many(count, () => introspecting(base, alg)) },
];

/** The first token of a track, whose keys may still be on their way (503 with Retry-After). */
const firstToken = async (base: string, track: string): Promise<void> => {
  for (;;) {
    const reply = await clientCredentials(base, track);
    if (reply.status !== 503) return void tokenOf(reply);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
};

/** W8: client credentials spread over many tracks, each visited once before the clock starts. */
export const manyTracks = (base: string, tracks: number): Work => ({
  name: `W8 client credentials over ${tracks} tracks`,
  prepare: async (count) => {
    for (let index = 0; index < tracks; index += 1) await firstToken(base, `t${index}`);
    let next = 0;
    return many(count, () => async () => {
      next = (next + 1) % tracks;
      tokenOf(await clientCredentials(base, `t${next}`));
    });
  },
});

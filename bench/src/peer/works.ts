import { authorizationRequest, redemptionOf } from '../measure/code-flow.js';
import { call, expectStatus, jsonOf, jwtOf, tokenOf, wholeAnswer, type Reply } from '../measure/http.js';
import { many, type Operation, type Work } from '../measure/measure.js';
import { Visitor } from '../measure/visitor.js';
import { password, secret, username } from '../setup.js';
import { api, next } from './resources.js';
import { tokenExchange } from './token-exchange.js';

/**
 * A whole sign-in in a new browser, the application's redemption included: five requests, of the authorization endpoint,
 * the login page, its form, the authorization endpoint again and the token endpoint.
 */
const signIn = async (base: string, scope: string, more: Readonly<Record<string, string>> = {}): Promise<Reply> => {
  const visitor = new Visitor(base);
  const { query, code_verifier } = authorizationRequest(scope, more);
  const { url, page, form } = await visitor.go(`${base}/auth?${query}`);
  if (page?.status !== 200 || !form || form.fields['login'] !== username || !page.text.includes('to go on to app'))
    throw new Error(`no login page at ${url}: ${page?.text.slice(0, 300)}`);
  const arrived = await visitor.go(form.action, { ...form.fields, password });
  return call({ url: `${base}/token`, form: redemptionOf(arrived.url, code_verifier) });
};

/** With a resource the access token is a JWT, and a refresh token is issued that lasts. */
const wholeSignIn = (base: string): Promise<Reply> => signIn(base, 'openid email read write', { resource: api });

const refreshing = async (base: string): Promise<Operation> => {
  let refresh_token = wholeAnswer(await wholeSignIn(base));
  return async () => {
    const reply = await call({
      url: `${base}/token`,
      form: { grant_type: 'refresh_token', refresh_token, client_id: 'app', client_secret: secret },
    });
    refresh_token = wholeAnswer(reply);
  };
};

const userInfo = async (base: string): Promise<Operation> => {
  const token = tokenOf(await signIn(base, 'openid email'));
  return async () =>
    void tokenOf(await call({ url: `${base}/me`, headers: { authorization: `Bearer ${token}` } }), 'sub');
};

const exchanging = async (base: string): Promise<Operation> => {
  const subject_token = jwtOf(await wholeSignIn(base));
  const form = {
    grant_type: tokenExchange,
    subject_token,
    subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    client_id: 'api',
    client_secret: secret,
    resource: next,
    scope: 'read',
  };
  return async () => void jwtOf(await call({ url: `${base}/token`, form }));
};

const introspecting = async (base: string): Promise<Operation> => {
  const token = tokenOf(await signIn(base, 'openid email'));
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
    jwtOf(await call({ url: `${base}/token`, form }));
  };

/** The works of the benchmark on oidc-provider, named as ours. */
export const peerWorks = (base: string, alg: 'rs256' | 'es256'): Work[] => [
  { name: `W1 client credentials ${alg}`, prepare: (count) => many(count, () => worker(base)) },
  {
    name: `W2 sign-in ${alg}`,
    prepare: (count) => many(count, () => async () => void wholeAnswer(await wholeSignIn(base))),
  },
  { name: `W3 refresh ${alg}`, prepare: (count) => many(count, () => refreshing(base)) },
  { name: `W4 userinfo ${alg}`, prepare: (count) => many(count, () => userInfo(base)) },
  { name: `W5 metadata ${alg}`, prepare: (count) => many(count, () => metadata(base)) },
  { name: `W6 exchange ${alg}`, prepare: (count) => many(count, () => exchanging(base)) },
  { name: `W7 introspection ${alg}`, prepare: (count) => many(count, () => introspecting(base)) },
];

import { authorizationRequest, redemptionOf } from '../measure/code-flow.js';
import { call, expectStatus, jsonOf, jwtOf, tokenOf, wholeAnswer, type Reply } from '../measure/http.js';
import { many, type Operation, type Work } from '../measure/measure.js';
import { Visitor } from '../measure/visitor.js';
import { password, secret, username } from '../setup.js';

type Alg = 'rs256' | 'es256';

const address = (base: string, track: string, party: string): string => `${base}/bench/${track}/${party}`;

const clientCredentials = (base: string, track: string): Promise<Reply> =>
  call({
    url: `${address(base, track, 'worker')}/oauth/token`,
    form: { grant_type: 'client_credentials', client_id: 'worker', client_secret: secret, scope: 'api.read' },
  });

/** With it a sign-in issues all there is: access token, ID token and a lasting refresh token. */
const wholeScope = 'openid email offline_access';

/** A whole sign-in in a new browser, the application's redemption included: three requests. */
const signIn = async (base: string, track: string, scope: string): Promise<Reply> => {
  const party = `${address(base, track, 'app')}(login)`;
  const { query, code_verifier } = authorizationRequest(scope);
  const { url } = await new Visitor(base).signIn(`${party}/oauth/authorize?${query}`, { username, password });
  return call({ url: `${party}/oauth/token`, form: redemptionOf(url, code_verifier) });
};

const refreshing = async (base: string, track: string): Promise<Operation> => {
  let refresh_token = wholeAnswer(await signIn(base, track, wholeScope));
  return async () => {
    const reply = await call({
      url: `${address(base, track, 'app')}/oauth/token`,
      form: { grant_type: 'refresh_token', refresh_token, client_id: 'app', client_secret: secret },
    });
    refresh_token = wholeAnswer(reply);
  };
};

const userInfo = async (base: string, track: string): Promise<Operation> => {
  const token = tokenOf(await signIn(base, track, 'openid email'));
  return async () => {
    const reply = await call({
      url: `${address(base, track, 'app')}/oauth/userinfo`,
      headers: { authorization: `Bearer ${token}` },
    });
    if (jsonOf(expectStatus(reply, 200))['email'] !== username) throw new Error('userinfo is not about the user');
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
    jwtOf(reply);
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
    prepare: (count) => many(count, () => async () => void jwtOf(await clientCredentials(base, alg))),
  },
  {
    name: `W2 sign-in ${alg}`,
    prepare: (count) => many(count, () => async () => void wholeAnswer(await signIn(base, alg, wholeScope))),
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

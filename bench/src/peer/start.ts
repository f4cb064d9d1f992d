import { join } from 'node:path';
import { freePort } from '../measure/free-port.js';
import { call } from '../measure/http.js';
import { startServer, type Server } from '../measure/server.js';
import type { Alg } from './resources.js';

/** Starts oidc-provider and its Redis; with `withHash` a sign-in there hashes the password as ours does. */
export const startPeer = async (alg: Alg, withHash: boolean): Promise<Server & { base: string }> => {
  const port = await freePort();
  const base = `http://localhost:${port}`;
  const env = {
    PORT: String(port),
    REDIS_PORT: String(await freePort()),
    ALG: alg,
    WITH_HASH: withHash ? '1' : '',
    NODE_ENV: 'production',
  };
  const isReady = async (): Promise<boolean> => (await call({ url: `${base}/jwks` })).status === 200;
  return { ...(await startServer([join(__dirname, 'server.js')], env, isReady)), base };
};

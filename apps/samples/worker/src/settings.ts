import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where Corsac and the API are. The demo's secrets are where `npm start` keeps them. */
export interface Settings {
  readonly track_url: string;
  readonly client_secret: string;
  readonly orders_url: string;
}

const kept = (file: string, name: string): string | undefined =>
  existsSync(file) ? new RegExp(`^${name}=(.+)$`, 'm').exec(readFileSync(file, 'utf8'))?.[1] : undefined;

/** @throws with the mend when there is no secret */
export const readSettings = (env: NodeJS.ProcessEnv): Settings => {
  const file = join(env['CORSAC_DATA'] ?? join(__dirname, '../../../../.corsac'), 'demo.env');
  const client_secret = env['DEMO_WORKER_SECRET'] ?? kept(file, 'DEMO_WORKER_SECRET');
  if (!client_secret)
    throw new Error(`no secret of the worker: "npm start" keeps it in ${file}, or set DEMO_WORKER_SECRET`);
  return {
    track_url: `${(env['CORSAC_BASE_URL'] ?? 'http://localhost:4400').replace(/\/+$/, '')}/acme/-`,
    client_secret,
    orders_url: env['ORDERS_URL'] ?? 'http://localhost:4412',
  };
};

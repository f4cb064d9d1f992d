import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where Corsac is and how this API is known there. The demo's secrets are where `npm start` keeps them. */
export interface Settings {
  /** `http://localhost:4400/acme/-`: issuer of every access token for an API. */
  readonly track_url: string;
  readonly client_secret: string;
  readonly port: number;
  readonly billing_url: string;
  /** The application in the browser that may call us. */
  readonly spa_origin: string;
}

const kept = (file: string, name: string): string | undefined =>
  existsSync(file) ? new RegExp(`^${name}=(.+)$`, 'm').exec(readFileSync(file, 'utf8'))?.[1] : undefined;

/** @throws with the mend when there is no secret */
export const readSettings = (env: NodeJS.ProcessEnv): Settings => {
  const file = join(env['CORSAC_DATA'] ?? join(__dirname, '../../../../.corsac'), 'demo.env');
  const client_secret = env['DEMO_ORDERS_SECRET'] ?? kept(file, 'DEMO_ORDERS_SECRET');
  if (!client_secret)
    throw new Error(`no secret of orders: "npm start" keeps it in ${file}, or set DEMO_ORDERS_SECRET`);
  return {
    track_url: `${(env['CORSAC_BASE_URL'] ?? 'http://localhost:4400').replace(/\/+$/, '')}/acme/-`,
    client_secret,
    port: Number(env['PORT'] ?? 4412),
    billing_url: env['BILLING_URL'] ?? 'http://localhost:4413',
    spa_origin: env['SPA_URL'] ?? 'http://localhost:4411',
  };
};

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where Corsac is and how this application is known there. The demo's secrets are where `npm start` keeps them. */
export interface Settings {
  /** `http://localhost:4400` of the demo. */
  readonly corsac_url: string;
  readonly tenant: string;
  readonly track: string;
  readonly client_id: string;
  readonly client_secret: string;
  readonly port: number;
  readonly orders_url: string;
}

const kept = (folder: string): Record<string, string> => {
  const file = join(folder, 'demo.env');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  return Object.fromEntries(
    lines.filter((line) => /^DEMO_\w+=/.test(line)).map((line) => line.split('=', 2) as [string, string]),
  );
};

/** @throws with the mend when there is no secret */
export const readSettings = (env: NodeJS.ProcessEnv): Settings => {
  const folder = env['CORSAC_DATA'] ?? join(__dirname, '../../../../.corsac');
  const client_secret = env['DEMO_SHOP_SECRET'] ?? kept(folder)['DEMO_SHOP_SECRET'];
  if (!client_secret)
    throw new Error(
      `there is no secret of the shop: start Corsac once with "npm start" (it keeps the demo's secrets in ${folder}/demo.env), or set DEMO_SHOP_SECRET`,
    );
  return {
    corsac_url: (env['CORSAC_BASE_URL'] ?? 'http://localhost:4400').replace(/\/+$/, ''),
    tenant: 'acme',
    track: '-',
    client_id: 'shop',
    client_secret,
    port: Number(env['PORT'] ?? 4410),
    orders_url: env['ORDERS_URL'] ?? 'http://localhost:4412',
  };
};

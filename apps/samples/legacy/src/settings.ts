import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where Corsac is and how this application is known there. The demo's secrets are where `npm start` keeps them. */
export interface Settings {
  /** `http://localhost:4400/acme/legacy`: the identity provider's track. */
  readonly track_url: string;
  /** Of `legacy-exchange`, the OAuth client of this same server. */
  readonly exchange_secret: string;
  readonly port: number;
  /** Where browsers find us: `http://localhost:4414`. */
  readonly own_url: string;
}

const kept = (file: string, name: string): string | undefined =>
  existsSync(file) ? new RegExp(`^${name}=(.+)$`, 'm').exec(readFileSync(file, 'utf8'))?.[1] : undefined;

/** @throws with the mend when there is no secret */
export const readSettings = (env: NodeJS.ProcessEnv): Settings => {
  const file = join(env['CORSAC_DATA'] ?? join(__dirname, '../../../../.corsac'), 'demo.env');
  const exchange_secret = env['DEMO_LEGACY_SECRET'] ?? kept(file, 'DEMO_LEGACY_SECRET');
  if (!exchange_secret)
    throw new Error(`no secret of legacy-exchange: "npm start" keeps it in ${file}, or set DEMO_LEGACY_SECRET`);
  const port = Number(env['PORT'] ?? 4414);
  return {
    track_url: `${(env['CORSAC_BASE_URL'] ?? 'http://localhost:4400').replace(/\/+$/, '')}/acme/legacy`,
    exchange_secret,
    port,
    own_url: `http://localhost:${port}`,
  };
};

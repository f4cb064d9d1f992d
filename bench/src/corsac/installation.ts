import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../measure/free-port.js';
import { call, sendBy } from '../measure/http.js';
import { ingressOf } from '../measure/ingress.js';
import { startServer, type Server } from '../measure/server.js';
import { connectedTrack, connectedTracks, type Alg } from './connected.js';
import { callback, password, secret, username } from '../setup.js';

const repository = join(__dirname, '../../..');

/** Quoted, as a path may hold spaces. */
const withoutHash = JSON.stringify(join(__dirname, 'without-hash.js'));

const track = (name: string, alg: 'RS256' | 'ES256'): object => ({
  name,
  settings: { keys: { signing_algs: [...new Set(['RS256', alg])], default_signing_alg: alg } },
  up_parties: [{ type: 'login', name: 'login' }],
  down_parties: [
    {
      type: 'oauth2',
      name: 'worker',
      grant_types: ['client_credentials'],
      secrets: [secret],
      resource_scopes: [{ resource: 'api', scopes: ['read'] }],
    },
    {
      type: 'oidc',
      name: 'app',
      redirect_uris: [callback],
      allow_up_parties: ['login'],
      secrets: [secret],
      resource_scopes: [{ resource: 'app' }, { resource: 'api', scopes: ['read'] }],
    },
    {
      type: 'oauth2',
      name: 'api',
      resource: { scopes: ['read'] },
      grant_types: ['urn:ietf:params:oauth:grant-type:token-exchange'],
      secrets: [secret],
      resource_scopes: [{ resource: 'next', scopes: ['read'] }],
    },
    { type: 'oauth2', name: 'next', resource: { scopes: ['read'] } },
  ],
  users: [{ email: username, password, claims: { given_name: 'Ada', family_name: 'Lovelace' } }],
});

/**
 * Tenant `bench` with a track per algorithm, tracks that are connected with each other, and `tracks` more of one worker each
 * for the question what many tracks cost.
 */
const configuration = (base: string, { tracks, alg }: Installed): object => ({
  tenants: [
    {
      name: 'bench',
      tracks: [
        track('rs256', 'RS256'),
        track('es256', 'ES256'),
        ...connectedTracks(base, alg),
        ...Array.from({ length: tracks }, (_, index) => ({ ...track(`t${index}`, 'ES256'), users: [] })),
      ],
    },
  ],
});

export interface Installed {
  /** Further tracks. */
  readonly tracks: number;
  /** What the connected tracks sign with. */
  readonly alg: Alg;
  /** Processes of each service, distributed. */
  readonly replicas: number;
  /** Whether passwords cost what they cost; otherwise the hash function is taken out of the processes. */
  readonly withHash: boolean;
}

export interface Installation extends Server {
  readonly base: string;
}

/** The options of Node that `npm start` gives. */
const nodeOptions = async (): Promise<string[]> => {
  const { scripts } = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8')) as {
    scripts: { start: string };
  };
  return scripts.start.split(' ').filter((word) => word.startsWith('--'));
};

/** Starts Corsac as `npm start` does (embedded) or as `npm run start:services` does, with the benchmark's tenant. */
export const startCorsac = async (shape: 'embedded' | 'distributed', installed: Installed): Promise<Installation> => {
  const { tracks, alg, replicas, withHash } = installed;
  const folder = await mkdtemp(join(tmpdir(), 'corsac-bench-'));
  await chmod(folder, 0o755);
  const config = join(folder, 'bench.json.yaml');
  const port = await freePort();
  const base = `http://localhost:${port}`;
  await writeFile(config, JSON.stringify(configuration(base, installed)));
  const main = shape === 'embedded' ? 'apps/embedded/dist/main.js' : 'scripts/start-services.mjs';
  const isReady = async (): Promise<boolean> => {
    const last = tracks > 0 ? `t${tracks - 1}` : 'es256';
    const answers = await Promise.all(
      ['rs256', 'es256', `${connectedTrack(alg)}-d`, last].map((name) =>
        call({ url: `${base}/bench/${name}/.well-known/openid-configuration/keys` }),
      ),
    );
    return answers.every(({ status }) => status === 200);
  };
  const server = await startServer(
    [
      ...(shape === 'embedded' ? await nodeOptions() : []),
      join(repository, main),
      ...(shape === 'distributed' ? ['--replicas', String(replicas)] : []),
    ],
    {
      PORT: String(port),
      CORSAC_BASE_URL: base,
      CORSAC_CONFIG: config,
      CORSAC_DATA: join(folder, 'data'),
      CORSAC_LOG_LEVEL: 'error',
      CORSAC_MASTER_KEY: randomBytes(32).toString('base64url'),
      NODE_ENV: 'production',
      ...(!withHash && { NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --require ${withoutHash}` }),
    },
    isReady,
  );
  if (shape === 'distributed') {
    // The keys are there before the last service is.
    while (!server.printed().includes('Corsac is ready')) await new Promise((resolve) => setTimeout(resolve, 50));
    sendBy(base, ingressOf(server.printed()));
  }
  const stop = async (): Promise<void> => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { ...server, base, stop };
};

/**
 * `npm run bench [-- --shape embedded|distributed] [--peer oidc-provider] [--alg rs256|es256] [--only W1] [--seconds 3]
 * [--rounds 3] [--tracks 100] [--replicas 2]`: measures and prints a table;
 * `--only L` is what track links and an interconnect cost, `--only 'W6 SAML'` SAML. The figure to trust is processor seconds per 1000 operations, all
 * processes of the product and its stores counted. Load goes to this machine alone.
 */
import { createServer } from 'node:net';
import { join } from 'node:path';
import { linkWorks, samlWorks } from './corsac/connected-works.js';
import { startCorsac } from './corsac/installation.js';
import { callback, secret } from './corsac/setup.js';
import { corsacWorks, manyTracks } from './corsac/works.js';
import { call } from './measure/http.js';
import { measure, median, type Figures, type Work } from './measure/measure.js';
import { memoryOf } from './measure/process-tree.js';
import { pinGenerator, startServer, type Server } from './measure/server.js';
import { peerWorks } from './peer/works.js';

const option = (name: string, otherwise: string): string => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : (process.argv[at + 1] ?? otherwise);
};

const seconds = Number(option('seconds', '3'));
const rounds = Number(option('rounds', '3'));
const tracks = Number(option('tracks', '0'));
const replicas = Number(option('replicas', '1'));
const shape = option('shape', 'embedded') === 'distributed' ? 'distributed' : 'embedded';
const alg = option('alg', 'es256') === 'rs256' ? 'rs256' : 'es256';
const only = option('only', '');
const peer = option('peer', '');

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

const startPeer = async (): Promise<Server & { base: string }> => {
  const port = await freePort();
  const base = `http://localhost:${port}`;
  const env = {
    PORT: String(port),
    REDIS_PORT: String(await freePort()),
    ALG: alg.toUpperCase(),
    CLIENT_SECRET: secret,
    CALLBACK: callback,
    NODE_ENV: 'production',
  };
  const isReady = async (): Promise<boolean> => (await call({ url: `${base}/jwks` })).status === 200;
  return { ...(await startServer([join(__dirname, 'peer/server.js')], env, isReady)), base };
};

interface Row {
  readonly name: string;
  readonly corsac: Figures;
  readonly peer?: Figures;
}

const figure = (value: number, digits: number): string => value.toFixed(digits).padStart(9);

const percent = (part: number): string => `${Math.round(part * 100)} %`;

const print = (rows: readonly Row[]): void => {
  console.log(
    `${'work'.padEnd(38)} CPU s/1000   op/s     p50 ms   p99 ms  requests${peer ? `  ${peer} CPU s/1000   ratio` : ''}`,
  );
  for (const { name, corsac, peer: other } of rows) {
    const beside = other
      ? `  ${figure(other.cpu_per_1000, 3)} ${figure(corsac.cpu_per_1000 / other.cpu_per_1000, 2)}`
      : '';
    const shares = corsac.token_shares.length > 1 ? `  token ${corsac.token_shares.map(percent).join(' ')}` : '';
    console.log(
      `${name.padEnd(38)}${figure(corsac.cpu_per_1000, 3)}${figure(corsac.per_second, 0)}${figure(corsac.p50_ms, 2)}${figure(corsac.p99_ms, 2)}${String(corsac.browser_requests ?? '').padStart(10)}${beside}${shares}`,
    );
  }
};

interface Contestant {
  readonly server: Server;
  readonly works: readonly Work[];
}

/** In turn, so that what the machine does meanwhile meets both: A B A B. */
const compare = async (name: string, contestants: readonly Contestant[]): Promise<Row> => {
  const taken: Figures[][] = contestants.map(() => []);
  for (let round = 0; round < rounds; round += 1)
    for (const [index, { server, works }] of contestants.entries()) {
      const work = works.find((candidate) => candidate.name === name);
      if (work) taken[index]?.push(await measure(work, server.pid, seconds));
    }
  const [corsac = [], other = []] = taken;
  return { name, corsac: median(corsac), ...(other.length > 0 && { peer: median(other) }) };
};

const main = async (): Promise<void> => {
  pinGenerator();
  const signing = alg === 'rs256' ? 'RS256' : 'ES256';
  const corsac = await startCorsac(shape, { tracks, alg: signing, replicas });
  const works = [
    ...corsacWorks(corsac.base, alg),
    ...linkWorks(corsac.base, signing),
    ...samlWorks(corsac.base, signing),
    ...(tracks > 0 ? [manyTracks(corsac.base, 1), manyTracks(corsac.base, tracks)] : []),
  ];
  const contestants: Contestant[] = [{ server: corsac, works }];
  if (peer === 'oidc-provider') {
    const server = await startPeer();
    contestants.push({ server, works: peerWorks(server.base, alg) });
  }
  try {
    console.log(
      `Node ${process.versions.node}, Corsac ${shape}, ${rounds} rounds of ${seconds} s, 16 connections, password hash left out`,
    );
    console.log(`memory at start ${memoryOf(corsac.pid).toFixed(0)} MiB (PSS, all processes)`);
    const rows: Row[] = [];
    for (const { name } of works.filter((work) => work.name.startsWith(only)))
      rows.push(await compare(name, contestants));
    print(rows);
    console.log(`memory after the run ${memoryOf(corsac.pid).toFixed(0)} MiB`);
  } finally {
    for (const { server } of contestants) await server.stop();
  }
};

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);

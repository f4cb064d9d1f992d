/**
 * `npm run bench [-- --shape embedded|distributed] [--peer oidc-provider] [--alg rs256|es256] [--only W1] [--seconds 3]
 * [--rounds 3] [--warm-up 4] [--tracks 100] [--replicas 2] [--with-hash]`: measures, prints a table, and how each row did
 * that has a goal (report/goals.ts).
 *
 * The figure to trust is processor seconds per 1000 operations, all processes of the product and its stores counted, and
 * beside a peer the median of the rounds' ratios, A B A B. `--only L` is what track links and an interconnect cost,
 * `--only 'W6 SAML'` SAML. Load goes to this machine alone.
 *
 * Before its first round every work of every contestant runs unmeasured for `--warm-up` seconds, and longer (up to ten
 * times) until it was done 1000 times for each of these seconds: the first seconds would measure the JIT compiler.
 *
 * Sign-ins are measured without the password hash, which costs more than all the rest. On our side a stand-in is loaded
 * in the hash function's place (corsac/without-hash.ts), the peer compares the password itself. `--with-hash` leaves our
 * processes as they are and lets the peer hash at the same cost; the goals of sign-ins do not hold there.
 */
import { linkWorks, samlWorks } from './corsac/connected-works.js';
import { startCorsac, type Installation } from './corsac/installation.js';
import { corsacWorks, manyTracks } from './corsac/works.js';
import { compare, groupsOf, type Contestant, type Row } from './measure/compare.js';
import { settle, type Work } from './measure/measure.js';
import { memoryOf } from './measure/process-tree.js';
import { pinGenerator } from './measure/server.js';
import { startPeer } from './peer/start.js';
import { peerWorks } from './peer/works.js';
import { report } from './report/table.js';

const option = (name: string, otherwise: string): string => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : (process.argv[at + 1] ?? otherwise);
};

const plan = {
  seconds: Number(option('seconds', '3')),
  rounds: Number(option('rounds', '3')),
  warm_up_s: Number(option('warm-up', '4')),
};
const tracks = Number(option('tracks', '0'));
const replicas = Number(option('replicas', '1'));
const shape = option('shape', 'embedded') === 'distributed' ? 'distributed' : 'embedded';
const alg = option('alg', 'es256') === 'rs256' ? 'rs256' : 'es256';
const signing = alg === 'rs256' ? 'RS256' : 'ES256';
const only = option('only', '');
const peer = option('peer', '');
const withHash = process.argv.includes('--with-hash');

const worksOf = ({ base }: Installation): Work[] =>
  [
    ...corsacWorks(base, alg),
    ...linkWorks(base, signing),
    ...samlWorks(base, signing),
    ...(tracks > 0 ? [manyTracks(base, 1), manyTracks(base, tracks)] : []),
  ].filter(({ name }) => name.startsWith(only));

const head = (): string => {
  const { rounds, seconds, warm_up_s } = plan;
  const hash = withHash ? 'with the password hash' : 'without the password hash';
  return `Node ${process.versions.node}, Corsac ${shape}, ${rounds} rounds of ${seconds} s after ${warm_up_s} s of warm-up, 16 connections, ${hash}`;
};

const main = async (): Promise<void> => {
  pinGenerator();
  const corsac = await startCorsac(shape, { tracks, alg: signing, replicas, withHash });
  const works = worksOf(corsac);
  const contestants: Contestant[] = [{ server: corsac, works }];
  try {
    if (peer === 'oidc-provider') {
      const server = await startPeer(signing, withHash);
      contestants.push({ server, works: peerWorks(server.base, alg) });
    }
    for (const { server } of contestants) await settle(server.pid);
    console.log(head());
    console.log(`memory at start ${memoryOf(corsac.pid).toFixed(0)} MiB (PSS, all processes)`);
    const rows: Row[] = [];
    for (const names of groupsOf(works.map(({ name }) => name)))
      rows.push(...(await compare(names, contestants, plan)));
    console.log(report(rows, { peer, shape, withHash }));
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

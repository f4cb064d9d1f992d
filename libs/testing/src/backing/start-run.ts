import { spawn } from 'node:child_process';
import { publishBacking, type BackingKind, type StartedServer } from './backing.js';
import { resolveBacking } from './resolve-backing.js';

/**
 * Called once per test run, before the workers: starts the servers, tells the workers by environment and the reader by one line.
 * @returns what ends them all
 */
export async function startRun(kinds: BackingKind[]): Promise<() => Promise<void>> {
  const found = await Promise.all(kinds.map(async (kind) => ({ kind, ...(await resolveBacking(kind)) })));
  for (const { kind, backing } of found) publishBacking(kind, backing);
  const lines = found.map(
    ({ kind, backing }) => `${kind}: ${backing.state === 'there' ? backing.how : backing.reason}`,
  );
  process.stderr.write(`Real servers for this run: ${lines.join('; ')}\n`);
  const servers = found.flatMap(({ server }) => server ?? []);
  const keeper = keepNoLongerThanThis(servers);
  return async () => {
    await Promise.all(servers.map((server) => server.stop()));
    keeper?.kill();
  };
}

const KEEPER = `
read -r line
for pid in $1; do kill -QUIT "$pid" 2>/dev/null; done
sleep 1
for pid in $1; do kill -KILL "$pid" 2>/dev/null; done
[ -z "$2" ] || docker rm -f -v $2
shift 2
rm -rf "$@"`;

/** A shell that ends the servers when this process dies, however it dies: its standard input closes then. */
function keepNoLongerThanThis(servers: StartedServer[]): { kill(): void } | undefined {
  const pids = servers.flatMap(({ pid }) => pid ?? []);
  const containers = servers.flatMap(({ container }) => container ?? []);
  if (pids.length + containers.length === 0 || process.platform === 'win32') return undefined;
  const folders = servers.flatMap(({ folder }) => folder ?? []);
  const keeper = spawn('sh', ['-c', KEEPER, 'sh', pids.join(' '), containers.join(' '), ...folders], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  keeper.unref();
  return { kill: () => void keeper.kill('SIGKILL') };
}

import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const program = '/usr/sbin/apache2';
const modules = '/usr/lib/apache2/modules';

/** Files by which it is seen that Apache and one module of it are installed. */
export const apacheFiles = (module: string): string[] => [program, `${modules}/mod_${module}.so`];

/** Where Apache keeps what it needs, and the pages that it hands out. */
export interface ApacheFolder {
  readonly folder: string;
  remove(): Promise<void>;
}

/** A page that shows everything that a module tells an application: claims and attributes come as variables. */
const page = '<!doctype html><title>Protected</title><pre><!--#printenv --></pre>\n';

/** A place that nobody else takes before Apache does. */
export interface HeldSite {
  readonly site: string;
  free(): Promise<void>;
}

/** Takes a free port of a loopback name: the site's address must be known to others long before Apache starts. */
export const holdSite = async (host: 'localhost' | '127.0.0.1'): Promise<HeldSite> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const free = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return { site: `http://${host}:${port}`, free };
};

/** A folder for one Apache; it runs as www-data, which must be able to read it. */
export const newApacheFolder = async (places: readonly string[]): Promise<ApacheFolder> => {
  const folder = await mkdtemp(join(tmpdir(), 'corsac-apache-'));
  await chmod(folder, 0o755);
  for (const place of places) {
    await mkdir(join(folder, 'www', place), { recursive: true });
    await writeFile(join(folder, 'www', place, 'index.html'), page);
  }
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
};

const always = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'dir', 'mime', 'include'];

const frame = (folder: string, wanted: readonly string[]): string => `
ServerRoot ${folder}
ServerName localhost
PidFile ${folder}/apache.pid
DefaultRuntimeDir ${folder}
ErrorLog ${folder}/error.log
LogLevel warn
${[...always, ...wanted].map((name) => `LoadModule ${name}_module ${modules}/mod_${name}.so`).join('\n')}
${process.getuid?.() === 0 ? 'User www-data\nGroup www-data' : ''}
StartServers 1
ThreadsPerChild 25
TypesConfig /etc/mime.types
DocumentRoot ${folder}/www
DirectoryIndex index.html
<Directory ${folder}/www>
  Options +Includes
  SetOutputFilter INCLUDES
</Directory>
`;

/** An Apache that runs. */
export interface Apache {
  /** What it said of errors. */
  log(): Promise<string>;
  stop(): Promise<void>;
}

/** Starts Apache in the foreground and waits until it answers at its sites, which are free from now on. @throws with its log */
export const startApache = async (
  { folder }: ApacheFolder,
  wanted: readonly string[],
  { sites, configuration }: { sites: readonly HeldSite[]; configuration: string },
): Promise<Apache> => {
  const file = join(folder, 'apache.conf');
  await writeFile(file, frame(folder, wanted) + configuration);
  await Promise.all(sites.map((held) => held.free()));
  const child = spawn(program, ['-f', file, '-DFOREGROUND'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const errors = join(folder, 'error.log');
  const log = async (): Promise<string> => said + (existsSync(errors) ? await readFile(errors, 'utf8') : '');
  for (let tries = 0; ; tries += 1) {
    if ((await Promise.all(sites.map(({ site }) => isApache(site)))).every(Boolean)) break;
    if (child.exitCode !== null || tries === 100) throw new Error(`Apache does not run:\n${await log()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { log, stop: () => stop(child) };
};

const isApache = async (site: string): Promise<boolean> => {
  const answer = await fetch(site, { redirect: 'manual' }).catch(() => undefined);
  return answer?.headers.get('server')?.startsWith('Apache') ?? false;
};

const stop = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
};

const plain = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|#(\d+));/g, (_whole, name: string, code?: string) =>
    code === undefined ? ({ amp: '&', lt: '<', gt: '>', quot: '"' }[name] ?? '') : String.fromCharCode(Number(code)),
  );

/** The variables of a protected page, as an application behind Apache would see them. */
export const variablesOf = (html: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...html.matchAll(/^(?:.*<pre>)?([A-Za-z_][^=\s]*)=(.*)$/gm)].map(([, name = '', value = '']) => [
      name,
      plain(value),
    ]),
  );

